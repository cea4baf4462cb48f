using GradCamSharp.Methods;

namespace GradCamSharp.Web.Serving;

/// <summary>A method.</summary>
/// <param name="Name">What requests call it.</param>
/// <param name="Title">What people call it.</param>
/// <param name="Family">Which methods it belongs with: cam, gradient, perturbation, concept.</param>
/// <param name="Equation">Its equation.</param>
/// <param name="Summary">What it is, in a sentence or two.</param>
/// <param name="Cost">What a map costs in passes: F forward, B backward, H forward behind the layer.</param>
/// <param name="Kind">What it needs: one run of the graph, tail runs, or whole runs.</param>
/// <param name="PixelSpace">Whether its maps are values at the network's input.</param>
/// <param name="Signed">Whether its maps' negative values speak against what is explained.</param>
/// <param name="Targets">Whether it explains targets beside a classifier's classes.</param>
/// <param name="Peers">Which other tools compute something else under this name.</param>
/// <param name="Parameters">What can be set.</param>
internal sealed record MethodDocument(
    string Name, string Title, string Family, string Equation, string Summary, string Cost, string Kind, bool PixelSpace, bool Signed,
    bool Targets, string Peers, IReadOnlyList<ParameterDocument> Parameters)
{
    public static MethodDocument Of(ExplanationMethod m) => new(
        m.Name, m.Title, m.Family.ToString().ToLowerInvariant(), m.Equation, m.Summary, m.Cost,
        m switch { GraphMethod => "graph", TailRunMethod => "tail runs", _ => "whole runs" }, m.IsPixelSpace, m.ShowsPositivePart,
        m is GraphMethod || (m is WholeRunMethod && m.Family == MethodFamily.Perturbation), m.Peers,
        [.. m.Parameters.Select(p => new ParameterDocument(
            p.Name, p.TextOf(m), p.Range, p.Meaning, p.Choices, p.Bounds is { } b ? [b.Least, b.Most] : null, p.IsWhole, p.Word))]);
}

/// <summary>A parameter of a method.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Default">Its value where none is set.</param>
/// <param name="Range">Which texts it takes, in words.</param>
/// <param name="Meaning">What it does.</param>
/// <param name="Choices">The texts that it takes, where these are few.</param>
/// <param name="Bounds">The least and the largest number that it takes; null where it takes no single numbers.</param>
/// <param name="Whole">Whether it takes whole numbers alone.</param>
/// <param name="Word">The word that it takes in place of a number.</param>
internal sealed record ParameterDocument(
    string Name, string Default, string Range, string Meaning, IReadOnlyList<string> Choices, IReadOnlyList<double>? Bounds, bool Whole,
    string? Word);
