using System.Collections.Immutable;
using GradCamSharp.Imaging;
using GradCamSharp.Methods;
using OnnxGrad;

namespace GradCamSharp.Audit.Effects;

/// <summary>What the network makes of pictures at its input that were changed, some at a time.</summary>
/// <param name="explainer">The model.</param>
/// <param name="method">The method of the audit, whose session predicts too.</param>
/// <param name="cancellationToken">Stops a pass.</param>
internal sealed class InputPasses(PictureExplainer explainer, ExplanationMethod method, CancellationToken cancellationToken)
{
    // Enough to keep the processor's vectors full, and few enough that their activations stay small.
    private const int Together = 8;

    private readonly SharedSession session = explainer.Model.ShareSession([method]);

    /// <summary>The probabilities of all classes: for each picture [C].</summary>
    /// <param name="pictures">The pictures, at the network's input; each is made when it is needed.</param>
    public List<float[]> Probabilities(IEnumerable<Picture> pictures)
    {
        var input = explainer.Model.Input;
        var result = new List<float[]>();
        float[] batch = [];
        foreach (var some in pictures.Chunk(Together))
        {
            int length = some[0].Width * some[0].Height * explainer.Channels;
            if (batch.Length < some.Length * length)
                batch = new float[Together * length];
            for (int i = 0; i < some.Length; i++)
            {
                var whole = new Geometry(some[i].Size, some[i].Size, new PixelBox(0, 0, some[i].Width, some[i].Height));
                new PreparedPicture(some[i], whole, explainer.Preprocessing)
                    .WriteTo(batch.AsSpan(i * length, length), explainer.Channels, input.IsChannelsLast);
            }

            var shape = new Shape([some.Length, .. input.Shape.Slice(1, input.Shape.Rank - 1)]);
            result.AddRange(session.Predict(batch.AsMemory(0, some.Length * length), shape, cancellationToken).Select(Probabilities));
        }

        return result;
    }

    private float[] Probabilities(ImmutableArray<float> scores)
    {
        float[] probabilities = new float[scores.Length];
        explainer.Model.Score.Probabilities(scores.AsSpan(), probabilities);
        return probabilities;
    }
}
