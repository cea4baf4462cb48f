using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using GradCamSharp.Audit.Results;

namespace GradCamSharp.Audit.Findings;

/// <summary>What was planted into a data set: plant.json beside it.</summary>
/// <param name="Kind">The kind of mark.</param>
/// <param name="Class">The class that was marked, by name; empty where all are.</param>
/// <param name="Share">The share of the class's pictures that were marked, 0 to 1.</param>
/// <param name="Marked">The ids of the marked pictures.</param>
public sealed record PlantedTruth(string Kind, string Class, double Share, ImmutableArray<string> Marked)
{
    /// <summary>The file's name beside the data.</summary>
    public const string FileName = "plant.json";

    private const int LargestFile = 256 << 20;

    /// <summary>Reads the file.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InvalidDataException">It is damaged.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static PlantedTruth Read(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (!File.Exists(path))
            throw new FileNotFoundException($"There is no file '{path}', which says what was planted into the data.");
        if (new FileInfo(path).Length > LargestFile)
            throw new InvalidDataException($"'{path}' is too large for a list of marked pictures.");
        try
        {
            var json = JsonNode.Parse(File.ReadAllBytes(path)) as JsonObject ?? throw new JsonException("it is no object.");
            var marked = json["marked"] as JsonArray ?? throw new JsonException("it has no list 'marked'.");
            return new PlantedTruth(
                json["kind"]?.GetValue<string>() ?? "", json["class"]?.GetValue<string>() ?? "", json["share"]?.GetValue<double>() ?? 0,
                [.. marked.Select(p => p!.GetValue<string>())]);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException or NullReferenceException)
        {
            throw new InvalidDataException($"'{path}' does not say what was planted: {e.Message}", e);
        }
    }

    /// <summary>How well an audit has found it.</summary>
    /// <param name="result">What the audit found; the class's marked pictures are those that were explained as the class.</param>
    public PlantScore Score(AuditResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        // A mark may be named by its path below the data set or by the picture's id, which lacks the pictures' folder.
        var known = result.Pictures.Select(p => p.Id).ToHashSet(StringComparer.Ordinal);
        var marked = Marked.Select(m => known.Contains(m) ? m : m[(m.LastIndexOf('/') + 1)..]).ToHashSet(StringComparer.Ordinal);
        var ids = result.Pictures.Where(p => marked.Contains(p.Id)).Select(p => p.Index).ToHashSet();
        var marks = result.Findings.Where(f => f.Kind == FindingKind.SameMark).ToList();
        var hit = marks.FirstOrDefault(f => f.Label.Equals(Class, StringComparison.OrdinalIgnoreCase));
        int inClass = result.Pictures.Count(p => ids.Contains(p.Index) && p.Label.Equals(Class, StringComparison.OrdinalIgnoreCase));
        int right = hit?.Pictures.Count(ids.Contains) ?? 0;
        return new PlantScore(
            hit is not null, hit is not null && marks[0] == hit, hit is null ? null : (double)right / hit.Pictures.Length,
            hit is null || inClass == 0 ? 0 : (double)right / inClass, marks.Count(f => f != hit), inClass);
    }
}

/// <summary>How well an audit has found what was planted.</summary>
/// <param name="IsFound">Whether the class has a mark that the network uses.</param>
/// <param name="IsFirst">Whether that is the first finding.</param>
/// <param name="Precision">The share of its pictures that are marked; null where it was not found.</param>
/// <param name="Recall">The share of the marked pictures explained as the class that are in it.</param>
/// <param name="FalseAlarms">The number of other classes with a mark that the network is said to use.</param>
/// <param name="Marked">The number of marked pictures explained as the class.</param>
public sealed record PlantScore(bool IsFound, bool IsFirst, double? Precision, double Recall, int FalseAlarms, int Marked)
{
    /// <summary>The score in one line.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"found {(IsFound ? "yes" : "no")}, first {(IsFirst ? "yes" : "no")}, precision {Precision ?? double.NaN:0.00}, " +
        $"recall {Recall:0.00}, false alarms {FalseAlarms}, marked {Marked}");
}
