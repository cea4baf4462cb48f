using System.Collections.Immutable;
using GradCamSharp.Imaging;
using GradCamSharp.Layers;
using GradCamSharp.Methods;
using GradCamSharp.Targets;
using OnnxGrad;

namespace GradCamSharp.Evaluation.Experiments.Trust.Measuring;

/// <summary>Writes one of several inputs, as planes: [C, H, W].</summary>
internal delegate void InputWriter(int item, Span<float> planes);

/// <summary>The maps of several inputs.</summary>
/// <param name="Maps">For each method of the run [input][class]; null of a baseline.</param>
/// <param name="Scores">For each input the class scores.</param>
/// <param name="Classes">For each input the classes.</param>
internal sealed record PassMaps(
    IReadOnlyList<HeatMap[][]?> Maps, IReadOnlyList<ImmutableArray<float>> Scores, IReadOnlyList<ImmutableArray<long>> Classes);

/// <summary>
/// A network's passes over inputs that measures make, some at a time: predictions, and the maps of all methods at all their layers.
/// </summary>
/// <remarks>It keeps its buffers; it serves one thread at a time.</remarks>
internal sealed class Passes
{
    // Enough to keep the processor's vectors full, and few enough that their activations stay small.
    private const int Together = 8;

    private readonly Explainer explainer;
    private readonly MeasuredMethods methods;
    private readonly List<(Layer Layer, int[] Places, ExplanationMethod[] Methods, SharedSession? Shared)> layers = [];
    private readonly CancellationToken cancellationToken;
    private readonly int channels;
    private readonly float[] planes, batch;

    /// <param name="explainer">The network.</param>
    /// <param name="methods">The methods, and their layers.</param>
    /// <param name="cancellationToken">Stops a pass.</param>
    /// <exception cref="ModelException">A layer does not exist, or the network takes no pictures.</exception>
    public Passes(Explainer explainer, MeasuredMethods methods, CancellationToken cancellationToken)
    {
        (this.explainer, this.methods, this.cancellationToken) = (explainer, methods, cancellationToken);
        var spatial = explainer.Input.Spatial;
        if (spatial.Rank != 2)
            throw new ModelException($"'{explainer.ModelName}' takes {explainer.Input.Shape}; measures change pictures of two axes.");
        Size = new PixelSize((int)spatial[1], (int)spatial[0]);
        channels = (int)explainer.Input.Channels;
        Length = channels * Size.Width * Size.Height;
        planes = new float[Length];
        batch = new float[Together * Length];
        foreach (var group in methods.All.Index().Where(m => m.Item.Method is not null).GroupBy(m => m.Item.Layer))
        {
            var own = group.Select(m => m.Item.Method!).ToArray();
            var layer = group.Key is { } named ? explainer.FindLayer(named) : explainer.Layer;
            layers.Add((layer, [.. group.Select(m => m.Index)], own, layer == explainer.Layer ? explainer.ShareSession(own) : null));
        }
    }

    /// <summary>The inputs' width and height.</summary>
    public PixelSize Size { get; }

    /// <summary>The number of channels.</summary>
    public int Channels => channels;

    /// <summary>The number of values of one input.</summary>
    public int Length { get; }

    /// <summary>The class scores of inputs.</summary>
    /// <param name="count">How many there are.</param>
    /// <param name="write">Writes them, one after the other.</param>
    /// <param name="what">What they are, for the message where a score is not finite.</param>
    /// <exception cref="InvalidDataException">A score is not finite.</exception>
    public IReadOnlyList<ImmutableArray<float>> Predict(int count, InputWriter write, string what)
    {
        var scores = new List<ImmutableArray<float>>(count);
        for (int first = 0; first < count; first += Together)
        {
            var (input, shape) = Write(first, Math.Min(Together, count - first), write);
            scores.AddRange(layers[0].Shared is { } shared
                ? shared.Predict(input, shape, cancellationToken) : explainer.Predict(input, shape, cancellationToken));
        }

        PictureMeasure.ThrowUnlessFinite(scores, what);
        return scores;
    }

    /// <summary>The maps of inputs.</summary>
    /// <param name="network">The network, or one of its randomised ones.</param>
    /// <param name="count">How many inputs there are.</param>
    /// <param name="write">Writes them, one after the other.</param>
    /// <param name="classes">The classes.</param>
    /// <param name="geometry">Where the inputs lie in the picture; null where their maps stay at the network's input.</param>
    /// <param name="only">The only method whose maps are wanted; null for all.</param>
    /// <exception cref="InvalidDataException">A score or a map is not finite.</exception>
    public PassMaps Explain(
        Explainer network, int count, InputWriter write, IReadOnlyList<ClassRequest> classes, Geometry? geometry = null, int? only = null)
    {
        var place = geometry ?? new Geometry(Size, Size, new PixelBox(0, 0, Size.Width, Size.Height));
        var maps = methods.All.Select(m => m.Method is null ? null : new HeatMap[count][]).ToArray();
        var scores = new List<ImmutableArray<float>>(count);
        var found = new List<ImmutableArray<long>>(count);
        for (int first = 0; first < count; first += Together)
        {
            int some = Math.Min(Together, count - first);
            var (input, shape) = Write(first, some, write);
            foreach (var (layer, places, own, shared) in layers)
            {
                if (only is { } one && !places.Contains(one))
                    continue;
                var wanted = only is { } alone ? [methods.All[alone].Method!] : own;
                var answer = shared is not null && network == explainer && classes.Count == 1 && only is null
                    ? shared.Explain(input, shape, classes, cancellationToken)
                    : network.Explain(input, shape, wanted, classes, layer, cancellationToken);
                if (scores.Count == first)
                {
                    scores.AddRange(answer.Scores);
                    found.AddRange(answer.Classes);
                }

                foreach (int m in only is { } single ? [single] : places)
                {
                    var method = methods.All[m].Method!;
                    for (int i = 0; i < some; i++)
                    {
                        maps[m]![first + i] = [.. Enumerable.Range(0, classes.Count)
                            .Select(c => MeasuredMethods.FromRaw(method, answer.Maps[method], i, c, Size, place))];
                    }
                }
            }
        }

        PictureMeasure.ThrowUnlessFinite(scores, "what was made of the picture");
        return new PassMaps(maps, scores, found);
    }

    /// <summary>An input in the network's layout as planes.</summary>
    public float[] ToPlanes(ReadOnlySpan<float> input)
    {
        float[] result = input.ToArray();
        if (explainer.Input.IsChannelsLast)
            Transpose(input, result, channels, Size.Width * Size.Height, toPlanes: true);
        return result;
    }

    private (Memory<float> Input, Shape Shape) Write(int first, int count, InputWriter write)
    {
        bool isLast = explainer.Input.IsChannelsLast;
        for (int i = 0; i < count; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var target = batch.AsSpan(i * Length, Length);
            write(first + i, isLast ? planes : target);
            if (isLast)
                Transpose(planes, target, channels, Size.Width * Size.Height, toPlanes: false);
        }

        var shape = isLast
            ? new Shape(count, Size.Height, Size.Width, channels) : new Shape(count, channels, Size.Height, Size.Width);
        return (batch.AsMemory(0, count * Length), shape);
    }

    private static void Transpose(ReadOnlySpan<float> from, Span<float> to, int channels, int pixels, bool toPlanes)
    {
        for (int c = 0; c < channels; c++)
        {
            for (int i = 0; i < pixels; i++)
            {
                int plane = (c * pixels) + i, last = (i * channels) + c;
                if (toPlanes)
                    to[plane] = from[last];
                else
                    to[last] = from[plane];
            }
        }
    }
}
