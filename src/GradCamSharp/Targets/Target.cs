using System.Collections.Immutable;
using System.Globalization;

namespace GradCamSharp.Targets;

/// <summary>
/// What is explained: one number S an input, which depends on the model's outputs. A class, a box, a mask, a key point, a similarity, an
/// element of an output, or a sum of these.
/// </summary>
/// <remarks>
/// Named forms stand before the squashing function (sigmoid, softmax), literals are what they say. Whatever is chosen (a rank, an anchor, a
/// mask) is a constant of the forward run. Two targets are equal if they are written alike.
/// </remarks>
public abstract record Target
{
    private protected Target()
    {
    }

    /// <summary>The target as <see cref="Parse"/> reads it.</summary>
    public abstract string Spec { get; }

    /// <summary>The target in file names: c17, c17-mask, box0, px120-80, sim, t4.</summary>
    public abstract string Slug { get; }

    /// <summary>Reads one target or several, separated by commas.</summary>
    /// <param name="text">In the target language of docs/targets.md: <c>box:dog/2</c>, <c>class:cat@120,80 - class:dog@120,80</c>.</param>
    /// <returns>At least one target.</returns>
    /// <exception cref="ArgumentException">The text is no target; the message says where and what was expected.</exception>
    public static IReadOnlyList<Target> Parse(string text) => TargetParser.Parse(text);

    /// <inheritdoc/>
    public sealed override string ToString() => Spec;

    private protected static string Text(double number) => number.ToString("R", CultureInfo.InvariantCulture);

    // Letters, digits and dashes alone: slugs become file names.
    private protected static string Safe(string text)
    {
        var safe = new System.Text.StringBuilder();
        foreach (char c in text)
            safe.Append(char.IsAsciiLetterOrDigit(c) ? c : '-');
        string slug = string.Join('-', safe.ToString().Split('-', StringSplitOptions.RemoveEmptyEntries));
        return slug.Length is > 0 and <= 60 ? slug : slug.Length == 0 ? "target" : slug[..60];
    }
}

/// <summary>A class's score: of a picture, of a place in it, or of a mask.</summary>
/// <param name="Class">Which class.</param>
/// <param name="Place">Where, of models that answer for each pixel; null for the whole picture, or the predicted mask of a
/// segmenter.</param>
public sealed record ClassTarget(Choice Class, Place? Place = null) : Target
{
    /// <inheritdoc/>
    public override string Spec => $"class:{Class}{(Place is null ? "" : $"@{Place}")}";

    /// <inheritdoc/>
    public override string Slug => $"c{Safe(Class.ToString())}{(Place is null ? "" : $"-{Safe(Place.ToString())}")}";
}

/// <summary>The class that the model gives a pixel, at that pixel.</summary>
/// <param name="X">The column, in the picture's pixels.</param>
/// <param name="Y">The row.</param>
public sealed record PixelTarget(double X, double Y) : Target
{
    /// <inheritdoc/>
    public override string Spec => $"pixel:{Text(X)},{Text(Y)}";

    /// <inheritdoc/>
    public override string Slug => $"px{Safe($"{Text(X)}-{Text(Y)}")}";
}

/// <summary>A detection, or one of its parts.</summary>
/// <param name="Box">Which detection.</param>
/// <param name="Part">
/// null for the log-odds of its score; class, objectness, score, x1, y1, x2, y2, x, y, cx, cy, w, h, angle, mask, keypoint:3, keypoint:3.x.
/// </param>
public sealed record BoxTarget(BoxChoice Box, string? Part = null) : Target
{
    /// <inheritdoc/>
    public override string Spec => $"box:{Box}{(Part is null ? "" : $".{Part}")}";

    /// <inheritdoc/>
    public override string Slug => $"box{Safe(Box.ToString())}{(Part is null ? "" : $"-{Safe(Part)}")}";
}

/// <summary>A mask that a promptable model proposes, or that of a model of salient objects: its logits over the predicted mask.</summary>
/// <param name="Mask">Which: by index, or by the model's own estimate of their quality.</param>
public sealed record MaskTarget(Choice Mask) : Target
{
    /// <inheritdoc/>
    public override string Spec => $"mask:{Mask}";

    /// <inheritdoc/>
    public override string Slug => $"mask{Safe(Mask.ToString())}";
}

/// <summary>A key point's heat map at its maximum.</summary>
/// <param name="Keypoint">Which.</param>
public sealed record KeypointTarget(Choice Keypoint) : Target
{
    /// <inheritdoc/>
    public override string Spec => $"keypoint:{Keypoint}";

    /// <inheritdoc/>
    public override string Slug => $"keypoint{Safe(Keypoint.ToString())}";
}

