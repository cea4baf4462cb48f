using System.Collections.Immutable;

namespace GradCamSharp.Heads;

/// <summary>Which outputs hold a detector's boxes and scores, as a user says it where the model is not recognised.</summary>
/// <param name="Boxes">The output of boxes: [N, A, 4], [A, 4] or [N, 4, A].</param>
/// <param name="Coding">How a box is written.</param>
/// <param name="IsNormalized">Whether boxes are shares of the network's input, from 0 to 1; else its pixels.</param>
/// <param name="Scores">The output of scores: [N, A, C], [N, C, A], [N, A], [A, C] or [A].</param>
/// <param name="Squashing">What makes probabilities of the scores.</param>
/// <param name="Objectness">The output that says how sure the model is of an object at all, [N, A] or [N, A, 1]; null without one.</param>
/// <param name="Classes">The output of each row's class, where the model has chosen; null where scores are those of all classes.</param>
/// <param name="Masks">
/// The output of masks: with prototypes each box's coefficients, [N, A, M] or [N, M, A]; else a mask a box, [N, A, h, w] over the network's
/// input or [A, 1, h, w] over the box. Null without masks.
/// </param>
/// <param name="Prototypes">The output of the prototypes that masks are mixed from, [N, M, h, w]; null without any.</param>
public sealed record OutputRoles(
    string Boxes, BoxCoding Coding, bool IsNormalized, string Scores, ScoreSquashing Squashing, string? Objectness = null,
        string? Classes = null, string? Masks = null, string? Prototypes = null)
{
    private static readonly ImmutableArray<string> Roles = ["boxes", "scores", "objectness", "classes", "masks", "prototypes"];

    /// <summary>Reads <c>boxes=NAME:xyxy, scores=NAME:sigmoid</c>.</summary>
    /// <param name="text">
    /// A comma list: <c>boxes=NAME:xyxy|xywh|yxyx[/norm]</c> (xywh is centre, width and height), <c>scores=NAME[:sigmoid|softmax|raw]</c>,
    /// <c>objectness=NAME</c>, <c>classes=NAME</c>, <c>masks=NAME</c>, <c>prototypes=NAME</c>.
    /// </param>
    /// <exception cref="ArgumentException">It is something else; the message says what.</exception>
    public static OutputRoles Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var given = new Dictionary<string, (string Name, string? Form)>(StringComparer.OrdinalIgnoreCase);
        foreach (string part in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            int equals = part.IndexOf('=', StringComparison.Ordinal);
            string role = equals > 0 ? part[..equals].Trim() : "";
            if (!Roles.Contains(role, StringComparer.OrdinalIgnoreCase) || equals == part.Length - 1)
                throw new ArgumentException($"'{part}' says no output's role. The roles are {string.Join(", ", Roles)}, as in {Example}.");
            if (!given.TryAdd(role, Split(part[(equals + 1)..].Trim())))
                throw new ArgumentException($"'{text}' names two outputs for '{role}'. Name one.");
        }

        if (!given.TryGetValue("boxes", out var boxes) || !given.TryGetValue("scores", out var scores))
            throw new ArgumentException($"'{text}' lacks boxes or scores. A detector has both, as in {Example}.");
        if (given.ContainsKey("prototypes") && !given.ContainsKey("masks"))
            throw new ArgumentException($"'{text}' names prototypes and no masks. Add masks=NAME, the output of each box's coefficients.");
        string form = boxes.Form?.ToUpperInvariant() ?? "";
        bool isNormalized = form.EndsWith("/NORM", StringComparison.Ordinal);
        return new OutputRoles(
            boxes.Name,
            (isNormalized ? form[..^5] : form) switch
            {
                "XYXY" => BoxCoding.Edges,
                "XYWH" => BoxCoding.Centred,
                "YXYX" => BoxCoding.YxEdges,
                _ => throw new ArgumentException($"'boxes={boxes.Name}' does not say how a box is written. Write {Example}, " +
                    "or xywh for centre, width and height, yxyx for y before x, with /norm for shares of the picture."),
            },
            isNormalized, scores.Name,
            scores.Form?.ToUpperInvariant() switch
            {
                null => ScoreSquashing.Found,
                "SIGMOID" => ScoreSquashing.Sigmoid,
                "SOFTMAX" => ScoreSquashing.Softmax,
                "RAW" => ScoreSquashing.None,
                _ => throw new ArgumentException($"'{scores.Form}' makes no probabilities of scores. Write sigmoid, softmax or raw."),
            },
            given.TryGetValue("objectness", out var objectness) ? objectness.Name : null,
            given.TryGetValue("classes", out var classes) ? classes.Name : null,
            given.TryGetValue("masks", out var masks) ? masks.Name : null,
            given.TryGetValue("prototypes", out var prototypes) ? prototypes.Name : null);
    }

    private const string Example = "boxes=NAME:xyxy, scores=NAME:sigmoid";

    // TensorFlow's names end in ":0".
    private static (string Name, string? Form) Split(string text)
    {
        int colon = text.LastIndexOf(':');
        bool isForm = colon > 0 && colon < text.Length - 1 && !char.IsAsciiDigit(text[colon + 1]);
        return isForm ? (text[..colon], text[(colon + 1)..]) : (text, null);
    }
}

/// <summary>How a box is written.</summary>
public enum BoxCoding
{
    /// <summary>x1, y1, x2, y2.</summary>
    Edges,

    /// <summary>The centre's x and y, width and height.</summary>
    Centred,

    /// <summary>y1, x1, y2, x2.</summary>
    YxEdges,
}

/// <summary>What makes probabilities of scores.</summary>
public enum ScoreSquashing
{
    /// <summary>The sigmoid or softmax that the graph ends in; without one the scores are taken for probabilities.</summary>
    Found,

    /// <summary>A sigmoid, in the graph or behind it.</summary>
    Sigmoid,

    /// <summary>A softmax, in the graph or behind it.</summary>
    Softmax,

    /// <summary>Nothing: scores are explained and reported as they lie.</summary>
    None,
}
