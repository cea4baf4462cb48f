using GradCamSharp.Layers;

namespace GradCamSharp.Checking;

/// <summary>Whether a layer of a model can be explained, and how exact the gradient there is.</summary>
/// <param name="Layer">The layer.</param>
/// <param name="Operators">The operators between the layer and the scores with the number of their nodes, in alphabetical order.</param>
/// <param name="Missing">The operators among them that have no gradient rule, with the names of their nodes.</param>
/// <param name="Explainable">
/// Where rules are missing: the layers behind them that can be explained, in the network's order; else empty.
/// </param>
/// <param name="MaxRelativeError">
/// The largest disagreement found between the gradient and differences of the scores; null where rules are missing or nothing was measured.
/// </param>
/// <param name="Limit">The largest disagreement that passes: more where the operators have kinks, at which differences are inexact.</param>
/// <param name="WithoutRounding">
/// Whether the network quantises behind the layer and was measured with that rounding taken out (scaled, shifted and clipped as before):
/// gradients pass straight through rounding, and differences of a function that rounds say nothing of its slope.
/// </param>
public sealed record GradientReport(
    Layer Layer,
    IReadOnlyDictionary<string, int> Operators,
    IReadOnlyDictionary<string, IReadOnlyList<string>> Missing,
    IReadOnlyList<Layer> Explainable,
    double? MaxRelativeError,
    double Limit,
    bool WithoutRounding = false)
{
    /// <summary>Whether every rule is there and the gradient agrees with the differences.</summary>
    public bool Ok => Missing.Count == 0 && MaxRelativeError <= Limit;
}
