using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;

namespace GradCamSharp.Targets;

/// <summary>Reads the target language: targets, separated by commas, of terms, separated by signs with spaces around them.</summary>
internal static partial class TargetParser
{
    private const string Forms =
        "A target is class:C, class:C@PLACE, contrast:C, finer:C, rest:C, pixel:X,Y, box:B, box:B.PART, mask:M, keypoint:K, " +
        "value, value@PLACE, similarity:FILE, " +
        "dot:FILE, token:STEP, OUTPUT[SLICES], sum(OUTPUT[SLICES]), mean(...) or logit(...), " +
        "or terms with \" + \" and \" - \" between them.";

    private static readonly string[] Parts =
        ["class", "objectness", "score", "x1", "y1", "x2", "y2", "x", "y", "cx", "cy", "w", "h", "angle", "mask"];

    // What begins a target behind a comma; every other comma belongs to coordinates or to a label.
    [GeneratedRegex(
        @"^\s*-?\s*([0-9]+(\.[0-9]+)?\*)?((class|contrast|finer|rest|pixel|box|mask|keypoint|similarity|dot|token):|" +
        @"value(@|\s|,|$)|(sum|mean|logit)\(|[^,\[\]\s]+\[)",
        RegexOptions.IgnoreCase)]
    private static partial Regex Beginning();

    [GeneratedRegex(@"^(?<factor>[0-9]+(\.[0-9]+)?)\*(?<rest>.+)$")]
    private static partial Regex Factored();

    [GeneratedRegex(@"^keypoint:[0-9]{1,6}(\.[xy])?$")]
    private static partial Regex KeypointPart();

    public static IReadOnlyList<Target> Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var targets = new List<Target>();
        int start = 0, depth = 0;
        for (int i = 0; i <= text.Length; i++)
        {
            if (i < text.Length && text[i] is '[' or '(')
                depth++;
            else if (i < text.Length && text[i] is ']' or ')')
                depth--;
            if (i == text.Length || (text[i] == ',' && depth == 0 && Beginning().IsMatch(text[(i + 1)..])))
            {
                targets.Add(Sum(text[start..i].Trim()));
                start = i + 1;
            }
        }

