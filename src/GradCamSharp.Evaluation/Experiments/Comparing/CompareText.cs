using System.Globalization;

namespace GradCamSharp.Evaluation.Experiments.Comparing;

/// <summary>What a comparison says, in sentences.</summary>
/// <param name="Headline">The answer.</param>
/// <param name="Reasons">Why, a sentence each.</param>
/// <param name="Limits">What the comparison does not say.</param>
public sealed record CompareText(string Headline, IReadOnlyList<string> Reasons, string Limits)
{
    private const int ShownApart = 3;

    private static readonly string[] Numbers = ["none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];

    /// <summary>The sentences of a comparison.</summary>
    /// <param name="summary">What it says.</param>
    /// <param name="how">
    /// What to add, in brackets, where more pictures are advised: how so many are asked for; null for nothing.
    /// </param>
    public static CompareText Of(CompareSummary summary, Func<int, string>? how = null)
    {
        ArgumentNullException.ThrowIfNull(summary);
        return new CompareText(
            summary.Answer switch
            {
                CompareAnswer.One => $"Take {summary.Recommended!.Method} at {summary.Recommended.Layer}.",
                CompareAnswer.NoDifference => Several(summary, how),
                CompareAnswer.Disagreement => Disagreement(summary),
                CompareAnswer.NothingBeatsCentre =>
                    "No candidate is shown to be more faithful than a map that always looks at the centre. On these pictures heat maps " +
                    $"of {(summary.Layers.Count == 1 ? "this layer" : "these layers")} explain nothing that the frame does not.",
                _ => "No candidate passes the checks that come first. No recommendation.",
            },
            [.. ReasonsOf(summary)], LimitsOf(summary));
    }

    /// <summary>A p: with as many digits as say something.</summary>
    public static string P(double p) => p < 0.001 ? "below 0.001" : p.ToString(p < 0.01 ? "0.000" : "0.00", CultureInfo.InvariantCulture);

    /// <summary>Why a candidate is not measured on; null where it is, or is a baseline.</summary>
    /// <param name="summary">The comparison.</param>
    /// <param name="candidate">The candidate.</param>
    public static string? WhyFailed(CompareSummary summary, CompareCandidate candidate)
    {
        ArgumentNullException.ThrowIfNull(summary);
        ArgumentNullException.ThrowIfNull(candidate);
        if (candidate.IsBaseline || candidate.Gates is not { Pass: false } gates)
            return null;
        string why = !gates.IsThere
            ? $"{candidate.Empty.ToString(CultureInfo.InvariantCulture)} of its maps on " +
              $"{Counted.Of(summary.Experiment.First.Count, "picture")} are empty"
            : gates.Sane == Sanity.No
                ? "its maps stay much the same when the network's weights are put in random order " +
                  $"({Number(candidate["mprt_full"]?.Mean)}; maps of different pictures {Number(candidate["between_pictures"]?.Mean)})"
            : $"it shows the same map whichever class is asked for ({Number(candidate["random_logit"]?.Mean)})";
        return $"{summary.Call(candidate)} is not measured on: {why}.";
    }

    private static IEnumerable<string> ReasonsOf(CompareSummary s)
    {
        if (s is { Answer: CompareAnswer.One, Best: { } best })
        {
            yield return s.Next is { } next ? Ahead(s, next) : Alone(s, best);
            if (s.Next is { } other && s.IsMoreSpecific)
            {
                double? theirs = other["random_logit"]?.Mean;
                yield return theirs > Gates.MostSpecific
                    ? $"It is also the more specific: {s.Call(other)} shows much the same map whichever class is asked for " +
                      $"({Number(theirs)})."
                    : $"It is also the more specific to the class: {Number(best["random_logit"]?.Mean)} against {Number(theirs)} of " +
                      $"{s.Call(other)}.";
            }

            string times = Math.Floor(100 * s.Stability).ToString("0", CultureInfo.InvariantCulture);
            yield return $"Drawn anew, the {Counted.Of(s.Pictures, "picture")} give the same answer {times} times in 100.";
        }

        if (s.Recommended is { } taken)
        {
            if (taken.Gates?.Specific == Specificity.Weak)
            {
                yield return $"{s.Call(taken)} itself shows much the same map whichever class is asked for " +
                    $"({Number(taken["random_logit"]?.Mean)}): do not compare classes by it.";
            }

            if (taken.Gates?.Sane == Sanity.Unclear)
                yield return $"Whether {s.Call(taken)} depends on what the network has learned is unclear on these pictures.";
        }

        foreach (string failed in s.Candidates.Select(c => WhyFailed(s, c)).OfType<string>())
            yield return failed;
    }

    private static string Ahead(CompareSummary s, CompareCandidate next)
    {
        var interval = s.Differences[0].Interval;
        double second = s.SecondDifferences[0].Interval.Mean ?? 0;
        string p = s.Recommended!.IsSecondLeft && !next.IsSecondLeft ? $"corrected p {P(next.SecondP!.Value)}"
            : $"which is no difference that is shown, corrected p {P(Math.Min(next.SecondP!.Value, s.Recommended.SecondP!.Value))}";
        return $"It is the most faithful of the candidates that pass: {s.Experiment.Deciding[0].Title} {Difference(interval.Mean)} above " +
            $"{s.Call(next)} ({Difference(interval.Low)} .. {Difference(interval.High)}, corrected p {P(next.P!.Value)}), " +
            $"{s.Experiment.Deciding[1].Title} {Difference(Math.Abs(second))} {(second < 0 ? "below" : "above")} it ({p}).";
    }

    private static string Alone(CompareSummary s, CompareCandidate best)
    {
        var figure = best[s.Experiment.Deciding[0].Figures[0].Name];
        return $"It is the only candidate that passes, and more faithful than a map that always looks at the centre: " +
            $"{s.Experiment.Deciding[0].Title} {Number(figure?.Mean)} ({Number(figure?.Low)} .. {Number(figure?.High)}).";
    }

    private static string Several(CompareSummary s, Func<int, string>? how)
    {
        CompareCandidate[] left = [.. s.Candidates.Where(c => c.IsLeft)];
        string title = s.Experiment.Deciding[0].Title, more = "";
        if (s.PicturesNeeded is { } needed && needed > s.Pictures)
        {
            int some = (int)Math.Min((needed + 9L) / 10 * 10, int.MaxValue);
            more = string.Create(CultureInfo.InvariantCulture, $"; for {Recommendation.SmallDifference} take some {some} pictures") +
                (how is null ? "" : $" ({how(some)})");
        }

        string taken = s.Call(s.Recommended!), each = left.Length == 2 ? "Either" : $"Any of the {Word(left.Length)}";
        string reason = s.ChosenBy switch
        {
            ChosenBy.Specific => "which is the most specific to the class that is asked for",
            ChosenBy.Mass => "of which the most lies on the objects",
            ChosenBy.Cost => "which costs least",
            _ => "as nothing else tells them apart",
        };
        return $"No difference can be shown between {List([.. left.Select(s.Call)])} on {These(s.Pictures)}. A difference of " +
            $"{Difference(s.SmallestDifference)} in {title} would have been found 8 times in 10{more}. {each} will do; {taken} is taken, " +
            $"{reason}.";
    }

    private static string Disagreement(CompareSummary s)
    {
        var (best, second) = (s.Best!, s.SecondBest!);
        string look = s.Apart.Count == 0 ? ""
            : $" Look at {(s.Apart.Count == 1 ? "picture" : "pictures")} " +
              string.Join(", ", s.Apart.Take(ShownApart).Select(a => a.Index.ToString(CultureInfo.InvariantCulture))) +
              ", where they differ most (report.html).";
        return $"The two measures of faithfulness disagree: {s.Experiment.Deciding[0].Title} prefers {s.Call(best)} " +
            $"(p {P(second.P!.Value)}), {s.Experiment.Deciding[1].Title} {s.Call(second)} (p {P(best.SecondP!.Value)}). " +
            $"No recommendation.{look}";
    }

    private static string LimitsOf(CompareSummary s)
    {
        int maps = s.Candidates.Count(c => !c.IsBaseline);
        string all = maps switch { 1 => "the map was", 2 => "both maps were", _ => "all maps were" };
        return $"What this does not say: {all} explained on predicted classes only; " + (s.Experiment.ReadsAnnotations
            ? "where the objects are, is not where the network looked."
            : "nothing is known about objects, as the pictures have no boxes.");
    }

    private static string These(int pictures) => pictures == 1 ? "this picture" : $"these {Counted.Of(pictures, "picture")}";

    private static string Word(int number) => number < Numbers.Length ? Numbers[number] : number.ToString(CultureInfo.InvariantCulture);

    private static string List(string[] names) => names.Length < 2 ? string.Concat(names)
        : $"{string.Join(", ", names[..^1])} and {names[^1]}";

    private static string Difference(double? value) => value?.ToString("0.000", CultureInfo.InvariantCulture) ?? "unknown";

    private static string Number(double? value) => value?.ToString("0.00", CultureInfo.InvariantCulture) ?? "undefined";
}
