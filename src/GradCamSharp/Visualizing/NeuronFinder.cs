using GradCamSharp.Imaging;
using GradCamSharp.Layers;
using GradCamSharp.Methods;
using GradCamSharp.Targets;
using OnnxGrad;

namespace GradCamSharp.Visualizing;

/// <summary>
/// Finds the channels that carry a decision, and what in the picture excites each most (after Konam, and Yosinski et al.).
/// </summary>
public static class NeuronFinder
{
    private static readonly LayerActivationMethod Activation = new();
    private static readonly LayerGradientMethod Gradient = new();

    /// <summary>Finds them.</summary>
    /// <param name="explainer">The network.</param>
    /// <param name="picture">The picture.</param>
    /// <param name="class">The class.</param>
    /// <param name="layer">The layer; null for the explainer's own.</param>
    /// <param name="count">How many channels at most, from 1.</param>
    /// <param name="cancellationToken">Stops the run.</param>
    /// <exception cref="ModelException">There is no such class, or the layer's maps have not two axes.</exception>
    public static NeuronReport Find(
        PictureExplainer explainer, Picture picture, ClassRequest @class, Layer? layer = null, int count = 10,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(explainer);
        ArgumentNullException.ThrowIfNull(picture);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        layer ??= explainer.Model.Layer;
        var prepared = explainer.Preprocessing.Prepare(picture);
        var (input, shape) = explainer.InputOf(prepared);
        var found = explainer.Model.Explain(input, shape, [Activation, Gradient], [@class], layer, cancellationToken);
        var size = found.Maps[Activation].Shape;
        if (size.Rank != 5)
            throw new ModelException($"The layer '{layer.Name}' has maps of {size.Slice(3, size.Rank - 3)}; patches need two axes.");
        int channels = (int)size[2], height = (int)size[3], width = (int)size[4], positions = height * width;
        float[] a = found.Maps[Activation][0, 0].ToArray(), g = found.Maps[Gradient][0, 0].ToArray();
        double[] contributions = new double[channels];
        for (int i = 0; i < a.Length; i++)
            contributions[i / positions] += (double)g[i] * a[i];
        double whole = contributions.Sum(Math.Abs);
        var decision = explainer.Predict(found.Scores[0].AsSpan(), (int)explainer.Model.ClassCount)
            .First(p => p.Index == found.Classes[0][0]);
        return new NeuronReport(decision, layer, [.. Enumerable.Range(0, channels)
            .OrderByDescending(k => contributions[k]).ThenBy(k => k).Take(count).Select(k =>
            {
                float[] channel = a[(k * positions)..((k + 1) * positions)];
                var cells = Excited(channel, height, width);
                return new Neuron(
                    k, contributions[k], whole > 0 ? contributions[k] / whole : 0, channel.Max(),
                    OnPicture(cells, height, width, prepared.Geometry),
                    HeatMap.FromRaw([.. channel.Select(v => Math.Max(0, v))], height, width, prepared.Geometry));
            })]);
    }

    /// <summary>The box of the cells that are connected along their sides with the strongest and have at least half its value.</summary>
    private static PixelBox Excited(float[] channel, int height, int width)
    {
        int strongest = Array.IndexOf(channel, channel.Max());
        var seen = new HashSet<int> { strongest };
        var next = new Queue<int>(seen);
        int left = width, right = 0, top = height, bottom = 0;
        while (next.TryDequeue(out int cell))
        {
            int x = cell % width, y = cell / width;
            (left, right, top, bottom) = (Math.Min(left, x), Math.Max(right, x), Math.Min(top, y), Math.Max(bottom, y));
            foreach (var (ox, oy) in (ReadOnlySpan<(int, int)>)[(x - 1, y), (x + 1, y), (x, y - 1), (x, y + 1)])
            {
                int other = (oy * width) + ox;
                if (ox >= 0 && ox < width && oy >= 0 && oy < height && channel[other] > 0
                    && channel[other] >= channel[strongest] / 2 && seen.Add(other))
                {
                    next.Enqueue(other);
                }
            }
        }

        return new PixelBox(left, top, right - left + 1, bottom - top + 1);
    }

    private static PixelBox OnPicture(PixelBox cells, int height, int width, Geometry geometry)
    {
        var (size, resized, crop) = geometry;
        int left = Place(cells.X, width, crop.Width, crop.X, resized.Width, size.Width);
        int right = Place(cells.X + cells.Width, width, crop.Width, crop.X, resized.Width, size.Width);
        int top = Place(cells.Y, height, crop.Height, crop.Y, resized.Height, size.Height);
        int bottom = Place(cells.Y + cells.Height, height, crop.Height, crop.Y, resized.Height, size.Height);
        left = Math.Min(left, size.Width - 1);
        top = Math.Min(top, size.Height - 1);
        return new PixelBox(left, top, Math.Max(1, right - left), Math.Max(1, bottom - top));
    }

    private static int Place(int cell, int cells, int crop, int offset, int resized, int original) => (int)Math.Clamp(
        Math.Round((offset + (cell * (double)crop / cells)) * original / resized), 0, original);
}

/// <summary>The layer's values, [N, K, spatial...].</summary>
internal sealed record LayerActivationMethod : GraphMethod
{
    public override string Name => "layer-activation";

    public override string Title => "Layer activation";

    public override string Equation => "A";

    public override string Summary => "The layer's values, channels first.";

    public override MethodFamily Family => MethodFamily.Concept;

    public override string Cost => "F up to the layer";

    public override Tensor Map(MapContext context) => context.Activation;
}