        return targets;
    }

    private static Target Sum(string text)
    {
        if (text.Length == 0)
            throw new ArgumentException($"A target is empty. {Forms}");
        if (text.EndsWith(" -", StringComparison.Ordinal) || text.EndsWith(" +", StringComparison.Ordinal))
            throw new ArgumentException($"'{text}' is no target: nothing follows the last sign. {Forms}");
        var terms = ImmutableArray.CreateBuilder<TargetTerm>();
        int start = 0;
        double sign = 1;
        if (text[0] == '-')
        {
            sign = -1;
            start = 1;
        }

        for (int i = start; i <= text.Length; i++)
        {
            bool isSign = i + 2 < text.Length && text[i] == ' ' && text[i + 1] is '+' or '-' && text[i + 2] == ' '
                && Beginning().IsMatch(text[(i + 3)..]);
            if (i < text.Length && !isSign)
                continue;
            terms.Add(Term(sign, text[start..i].Trim()));
            if (i < text.Length)
            {
                sign = text[i + 1] == '-' ? -1 : 1;
                start = i + 3;
                i += 2;
            }
        }

        return terms is [{ Factor: 1, Target: var only }] ? only : new SumTarget(terms.ToImmutable());
    }

    private static TargetTerm Term(double sign, string text)
    {
        if (Factored().Match(text) is { Success: true } match)
        {
            return new TargetTerm(
                sign * double.Parse(match.Groups["factor"].Value, CultureInfo.InvariantCulture), Named(match.Groups["rest"].Value.Trim()));
        }

        return new TargetTerm(sign, Named(text));
    }

    private static Target Named(string text)
    {
        int colon = text.IndexOf(':', StringComparison.Ordinal);
        int bracket = text.IndexOfAny(['[', '(']);
        string name = colon > 0 && (bracket < 0 || colon < bracket) ? text[..colon].ToLowerInvariant() : "";
        string rest = name.Length > 0 ? text[(colon + 1)..] : "";
        switch (name)
        {
            case "class":
                int at = rest.IndexOf('@', StringComparison.Ordinal);
                return at < 0 ? new ClassTarget(ChoiceOf(rest, text)) : new ClassTarget(
                    ChoiceOf(rest[..at], text), PlaceOf(rest[(at + 1)..], text));
            case "contrast":
                return new ContrastTarget(ChoiceOf(rest, text));
            case "rest":
                return new RestTarget(ChoiceOf(rest, text));
            case "finer":
                return Finer(rest, text);
            case "pixel":
                return Numbers(rest) is [var px, var py] ? new PixelTarget(px, py) : throw Wrong(
                    text, "pixel takes two numbers: pixel:120,80");
            case "box":
                return Box(rest, text);
            case "mask":
                return new MaskTarget(ChoiceOf(rest, text));
            case "keypoint":
                return new KeypointTarget(ChoiceOf(rest, text));
            case "similarity" or "dot":
                return rest.Length > 0 ? new SimilarityTarget(rest, name == "dot") : throw Wrong(
                    text, "name a picture, a .npy or a .json file");
            case "token":
                return Token(rest, text);
            default:
                if (text.Equals("value", StringComparison.OrdinalIgnoreCase))
                    return new ValueTarget();
                return text.StartsWith("value@", StringComparison.OrdinalIgnoreCase) ? new ValueTarget(PlaceOf(text[6..], text))
                    : Literal(text);
        }
    }

    private static FinerTarget Finer(string text, string whole)
    {
        string[] parts = text.Split(';', StringSplitOptions.TrimEntries);
        var weights = FinerWeights.Mean;
        double? gamma = null;
        ImmutableArray<long> references = [];
        foreach (string part in parts.Skip(1))
        {
            string[] pair = part.Split('=', 2, StringSplitOptions.TrimEntries);
            switch (pair[0].ToLowerInvariant())
            {
                case "gamma" when pair.Length == 2 && Numbers(pair[1]) is [var number]:
                    gamma = number;
                    break;
                case "weights" when pair.Length == 2 && Enum.TryParse(pair[1], ignoreCase: true, out weights) && Enum.IsDefined(weights):
                    break;
                case "references" when pair.Length == 2 && pair[1].Split('x').All(
                    r => r.Length is > 0 and < 10 && r.All(char.IsAsciiDigit)):
                    references = [.. pair[1].Split('x').Select(r => long.Parse(r, CultureInfo.InvariantCulture))];
                    break;
                default:
                    throw Wrong(whole, "finer takes gamma=0.6, weights=mean or probability, and references=1x4x2: " +
                        "finer:top1;gamma=1;weights=probability");
            }
        }

        return new FinerTarget(ChoiceOf(parts[0], whole), weights, gamma ?? (weights == FinerWeights.Mean ? 0.6 : 1), references);
    }

    private static BoxTarget Box(string text, string whole)
    {
        var (choice, part) = PartOf(text);
        if (choice.Length == 0)
            throw Wrong(whole, "name a box: box:0, box:dog, box:dog/2, box:120,80");
        double[]? numbers = Numbers(choice);
        int slash = choice.LastIndexOf('/');
        BoxChoice box = numbers switch
        {
            [var rank] when rank >= 0 && rank == Math.Floor(rank) && rank < int.MaxValue => new RankedBox((int)rank),
            [var x, var y] => new BoxAtPoint(x, y),
            [var x, var y, > 0 and var w, > 0 and var h] => new BoxNearRegion(x, y, w, h),
            not null => throw Wrong(whole, "a box is an index, x,y or x,y,width,height"),
            _ when Choice.Parse(choice).Rank is { } top => new RankedBox(top - 1),
            _ when slash > 0 && int.TryParse(choice.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int rank)
                && rank > 0
                => new LabelledBox(choice[..slash], rank),
            _ => new LabelledBox(choice),
        };
        return new BoxTarget(box, part);
    }

    /// <summary>What stands in front of the part, and the part; a label may hold full stops itself.</summary>
    private static (string Choice, string? Part) PartOf(string text)
    {
        int keypoint = text.IndexOf(".keypoint:", StringComparison.OrdinalIgnoreCase);
        if (keypoint >= 0 && KeypointPart().IsMatch(text[(keypoint + 1)..]))
            return (text[..keypoint], text[(keypoint + 1)..].ToLowerInvariant());
        int dot = text.LastIndexOf('.');
        if (dot >= 0 && Parts.Contains(text[(dot + 1)..], StringComparer.OrdinalIgnoreCase))
            return (text[..dot], text[(dot + 1)..].ToLowerInvariant());
        if (dot >= 0 && Numbers(text) is null && text[..dot].All(char.IsAsciiDigit))
            throw Wrong($"box:{text}", $"the parts of a box are {string.Join(", ", Parts)}, keypoint:0, keypoint:0.x");
        return (text, null);
    }

    private static TokenTarget Token(string text, string whole)
    {
        int equals = text.IndexOf('=', StringComparison.Ordinal);
        string step = equals < 0 ? text : text[..equals];
        var word = equals < 0 ? null : ChoiceOf(text[(equals + 1)..], whole);
        return step.ToLowerInvariant() switch
        {
            "last" => new TokenTarget(-1, word),
            "all" when word is null => new TokenTarget(null),
            _ when int.TryParse(step, NumberStyles.None, CultureInfo.InvariantCulture, out int index) => new TokenTarget(index, word),
            _ => throw Wrong(whole, "a token is token:last, token:all, token:2 or token:2=WORD"),
        };
    }

    private static LiteralTarget Literal(string text)
    {
        var kind = LiteralKind.Element;
        string inner = text;
        foreach (var (prefix, named) in (ReadOnlySpan<(string, LiteralKind)>)
            [("sum(", LiteralKind.Sum), ("mean(", LiteralKind.Mean), ("logit(", LiteralKind.Logit)])
        {
            if (text.StartsWith(prefix, StringComparison.OrdinalIgnoreCase) && text.EndsWith(')'))
                (kind, inner) = (named, text[prefix.Length..^1].Trim());
        }

        int bracket = inner.EndsWith(']') ? inner.IndexOf('[', StringComparison.Ordinal) : -1;
        if (bracket == 0 || inner.Length == 0 || (bracket < 0 && kind == LiteralKind.Element))
            throw Wrong(text, null);
        return bracket < 0 ? new LiteralTarget(inner, [], kind)
            : new LiteralTarget(inner[..bracket], [.. inner[(bracket + 1)..^1].Split(',').Select(s => Slice(s.Trim(), text))], kind);
    }

    private static AxisSlice Slice(string text, string whole)
    {
        string[] ends = text.Split(':');
        long?[] numbers = [.. ends.Select(e => e.Length == 0 ? (long?)null
            : long.TryParse(e, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long n) ? n
            : throw Wrong(whole, $"'{text}' is no index and no slice such as 2:5"))];
        return numbers switch
        {
            [{ } index] => new AxisSlice(index, null, true),
            [var start, var stop] => new AxisSlice(start, stop, false),
            _ => throw Wrong(whole, $"'{text}' is no index and no slice such as 2:5"),
        };
    }

    private static Place PlaceOf(string text, string whole) => text.ToLowerInvariant() switch
    {
        "mask" => Place.Mask,
        "all" => Place.All,
        _ => Numbers(text) switch
        {
            [var x, var y] => new PointPlace(x, y),
            [var x, var y, > 0 and var w, > 0 and var h] => new RegionPlace(x, y, w, h),
            null when text.Length > 4 && Path.GetExtension(text).Length > 1 => new FilePlace(text),
            _ => throw Wrong(whole, "a place is mask, all, x,y, x,y,width,height or a picture file of a mask"),
        },
    };

    private static Choice ChoiceOf(string text, string whole) => text.Trim().Length > 0 ? Choice.Parse(text.Trim())
        : throw Wrong(whole, "name one: an index, a label, or top1");

    private static double[]? Numbers(string text)
    {
        string[] parts = text.Split(',', StringSplitOptions.TrimEntries);
        var numbers = new double[parts.Length];
        for (int i = 0; i < parts.Length; i++)
        {
            if (!double.TryParse(parts[i], NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture,
                out numbers[i]) || !double.IsFinite(numbers[i]))
                return null;
        }

        return numbers;
    }

    private static ArgumentException Wrong(string text, string? expected) =>
        new($"'{text}' is no target{(expected is null ? "" : $": {expected}")}. {(expected is null ? Forms : "")}".TrimEnd());
}
