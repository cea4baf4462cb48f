using System.Collections.Immutable;
using GradCamSharp.Layers;
using GradCamSharp.Methods;
using GradCamSharp.Runtime;
using GradCamSharp.Targets;
using OnnxGrad;

namespace GradCamSharp.Runs;

/// <summary>The network as the engine of runs needs it: what an explainer does with batches.</summary>
internal abstract class Network
{
    /// <summary>Scores, classes and the maps of methods of the graph.</summary>
    public abstract MapBatch Explain(
        Memory<float> batch, Shape shape, IReadOnlyList<ExplanationMethod> methods, IReadOnlyList<ClassRequest> classes,
        CancellationToken cancellationToken);

    /// <summary>The scores of a batch, [N][C].</summary>
    public abstract IReadOnlyList<ImmutableArray<float>> Predict(Memory<float> batch, Shape shape, CancellationToken cancellationToken);

    /// <summary>The part behind the layer at an input shape.</summary>
    public abstract Tail Tail(Shape shape);

    /// <summary>What makes probabilities of the scores.</summary>
    public abstract ScoreHead Head { get; }

    /// <summary>The layer that is explained, as it is at the input's shape.</summary>
    public abstract Layer LayerAt(Shape shape);

    /// <summary>Whether inputs have their channels last.</summary>
    public abstract bool IsChannelsLast { get; }

    /// <summary>Is told how far each step is; null where nobody asks.</summary>
    public abstract IProgress<RunProgress>? Progress { get; }
}
