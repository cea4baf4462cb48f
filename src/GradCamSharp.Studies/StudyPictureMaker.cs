using System.Security.Cryptography;
using System.Text;
using GradCamSharp.Evaluation.DataSets;
using GradCamSharp.Imaging;
using GradCamSharp.Methods;
using GradCamSharp.Output;
using GradCamSharp.Targets;

namespace GradCamSharp.Studies;

/// <summary>Makes what participants see of a picture: the picture at the network's input and its explanation maps by two methods.</summary>
/// <remarks>It may be used by several threads at once.</remarks>
/// <param name="explainer">The model.</param>
/// <param name="mapping">Which of the model's classes a class of the data set is.</param>
/// <param name="methods">The two methods.</param>
/// <param name="folder">Where the files go.</param>
/// <param name="seed">The study's seed.</param>
/// <param name="model">The model's SHA-256.</param>
internal sealed class StudyPictureMaker(
    PictureExplainer explainer, ClassMapping mapping, IReadOnlyList<ExplanationMethod> methods, string folder, long seed, string model)
{
    /// <summary>Explains a picture for a class, and writes the three files.</summary>
    /// <param name="class">The class that is asked about; one of the model's or more.</param>
    /// <param name="source">The picture.</param>
    /// <returns>The picture, without an id.</returns>
    /// <exception cref="PictureException">The picture cannot be read.</exception>
    /// <exception cref="InvalidDataException">What the model makes of it is not finite.</exception>
    /// <exception cref="IOException">A file cannot be written.</exception>
    public StudyPicture Make(StudyClass @class, DataSetPicture source)
    {
        var picture = PictureDecoder.Decode(source.Path);
        var indices = mapping.IndicesOf(@class.DataSetName);
        var request = indices.Count == 1 ? ClassRequest.Index(indices[0]) : ClassRequest.Top1;
        var result = explainer.Explain(picture, methods, [request]);
        float[] scores = result.Batch.Scores[0].ToArray();
        int wanted = indices.MaxBy(i => scores[i]);
        if (result.Explanations[0].Class != wanted)
            result = explainer.Explain(picture, methods, [ClassRequest.Index(wanted)]);
        float[] probabilities = new float[scores.Length];
        explainer.Model.Score.Probabilities(scores, probabilities);
        if (!float.IsFinite(probabilities[wanted]))
            throw new InvalidDataException($"{source.Id}: the model's probabilities are not finite numbers. Check its weights.");

        var input = result.Prepared.Input;
        string original = Save(input, source, @class, "original");
        string[] maps = [.. result.Explanations.Select(e => Save(Masked(input, e.HeatMap.AtInput.Span), source, @class, e.Method.Name))];
        return new StudyPicture(
            "", @class.Name, source.Id, wanted, explainer.Labels[wanted], probabilities[wanted], result.Predictions[0].Index,
            original, maps[0], maps[1], [.. result.Explanations.Where(e => e.HeatMap.IsEmpty).Select(e => e.Method.Name)]);
    }

    private static Picture Masked(Picture input, ReadOnlySpan<float> map)
    {
        byte[] pixels = input.Pixels.ToArray();
        for (int i = 0; i < pixels.Length; i++)
            pixels[i] = (byte)((pixels[i] * map[i / 3]) + 0.5f);
        return new Picture(input.Width, input.Height, pixels);
    }

    // The name is a hash: it tells neither the method nor which pictures belong together.
    private string Save(Picture picture, DataSetPicture source, StudyClass @class, string what)
    {
        string secret = FormattableString.Invariant($"{seed}\n{source.Id}\n{@class.DataSetName}\n{what}\n{model}");
        string name = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(secret)).AsSpan(0, 12)) + ".png";
        AtomicFile.Write(Path.Combine(folder, name), stream => PictureEncoder.WritePng(picture, stream));
        return name;
    }
}
