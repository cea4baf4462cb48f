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
    /// <summary>What is explained and the number that stands for it; null where a class is all that is said.</summary>
    public TargetSummary? Target { get; init; }

    /// <summary>Summarises an explanation of a target.</summary>
    /// <param name="explanation">The explanation.</param>
    /// <param name="label">The name of its class, or the target itself.</param>
    /// <param name="heatMap">The map on its picture; null of a tensor.</param>
    public static ExplanationSummary Of(TargetExplanation explanation, string label, HeatMap? heatMap)
    {
        ArgumentNullException.ThrowIfNull(explanation);
        var target = explanation is { Target: Targets.ClassTarget one, Class: { } index }
            ? one with { Class = Targets.Choice.At(index) } : explanation.Target;
        return Of(explanation.Method, explanation.Class ?? -1, label, explanation.Shape, explanation.Raw.Span, heatMap) with
        {
            Residual = explanation.Residual,
            Account = explanation.Account,
            Note = explanation.Note,
            StandardError = explanation.StandardError,
            Target = new TargetSummary(explanation.Target.Spec, target.Slug, explanation.Score, explanation.Words, explanation.Layers),
        };
    }

    /// <summary>
    /// Of a map that should sum to a change of the score: by how much it does not, as a share of its magnitudes' sum; null of others.
    /// </summary>
    public double? Residual { get; init; }

    /// <summary>Of a method that shares out the score: where it went; null of others.</summary>
    public RelevanceAccount? Account { get; init; }

    /// <summary>What the method has to say of its map of this model; null where it says nothing.</summary>
    public string? Note { get; init; }

    /// <summary>Of a mean over random masks its standard error, in the map's own unit; null of others.</summary>
    public double? StandardError { get; init; }

    /// <summary>Summarises an explanation.</summary>
    /// <param name="explanation">The explanation.</param>
    public static ExplanationSummary Of(Explanation explanation)
    {
        ArgumentNullException.ThrowIfNull(explanation);
        return Of(
            explanation.Method, explanation.Class, explanation.Label, explanation.Shape, explanation.Raw.Span, explanation.HeatMap) with
        {
            Residual = explanation.Residual,
            Account = explanation.Account,
            Note = explanation.Note,
            StandardError = explanation.StandardError,
        };
    }

    /// <summary>Summarises a map.</summary>
    /// <param name="method">The method.</param>
    /// <param name="class">The class explained; -1 where a target names none.</param>
    /// <param name="label">Its name.</param>
    /// <param name="shape">The raw map's shape.</param>
    /// <param name="raw">The raw map.</param>
    /// <param name="heatMap">The map on its picture; null of a tensor.</param>
    public static ExplanationSummary Of(
        ExplanationMethod method, long @class, string label, Shape shape, ReadOnlySpan<float> raw, HeatMap? heatMap)
    {
        ArgumentNullException.ThrowIfNull(method);
        float largest = TensorPrimitives.Max(raw);
        bool isEmpty = heatMap?.IsEmpty ?? (method.IsPixelSpace ? !raw.ContainsAnyExcept(0f) : !(largest > 0));
        return new ExplanationSummary(
            method, @class, label, shape, TensorPrimitives.Min(raw), largest, isEmpty, heatMap?.LargestPart());
    }
}
