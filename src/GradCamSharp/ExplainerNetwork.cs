using System.Collections.Immutable;
using GradCamSharp.Layers;
using GradCamSharp.Methods;
using GradCamSharp.Runs;
using GradCamSharp.Runtime;
using GradCamSharp.Targets;
using OnnxGrad;

namespace GradCamSharp;

/// <summary>An explainer as the engine of runs sees it, at one layer.</summary>
internal sealed class ExplainerNetwork(Explainer explainer, Layer layer) : Network
{
    public override ScoreHead Head => explainer.Score;

    public override bool IsChannelsLast => explainer.Input.IsChannelsLast;

    public override IProgress<RunProgress>? Progress => explainer.Options.Progress;

    public override MapBatch Explain(
        Memory<float> batch, Shape shape, IReadOnlyList<ExplanationMethod> methods, IReadOnlyList<ClassRequest> classes,
        CancellationToken cancellationToken) => explainer.Explain(batch, shape, methods, classes, layer, cancellationToken);

    public override IReadOnlyList<ImmutableArray<float>> Predict(Memory<float> batch, Shape shape, CancellationToken cancellationToken) =>
        explainer.Predict(batch, shape, cancellationToken);

    public override Tail Tail(Shape shape) => explainer.Tail(shape, layer);

    public override Layer LayerAt(Shape shape) => explainer.LayerAt(shape, layer);
}
