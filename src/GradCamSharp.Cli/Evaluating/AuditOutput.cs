using System.Globalization;
using GradCamSharp.Audit.Results;
using GradCamSharp.Evaluation;

namespace GradCamSharp.Cli.Evaluating;

/// <summary>What an audit found, for people to read.</summary>
internal static class AuditOutput
{
    private const int MostTwins = 5;

    /// <summary>Prints it.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="result">What was found.</param>
    /// <param name="elapsed">How long it took.</param>
    public static void Write(TextWriter output, AuditResult result, TimeSpan elapsed)
    {
        var setting = result.Setting;
        string time = elapsed.TotalSeconds < 60 ? string.Create(CultureInfo.InvariantCulture, $"{elapsed.TotalSeconds:0} s")
            : string.Create(CultureInfo.InvariantCulture, $"{(int)elapsed.TotalMinutes} min {elapsed.Seconds} s");
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{Counted.Of(result.Pictures.Length, "picture")}, {Counted.Of(result.Classes.Length, "class", "classes")}, ") +
            string.Create(CultureInfo.InvariantCulture, $"layer {setting.Layer}, {setting.Method}, seed {setting.Seed}, {time}"));
        output.WriteLine();
        WriteFindings(output, result);
        foreach (var leak in result.Leaks)
            output.WriteLine($"Without any network: {leak.Sentence}");
        WriteTwins(output, result);
        int small = result.Classes.Count(c => !c.IsScanned);
        if (small > 0)
        {
            output.WriteLine(
                $"{Counted.Of(small, "class", "classes")} with fewer than 32 pictures {(small == 1 ? "was" : "were")} not looked at.");
        }

        if (result.Level.IsRaised)
        {
            string raised = string.Create(CultureInfo.InvariantCulture,
                $"{result.Level.Sharp:0.00} in one place, {result.Level.Aligned:0.00} moved onto each other.");
            output.WriteLine($"Pictures of different classes share the same pixels too, so a mark had to be plainer than usual: {raised}");
        }

        output.WriteLine(
            "What an audit does not see: what is nowhere in particular (tint, blur, resolution), marks in fewer than 8 pictures, and " +
            "wrong reasons that look like objects.");
    }

    private static void WriteFindings(TextWriter output, AuditResult result)
    {
        var shown = result.Findings.Where(f => f.Verdict != Verdict.Fine && f.Kind != FindingKind.Split).ToList();
        foreach (var finding in shown)
        {
            string kind = Kind(finding.Kind);
            string verdict = finding.Verdict == Verdict.Open ? "" : $"   judged {finding.Verdict.ToString().ToLowerInvariant()}";
            output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{finding.Number}  {finding.Label}   {finding.Pictures.Length} of {finding.OfClass} pictures   {kind}{verdict}"));
            output.WriteLine($"   {finding.Sentence}{Figures(finding)}");
            foreach (string detail in finding.Details)
                output.WriteLine($"   {detail}");
            output.WriteLine();
        }

        int other = result.Classes.Length - shown.Select(f => f.Class).Distinct().Count();
        output.WriteLine(shown.Count == 0 ? $"Nothing stands out in {Counted.Of(other, "class", "classes")}."
            : other > 0 ? $"Nothing stands out in the other {Counted.Of(other, "class", "classes")}." : "Every class has a finding.");
        int fine = result.Findings.Count(f => f.Verdict == Verdict.Fine), splits = result.Findings.Count(f => f.Kind == FindingKind.Split);
        if (fine > 0)
            output.WriteLine($"{Counted.Of(fine, "finding")} judged fine {(fine == 1 ? "is" : "are")} not shown.");
        if (splits > 0)
        {
            output.WriteLine(
                $"{Counted.Of(splits, "class is", "classes are")} decided in two ways, which need be no fault: see findings.json.");
        }

    }

    private static void WriteTwins(TextWriter output, AuditResult result)
    {
        foreach (bool isOther in (bool[])[false, true])
        {
            var twins = result.Twins.Where(t => t.IsOtherData == isOther).ToList();
            if (twins.Count == 0)
                continue;
            output.WriteLine(isOther
                ? $"{Counted.Of(twins.Count, "pair")} of nearly the same picture here and in the other data:"
                : $"{Counted.Of(twins.Count, "pair")} of nearly the same picture in two classes:");
            foreach (var twin in twins.Take(MostTwins))
                output.WriteLine($"   {twin.First} ({twin.FirstClass}) and {twin.Second} ({twin.SecondClass})");
            if (twins.Count > MostTwins)
                output.WriteLine(FormattableString.Invariant($"   and {twins.Count - MostTwins} more: see findings.json"));
        }
    }

    private static string Figures(AuditFinding finding)
    {
        if (finding.Mark is not { } mark)
            return "";
        var (own, other) = mark.Sharp >= mark.Aligned ? (mark.Sharp, mark.SharpElsewhere) : (mark.Aligned, mark.AlignedElsewhere);
        return string.Create(CultureInfo.InvariantCulture, $" They share {own:0.00} of 1; no other class more than {other:0.00}.");
    }

    private static string Kind(FindingKind kind) => kind switch
    {
        FindingKind.SameMark => "SAME MARK",
        FindingKind.WrongTogether => "WRONG TOGETHER",
        FindingKind.Elsewhere => "ELSEWHERE",
        FindingKind.UnusedMark => "a mark that the network does not use",
        _ => "SPLIT",
    };
}
