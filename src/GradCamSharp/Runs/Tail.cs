using GradCamSharp.Analysis;
using GradCamSharp.Layers;
using GradCamSharp.Methods;
using GradCamSharp.Runtime;

namespace GradCamSharp.Runs;

/// <summary>
/// What is behind a layer, and the shortest way from a changed layer to the scores: none at all where they are a sum over the layer's
/// values or over the maps of the classes, the part behind the pooling where that comes first, else the whole part behind the layer.
/// </summary>
internal sealed class Tail : IDisposable
{
    private readonly Lock gate = new();
    private readonly Lazy<TailRunner> behindLayer;
    private readonly Lazy<TailRunner>? behindPooling;
    private (float[] Weights, float[] Bias)? mapWeights;
    private bool isDisposed;

    /// <param name="analysis">The model at one input shape.</param>
    /// <param name="layer">The layer, as it is at that shape.</param>
    /// <param name="device">Where it runs.</param>
    public Tail(ModelAnalysis analysis, Layer layer, ComputeDevice device)
    {
        IsLinear = TailForm.IsLinear(analysis, layer.Name);
        MapHead = MapHead.Find(analysis, layer.Name);
        behindLayer = new Lazy<TailRunner>(() => new TailRunner(analysis, layer.Name, device));
        if (TailForm.PooledValue(analysis, layer) is { } pooled)
            behindPooling = new Lazy<TailRunner>(() => new TailRunner(analysis, pooled, device, PooledClassifier.Find(analysis, pooled)));
        Needs = IsLinear ? [new LayerGradientMethod()] : MapHead is { } head ? [new GraphValueMethod(head.Output)] : [];
    }

    /// <summary>Whether the scores are a linear function of the layer's values, plus a constant.</summary>
    public bool IsLinear { get; }

    /// <summary>The head right behind the layer whose classes have maps of their own; null for other ends.</summary>
    public MapHead? MapHead { get; }

    /// <summary>Whether the layer is read by its mean over positions alone: then changed means are all that has to run.</summary>
    public bool IsPooled => behindPooling is not null;

    /// <summary>What the first run has to answer with beside the layer's values, so that the scores need no run of their own.</summary>
    public IReadOnlyList<GraphMethod> Needs { get; }

    /// <summary>The part behind the layer.</summary>
    public TailRunner BehindLayer => Value(behindLayer);

    /// <summary>The part behind the pooling of the layer.</summary>
    public TailRunner BehindPooling => Value(behindPooling ?? throw new InvalidOperationException("The layer is not pooled."));

    /// <summary>The weights and the bias of <see cref="MapHead"/>, read once.</summary>
    /// <param name="read">Reads them.</param>
    public (float[] Weights, float[] Bias) MapWeights(Func<(float[] Weights, float[] Bias)> read)
    {
        lock (gate)
            return mapWeights ??= read();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (gate)
        {
            isDisposed = true;
            foreach (var part in (Lazy<TailRunner>?[])[behindLayer, behindPooling])
            {
                if (part is { IsValueCreated: true })
                    part.Value.Dispose();
            }
        }
    }

    private TailRunner Value(Lazy<TailRunner> part)
    {
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(isDisposed, this);
            return part.Value;
        }
    }
}
