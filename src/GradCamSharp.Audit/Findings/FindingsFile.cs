using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using GradCamSharp.Audit.Results;
using GradCamSharp.Output;

namespace GradCamSharp.Audit.Findings;

/// <summary>Writes findings.json, and the names of each finding's pictures.</summary>
public static class FindingsFile
{
    /// <summary>The file for programs.</summary>
    public const string Name = "findings.json";

    /// <summary>The folder of the lists of pictures.</summary>
    public const string Lists = "findings";

    private const int Format = 1;

    private static readonly JsonSerializerOptions Readable =
        new() { WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>What was found as one JSON document; docs/audit-output.md says what its parts are.</summary>
    public static JsonObject ToJson(AuditResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        var (setting, level) = (result.Setting, result.Level);
        return new JsonObject
        {
            ["format"] = Format,
            ["model"] = setting.Model,
            ["data"] = setting.Data,
            ["method"] = setting.Method,
            ["layer"] = setting.Layer,
            ["explained"] = setting.Explained == AuditedClass.Predicted ? "predicted" : "label",
            ["per_class"] = setting.PerClass,
            ["alarm"] = setting.Alarm,
            ["seed"] = setting.Seed,
            ["pictures"] = result.Pictures.Length,
            ["errors"] = result.Errors,
            ["level"] = new JsonObject
            {
                ["sharp"] = Rounded(level.Sharp),
                ["aligned"] = Rounded(level.Aligned),
                ["mixed_groups"] = level.MixedGroups,
                ["mixed_sharp"] = Rounded(level.MixedSharp),
                ["mixed_aligned"] = Rounded(level.MixedAligned),
                ["raised"] = level.IsRaised,
            },
            ["classes"] = new JsonArray([.. result.Classes.Select(c => new JsonObject
            {
                ["class"] = c.Class,
                ["label"] = c.Label,
                ["pictures"] = c.Pictures.Length,
                ["wrong"] = c.Wrong,
                ["scanned"] = c.IsScanned,
                ["sharp"] = Rounded(c.Sharp),
                ["aligned"] = Rounded(c.Aligned),
            })]),
            ["findings"] = new JsonArray([.. result.Findings.Select(f => ToJson(f, result))]),
            ["leaks"] = new JsonArray([.. result.Leaks.Select(l => new JsonObject
            {
                ["what"] = l.What,
                ["strength"] = Rounded(l.Strength),
                ["p"] = Rounded(l.P),
                ["class"] = l.Class,
                ["sentence"] = l.Sentence,
            })]),
            ["twins"] = new JsonArray([.. result.Twins.Select(t => new JsonObject
            {
                ["first"] = t.First,
                ["first_class"] = t.FirstClass,
                ["second"] = t.Second,
                ["second_class"] = t.SecondClass,
                ["other_data"] = t.IsOtherData,
                ["distance"] = t.Distance,
            })]),
        };
    }

    /// <summary>The document as text.</summary>
    public static string ToText(AuditResult result) => ToJson(result).ToJsonString(Readable);

    /// <summary>Writes both into an audit's folder; lists of an earlier audit are removed.</summary>
    /// <param name="result">What was found.</param>
    /// <param name="folder">The folder; it is made where it is missing.</param>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static void Write(AuditResult result, string folder)
    {
        ArgumentNullException.ThrowIfNull(result);
        ArgumentException.ThrowIfNullOrEmpty(folder);
        string lists = Path.Combine(folder, Lists);
        foreach (var finding in result.Findings)
        {
            string names = string.Concat(finding.Pictures.Select(i => result.Pictures[i].Id + "\n"));
            string path = Path.Combine(lists, FormattableString.Invariant($"{finding.Number}.txt"));
            AtomicFile.Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(names)));
        }

        for (int number = result.Findings.Length + 1; ; number++)
        {
            string old = Path.Combine(lists, FormattableString.Invariant($"{number}.txt"));
            if (!File.Exists(old))
                break;
            File.Delete(old);
        }

        AtomicFile.Write(Path.Combine(folder, Name), stream => stream.Write(Encoding.UTF8.GetBytes(ToText(result) + "\n")));
    }

    private static JsonObject ToJson(AuditFinding finding, AuditResult result)
    {
        var json = new JsonObject
        {
            ["number"] = finding.Number,
            ["kind"] = FindingText.Name(finding.Kind),
            ["class"] = finding.Class,
            ["label"] = finding.Label,
            ["of_class"] = finding.OfClass,
            ["wrong"] = finding.Wrong,
            ["key"] = finding.Key,
            ["verdict"] = Word(finding.Verdict),
            ["sentence"] = finding.Sentence,
            ["details"] = new JsonArray([.. finding.Details.Select(d => (JsonNode)d)]),
        };
        if (finding.P is { } p)
            json["p"] = Rounded(p);
        if (finding.Outside is { } outside)
            json["outside"] = Rounded(outside);
        if (finding.Mark is { } mark)
        {
            json["mark"] = new JsonObject
            {
                ["sharp"] = Rounded(mark.Sharp),
                ["aligned"] = Rounded(mark.Aligned),
                ["sharp_elsewhere"] = Rounded(mark.SharpElsewhere),
                ["aligned_elsewhere"] = Rounded(mark.AlignedElsewhere),
                ["place"] = mark.Place,
                ["core"] = mark.Core,
            };
        }

        if (finding.Effect is { } effect)
            json["effect"] = ToJson(effect);
        if (finding.AlsoIn.Length > 0)
        {
            json["also_in"] = new JsonArray([.. finding.AlsoIn.Select(s => new JsonObject
            {
                ["class"] = s.Class,
                ["label"] = s.Label,
                ["pictures"] = s.Pictures,
                ["looked"] = s.Looked,
            })]);
        }

        json["pictures"] = new JsonArray([.. finding.Pictures.Select(i => (JsonNode)result.Pictures[i].Id)]);
        return json;
    }

    private static JsonObject ToJson(Counterfactual effect)
    {
        var json = new JsonObject
        {
            ["pictures"] = effect.Pictures,
            ["taken"] = ToJson(effect.Taken),
            ["turned"] = ToJson(effect.Turned),
            ["difference"] = ToJson(effect.Difference),
        };
        if (effect.Put is { } put)
        {
            json["put"] = Rounded(put);
            json["put_count"] = effect.PutCount;
        }

        if (effect.PutWithoutObject is { } bare)
            json["put_without_object"] = Rounded(bare);
        return json;
    }

    private static JsonArray ToJson(MeanWithInterval value) => [Rounded(value.Mean), Rounded(value.Low), Rounded(value.High)];

    /// <summary>What a verdict is called in files.</summary>
    internal static string Word(Verdict verdict) => verdict switch
    {
        Verdict.Shortcut => "shortcut",
        Verdict.Fine => "fine",
        Verdict.Unsure => "unsure",
        _ => "open",
    };

    private static double Rounded(double value) => Math.Round(value, 6);
}
