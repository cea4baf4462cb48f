using System.Numerics.Tensors;
using GradCamSharp.Imaging;
using GradCamSharp.Methods;
using OnnxGrad;

namespace GradCamSharp.Output;

/// <summary>What tables, reports and JSON documents say of one map.</summary>
/// <param name="Method">The method.</param>
/// <param name="Class">The class explained.</param>
/// <param name="Label">Its name.</param>
/// <param name="Shape">The raw map's shape.</param>
/// <param name="Minimum">The raw map's smallest value.</param>
/// <param name="Maximum">Its largest value.</param>
/// <param name="IsEmpty">Whether there is no evidence for the class.</param>
/// <param name="Box">The largest connected part above half of the maximum, in the original picture's pixels; null without one.</param>
public sealed record ExplanationSummary(
    ExplanationMethod Method, long Class, string Label, Shape Shape, float Minimum, float Maximum, bool IsEmpty, PixelBox? Box)
{
    /// <summary>
    /// Of a map that should sum to a change of the score: by how much it does not, as a share of its magnitudes' sum; null of others.
    /// </summary>
    public double? Residual { get; init; }

    /// <summary>Summarises an explanation.</summary>
    /// <param name="explanation">The explanation.</param>
    public static ExplanationSummary Of(Explanation explanation)
    {
        ArgumentNullException.ThrowIfNull(explanation);
        return new ExplanationSummary(
            explanation.Method, explanation.Class, explanation.Label, explanation.Shape,
            TensorPrimitives.Min(explanation.Raw.Span), TensorPrimitives.Max(explanation.Raw.Span),
            explanation.HeatMap.IsEmpty, explanation.HeatMap.LargestPart())
        {
            Residual = explanation.Residual,
        };
    }
}
