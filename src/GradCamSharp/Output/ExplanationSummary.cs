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
internal sealed record ExplanationSummary(
    ExplanationMethod Method, long Class, string Label, Shape Shape, float Minimum, float Maximum, bool IsEmpty, PixelBox? Box)
{
    public static ExplanationSummary Of(Explanation explanation) => new(
        explanation.Method, explanation.Class, explanation.Label, explanation.Shape, explanation.Raw.Min(), explanation.Raw.Max(),
        explanation.HeatMap.IsEmpty, explanation.HeatMap.LargestPart());
}
