using System.Globalization;
using System.Text.Json;
using GradCamSharp.Layers;

namespace GradCamSharp.Targets;

/// <summary>The names of a model's classes. A label may hold synonyms, separated by commas.</summary>
public sealed class Labels
{
    private const int LargestFile = 16 << 20;
    private readonly string[] names;

    /// <summary>Creates labels.</summary>
    /// <param name="names">One label a class, in the order of the classes.</param>
    public Labels(IReadOnlyList<string> names) => this.names = [.. names];

    /// <summary>The number of labels.</summary>
    public int Count => names.Length;

    /// <summary>The label of a class; "class 17" where there is none.</summary>
    public string this[long index] => index >= 0 && index < names.Length && names[index].Length > 0 ? names[index] : string.Create(CultureInfo.InvariantCulture, $"class {index}");

    /// <summary>Reads one label a line, or a config.json with id2label.</summary>
    /// <exception cref="InvalidDataException">The file does not exist or holds no labels.</exception>
    public static Labels Load(string path)
    {
        var file = new FileInfo(path);
        if (!file.Exists)
            throw new InvalidDataException($"There is no labels file '{path}'. Give a text file of one label a line, or a config.json with id2label.");
        if (file.Length > LargestFile)
            throw new InvalidDataException($"'{path}' has {file.Length} bytes, too many for labels.");
        string text = File.ReadAllText(path);
        return path.EndsWith(".json", StringComparison.OrdinalIgnoreCase) ? Parse(text, path)
            : new Labels([.. text.TrimEnd().Split('\n').Select(l => l.Trim())]);
    }

    /// <summary>Reads a JSON array of labels, or an object with id2label.</summary>
    /// <exception cref="InvalidDataException">It is neither.</exception>
    public static Labels Parse(string json, string name)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            var root = document.RootElement;
            if (root.ValueKind == JsonValueKind.Array)
                return new Labels([.. root.EnumerateArray().Select(l => l.ToString())]);
            if (root.ValueKind == JsonValueKind.Object && root.TryGetProperty("id2label", out var map) && map.ValueKind == JsonValueKind.Object)
            {
                var entries = map.EnumerateObject().Where(p => int.TryParse(p.Name, NumberStyles.None, CultureInfo.InvariantCulture, out int i) && i < 1_000_000)
                    .ToDictionary(p => int.Parse(p.Name, CultureInfo.InvariantCulture), p => p.Value.ToString());
                string[] labels = new string[entries.Count > 0 ? entries.Keys.Max() + 1 : 0];
                Array.Fill(labels, "");
                foreach (var (index, label) in entries)
                    labels[index] = label;
                return new Labels(labels);
            }

            throw new InvalidDataException($"'{name}' holds no labels: give a JSON array, or an object with id2label.");
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"'{name}' is not JSON: {e.Message}", e);
        }
    }

    /// <summary>The class of a label, by the whole label or any one of its synonyms, without regard to case; null if there is none.</summary>
    public long? Find(string label)
    {
        ArgumentNullException.ThrowIfNull(label);
        string wanted = label.Trim();
        int whole = Array.FindIndex(names, n => n.Equals(wanted, StringComparison.OrdinalIgnoreCase));
        if (whole >= 0)
            return whole;
        int synonym = Array.FindIndex(names, n => Synonyms(n).Any(s => s.Equals(wanted, StringComparison.OrdinalIgnoreCase)));
        return synonym >= 0 ? synonym : null;
    }

    /// <summary>The names that are nearest to a mistyped one.</summary>
    public IReadOnlyList<string> Nearest(string label, int count = 3) => [.. names.SelectMany(Synonyms).Where(s => s.Length > 0).Distinct()
        .OrderBy(s => EditDistance.Between(label, s) - (s.Contains(label, StringComparison.OrdinalIgnoreCase) ? s.Length : 0)).ThenBy(s => s, StringComparer.Ordinal).Take(count)];

    private static IEnumerable<string> Synonyms(string label) => label.Split(',', StringSplitOptions.TrimEntries);
}
