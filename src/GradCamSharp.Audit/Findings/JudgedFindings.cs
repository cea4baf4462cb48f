using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using GradCamSharp.Audit.Results;

namespace GradCamSharp.Audit.Findings;

/// <summary>What people have said of findings: judged.json in an audit's folder.</summary>
public sealed class JudgedFindings
{
    /// <summary>The file.</summary>
    public const string Name = "judged.json";

    private const int LargestFile = 64 << 20;
    private const double Same = 0.5;

    private readonly ImmutableArray<Judged> judged;

    private JudgedFindings(ImmutableArray<Judged> judged) => this.judged = judged;

    /// <summary>Reads what lies in an audit's folder; nothing where there is no such file.</summary>
    /// <exception cref="InvalidDataException">The file is damaged.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static JudgedFindings Read(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        string path = Path.Combine(folder, Name);
        if (!File.Exists(path))
            return new JudgedFindings([]);
        if (new FileInfo(path).Length > LargestFile)
            throw new InvalidDataException($"'{path}' is too large for a list of verdicts.");
        try
        {
            var list = JsonNode.Parse(File.ReadAllBytes(path))?["judged"] as JsonArray
                ?? throw new JsonException("it has no list 'judged'.");
            return new JudgedFindings([.. list.Select(item => new Judged(
                Text(item, "key"), Text(item, "kind"), Text(item, "label"), VerdictOf(Text(item, "verdict")),
                [.. (item!["pictures"] as JsonArray ?? []).Select(p => p?.GetValue<string>() ?? "")]))]);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            throw new InvalidDataException($"'{path}' is no list of verdicts: {e.Message} Correct it, or delete it.", e);
        }
    }

    /// <summary>A result with what people have said of its findings.</summary>
    /// <remarks>
    /// A finding is a judged one where kind and label are the same and either the keys are, or at least half of the pictures of both
    /// together are in both.
    /// </remarks>
    public AuditResult Apply(AuditResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        ImmutableArray<AuditFinding> findings = [.. result.Findings.Select(f => f with { Verdict = VerdictOn(f, result) })];
        return result with { Findings = findings, Judged = findings.Count(f => f.Verdict != Verdict.Open) };
    }

    private Verdict VerdictOn(AuditFinding finding, AuditResult result)
    {
        string kind = FindingText.Name(finding.Kind);
        var own = finding.Pictures.Select(i => result.Pictures[i].Id).ToHashSet(StringComparer.Ordinal);
        // What was said last counts.
        return judged.LastOrDefault(j => j.Kind == kind && j.Label == finding.Label && (j.Key == finding.Key || IsSame(j)))?.Verdict
            ?? Verdict.Open;

        bool IsSame(Judged other)
        {
            int both = other.Pictures.Count(own.Contains), all = own.Count + other.Pictures.Length - both;
            return other.Pictures.Length > 0 && both >= Same * all;
        }
    }

    private static string Text(JsonNode? item, string name) =>
        item?[name]?.GetValue<string>() ?? throw new JsonException($"a verdict has no '{name}'.");

    private static Verdict VerdictOf(string word) => word switch
    {
        "shortcut" => Verdict.Shortcut,
        "fine" => Verdict.Fine,
        "unsure" => Verdict.Unsure,
        "open" => Verdict.Open,
        _ => throw new JsonException($"'{word}' is no verdict; these are shortcut, fine, unsure and open."),
    };

    private sealed record Judged(string Key, string Kind, string Label, Verdict Verdict, ImmutableArray<string> Pictures);
}
