using System.Globalization;
using System.Text.Json;
using GradCamSharp.Text;

namespace GradCamSharp.Targets;

/// <summary>The names of a model's classes. A label may hold synonyms, separated by commas.</summary>
public sealed class Labels
{
    private const int LargestFile = 16 << 20, MostLabels = 1_000_000;
    private static readonly JsonSerializerOptions Readable = new()
    {
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };
    private readonly string[] names;

    /// <summary>Creates labels.</summary>
    /// <param name="names">One label a class, in the order of the classes.</param>
    public Labels(IReadOnlyList<string> names) => this.names = [.. names];

    /// <summary>The number of labels.</summary>
    public int Count => names.Length;

    /// <summary>The label of a class; "class 17" where there is none.</summary>
    public string this[long index] => index >= 0 && index < names.Length && names[index].Length > 0
        ? names[index]
        : string.Create(CultureInfo.InvariantCulture, $"class {index}");

    /// <summary>Reads one label a line, or a config.json with id2label.</summary>
    /// <exception cref="InvalidDataException">The file does not exist or holds no labels.</exception>
    public static Labels Load(string path)
    {
        var file = new FileInfo(path);
        if (!file.Exists)
        {
            throw new InvalidDataException(
                $"There is no labels file '{path}'. Give a text file of one label a line, or a config.json with id2label.");
        }

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
            if (root.ValueKind == JsonValueKind.Object
                && root.TryGetProperty("id2label", out var map) && map.ValueKind == JsonValueKind.Object)
            {
                var entries = new SortedDictionary<int, string>();
                foreach (var entry in map.EnumerateObject())
                    if (int.TryParse(entry.Name, NumberStyles.None, CultureInfo.InvariantCulture, out int index) && index < MostLabels)
                        entries[index] = entry.Value.ToString();
                string[] labels = new string[entries.Count > 0 ? entries.Keys.Last() + 1 : 0];
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

    /// <summary>The labels as a JSON array, class 0 first: <see cref="Parse"/> reads the same from it.</summary>
    public string ToJson() =>
        new System.Text.Json.Nodes.JsonArray([.. names.Select(n => (System.Text.Json.Nodes.JsonNode?)n)]).ToJsonString(Readable);

    /// <summary>The class of a label, by the whole label or else by any one of its synonyms, without regard to case.</summary>
    /// <returns>The class's index; null where no class has that name.</returns>
    /// <exception cref="ArgumentException">Several classes have that name, as two of ImageNet's are called "crane".</exception>
    public long? Find(string label)
    {
        var found = FindAll(label);
        if (found.Count > 1)
        {
            throw new ArgumentException(
                $"'{label.Trim()}' is the name of {found.Count} classes: {string.Join(", ", found.Select(Described))}. " +
                "Give the index of one.");
        }

        return found.Count == 1 ? found[0] : null;
    }

    /// <summary>
    /// All classes of a label, in ascending order: those whose whole label it is, or else those that have it as a synonym.
    /// </summary>
    public IReadOnlyList<int> FindAll(string label)
    {
        ArgumentNullException.ThrowIfNull(label);
        string wanted = label.Trim();
        bool IsWanted(string name) => name.Length > 0 && name.Equals(wanted, StringComparison.OrdinalIgnoreCase);
        int[] whole = Indices(IsWanted);
        return whole.Length > 0 ? whole : Indices(n => Synonyms(n).Any(IsWanted));
    }

    /// <summary>The names that are nearest to a mistyped one: those that may be meant, or else three.</summary>
    public IReadOnlyList<string> Nearest(string label, int count = 5)
    {
        ArgumentNullException.ThrowIfNull(label);
        return NearestNames.Some(label, names.SelectMany(Synonyms).Where(s => s.Length > 0).Distinct(), count);
    }

    private int[] Indices(Predicate<string> isWanted) => [.. Enumerable.Range(0, names.Length).Where(i => isWanted(names[i]))];

    private string Described(int index) => string.Create(CultureInfo.InvariantCulture, $"{index} ({names[index]})");

    private static IEnumerable<string> Synonyms(string label) => label.Split(',', StringSplitOptions.TrimEntries);
}