/// <summary>The number of a model that makes one number a picture, or one a pixel: depth and other regression maps.</summary>
/// <param name="Place">Where; null for all of it. Of several pixels the mean.</param>
public sealed record ValueTarget(Place? Place = null) : Target
{
    /// <inheritdoc/>
    public override string Spec => Place is null ? "value" : $"value@{Place}";

    /// <inheritdoc/>
    public override string Slug => Place is null ? "value" : $"value-{Safe(Place.ToString())}";
}

/// <summary>How alike the picture's vector is to a given one.</summary>
/// <param name="File">A picture, which the same model embeds, or a vector: .npy or .json.</param>
/// <param name="IsDot">Whether lengths count: the dot product, not the cosine.</param>
public sealed record SimilarityTarget(string File, bool IsDot = false) : Target
{
    /// <inheritdoc/>
    public override string Spec => $"{(IsDot ? "dot" : "similarity")}:{File}";

    /// <inheritdoc/>
    public override string Slug => $"{(IsDot ? "dot" : "sim")}-{Safe(Path.GetFileNameWithoutExtension(File))}";
}

/// <summary>The score of a word at a step of a text decoder.</summary>
/// <param name="Step">The step, from 0; -1 for the last one, null for all: the words that were fed, summed.</param>
/// <param name="Word">Which word; null for the most probable.</param>
public sealed record TokenTarget(int? Step, Choice? Word = null) : Target
{
    /// <inheritdoc/>
    public override string Spec => "token:" +
        (Step switch { null => "all", -1 => "last", int step => step.ToString(CultureInfo.InvariantCulture) }) + (
            Word is null ? "" : $"={Word}");

    /// <inheritdoc/>
    public override string Slug =>
        $"t{Step switch { null => "all", -1 => "last", int step => step.ToString(CultureInfo.InvariantCulture) }}" +
        (Word is null ? "" : $"-{Safe(Word.ToString()!)}");
}

/// <summary>What a literal makes of the elements that it names.</summary>
public enum LiteralKind
{
    /// <summary>The element itself.</summary>
    Element,

    /// <summary>The sum of the elements.</summary>
    Sum,

    /// <summary>Their mean.</summary>
    Mean,

    /// <summary>The element before the last sigmoid or softmax.</summary>
    Logit,
}

/// <summary>An element of an output, as it lies there, or a sum of several.</summary>
/// <param name="Output">The output's name.</param>
/// <param name="Slices">One an axis, in NumPy's form; further axes are taken whole.</param>
/// <param name="Kind">What is made of them.</param>
public sealed record LiteralTarget(string Output, ImmutableArray<AxisSlice> Slices, LiteralKind Kind = LiteralKind.Element) : Target
{
    /// <inheritdoc/>
    public override string Spec
    {
        get
        {
            string element = Slices.IsEmpty ? Output : $"{Output}[{string.Join(',', Slices)}]";
            return Kind == LiteralKind.Element ? element : $"{Kind.ToString().ToLowerInvariant()}({element})";
        }
    }

    /// <inheritdoc/>
    public override string Slug => Safe(Spec);

    /// <inheritdoc/>
    public bool Equals(LiteralTarget? other) => other is not null && other.Spec == Spec;

    /// <inheritdoc/>
    public override int GetHashCode() => Spec.GetHashCode(StringComparison.Ordinal);
}

/// <summary>A term of a sum.</summary>
/// <param name="Factor">What it is multiplied with.</param>
/// <param name="Target">The target; no sum itself.</param>
public readonly record struct TargetTerm(double Factor, Target Target);

/// <summary>A sum of targets, each with a factor: a contrast, where one is -1.</summary>
/// <param name="Terms">At least one.</param>
public sealed record SumTarget(ImmutableArray<TargetTerm> Terms) : Target
{
    /// <inheritdoc/>
    public override string Spec
    {
        get
        {
            var text = new System.Text.StringBuilder();
            foreach (var (factor, target) in Terms)
            {
                text.Append(text.Length == 0 ? (factor < 0 ? "-" : "") : factor < 0 ? " - " : " + ");
                if (Math.Abs(factor) != 1)
                    text.Append(Text(Math.Abs(factor))).Append('*');
                text.Append(target.Spec);
            }

            return text.ToString();
        }
    }

    /// <inheritdoc/>
    public override string Slug => Terms is [{ Factor: -1, Target: var one }] ? $"minus-{one.Slug}"
        : Safe(string.Join("-", Terms.Select(t => $"{(t.Factor < 0 ? "minus" : "plus")}-{t.Target.Slug}")));

    /// <inheritdoc/>
    public bool Equals(SumTarget? other) => other is not null && Terms.SequenceEqual(other.Terms);

    /// <inheritdoc/>
    public override int GetHashCode() => Spec.GetHashCode(StringComparison.Ordinal);
}
