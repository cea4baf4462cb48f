using System.Diagnostics;
using GradCamSharp.Analysis;
using GradCamSharp.Layers;
using OnnxGrad;

namespace GradCamSharp.Checking;

/// <summary>
/// Checks on the user's own model that a layer can be explained: are there rules for all operators, and is the gradient right?
/// </summary>
public static class GradientSelfTest
{
    /// <summary>The error that passes where all operators are smooth, and where some have kinks.</summary>
    internal const double SmoothLimit = 1e-2, KinkedLimit = 3e-2;

    private const int ClassCount = 3;

    // One layer is worth three directions; where all are checked, each is confirmed by its neighbours.
    private const int Directions = 3, DirectionsOfMany = 1;

    /// <summary>Checks the explainer's layer.</summary>
    /// <param name="explainer">The model.</param>
    /// <param name="input">
    /// One input as the model takes it, <see cref="Analysis.ModelInput.Shape"/> with a batch of 1; null for seeded
    /// noise of mean 0 and standard deviation 1.
    /// </param>
    /// <param name="cancellationToken">Stops the check.</param>
    /// <exception cref="ModelException">The model cannot be run.</exception>
    public static GradientReport Run(
        Explainer explainer, ReadOnlyMemory<float>? input = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(explainer);
        return Run(explainer, explainer.Layer, Directions, input, cancellationToken);
    }

    /// <summary>Checks every layer that can be explained, in the network's order.</summary>
    /// <inheritdoc cref="Run(Explainer, ReadOnlyMemory{float}?, CancellationToken)"/>
    public static IEnumerable<GradientReport> RunAll(
        Explainer explainer, ReadOnlyMemory<float>? input = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(explainer);
        return explainer.FindLayers().Select(layer => Run(explainer, layer, DirectionsOfMany, input, cancellationToken));
    }

    /// <summary>About how long <see cref="RunAll"/> will take, by one run at the first layer, whose gradient has the longest way.</summary>
    /// <returns>Zero where no layer can be checked.</returns>
    /// <inheritdoc cref="Run(Explainer, ReadOnlyMemory{float}?, CancellationToken)"/>
    public static TimeSpan Estimate(
        Explainer explainer, ReadOnlyMemory<float>? input = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(explainer);
        var layers = explainer.FindLayers();
        if (layers.FirstOrDefault(l => Path(explainer.Analysis, l.Name).Missing.Count == 0) is not { } first)
            return TimeSpan.Zero;
        cancellationToken.ThrowIfCancellationRequested();
        var clock = Stopwatch.StartNew();
        using var probe = new LayerProbe(explainer.Analysis, first, explainer.Device, input ?? Noise(explainer.Analysis.Input.Shape));
        var opened = clock.Elapsed;
        cancellationToken.ThrowIfCancellationRequested();
        probe.Run(probe.Activation, probe.MostProbable(ClassCount));
        return (opened + (LineIntegral.FewestRuns * DirectionsOfMany * (clock.Elapsed - opened))) * layers.Count;
    }

    /// <summary>
    /// Looks for rules alone: which operators lie between a layer and the scores, and which of them cannot be differentiated.
    /// </summary>
    /// <param name="explainer">The model.</param>
    /// <param name="layer">One of its layers.</param>
    /// <returns>A report without an error measured.</returns>
    public static GradientReport Coverage(Explainer explainer, Layer layer)
    {
        ArgumentNullException.ThrowIfNull(explainer);
        ArgumentNullException.ThrowIfNull(layer);
        var analysis = explainer.Analysis;
        var path = Path(analysis, layer.Name);
        var registry = analysis.Model.Operators;
        var operators = path.Nodes.CountBy(n => n.QualifiedOperator).OrderBy(c => c.Key, StringComparer.Ordinal).ToDictionary();
        var missing = path.Missing.GroupBy(n => n.QualifiedOperator).OrderBy(g => g.Key, StringComparer.Ordinal)
            .ToDictionary(g => g.Key, IReadOnlyList<string> (g) => [.. g.Select(n => n.Name)]);
        IReadOnlyList<Layer> explainable = missing.Count == 0
            ? []
            : [.. explainer.FindLayers().Where(c => Path(analysis, c.Name).Missing.Count == 0)];
        return new GradientReport(
            layer, operators, missing, explainable, null,
            path.Nodes.Any(n => registry.Has(n, OperatorProperties.HasKinks)) ? KinkedLimit : SmoothLimit);
    }

    private static GradientReport Run(
        Explainer explainer, Layer layer, int directions, ReadOnlyMemory<float>? input, CancellationToken cancellationToken)
    {
        var report = Coverage(explainer, layer);
        if (report.Missing.Count > 0)
            return report;
        var analysis = explainer.Analysis;
        using var probe = new LayerProbe(analysis, layer, explainer.Device, input ?? Noise(analysis.Input.Shape));
        double error = LineIntegral.LargestError(
            probe.Activation, probe.MostProbable(ClassCount), directions, report.Limit, probe.Run, cancellationToken);
        return report with { WithoutRounding = probe.IsUnrounded, MaxRelativeError = error };
    }

    private static DifferentiationPath Path(ModelAnalysis analysis, string layer) =>
        DifferentiationPath.Between(analysis.Model.Graph, [layer], analysis.Score.Value, analysis.Model.Operators);

    private static float[] Noise(Shape shape) =>
        LineIntegral.Gaussian(new Random(Seed: 2), checked((int)shape.With(0, shape[0].GetValueOrDefault(1)).Size), 1);
}
