using System.Globalization;
using GradCamSharp.Targets;

namespace GradCamSharp.Evaluation.DataSets;

/// <summary>Which of a model's classes a data set's class is: VOC's dog is any of ImageNet's 118 breeds.</summary>
/// <remarks>
/// In a file: the data set's class in brackets, then a line for each of the model's classes that is it, by label, by any synonym in
/// the label, or by number. A number before a label settles which of several classes of that name is meant: the nearest to it.
/// Lines that begin with # are comments. Classes that the file does not mention are matched by label; a class in brackets with
/// nothing below it has no counterpart.
/// </remarks>
public sealed class ClassMapping
{
    private const double ShareOfImageNet = 0.9;
    private const string Folder = "DataSets/Mappings/";

    private readonly Labels labels;
    private readonly long classCount;
    private readonly Dictionary<string, IReadOnlyList<int>> sections = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<string> unresolved = [];
    private readonly Lazy<int?> imageNetStart;

    private ClassMapping(string source, Labels labels, long classCount)
    {
        this.labels = labels;
        this.classCount = classCount;
        Source = source;
        imageNetStart = new Lazy<int?>(FindImageNet);
    }

    /// <summary>Where the mapping comes from, in words.</summary>
    public string Source { get; }

    /// <summary>The lines of the file that are none of the model's classes.</summary>
    public IReadOnlyList<string> Unresolved => unresolved;

    /// <summary>Reads a mapping that the user has written.</summary>
    /// <param name="path">The file.</param>
    /// <param name="labels">The model's labels.</param>
    /// <param name="classCount">The number of the model's classes.</param>
    /// <exception cref="InvalidDataException">A line is not as it should be; the message names it.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static ClassMapping Load(string path, Labels labels, long classCount)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(labels);
        if (!File.Exists(path))
        {
            throw new FileNotFoundException($"There is no file '{path}'. " +
                "A mapping has a class in brackets, then a line for each label that is it.");
        }
        var mapping = new ClassMapping(path, labels, classCount);
        mapping.Read(TextFile.Lines(path), path);
        return mapping;
    }

    /// <summary>
    /// The mapping for a data set where the user gives none: the shipped one for VOC or COCO on ImageNet's classes, else by label.
    /// </summary>
    /// <param name="data">The data set.</param>
    /// <param name="labels">The model's labels; without any, models of 1000 or 1001 classes are taken for ImageNet's.</param>
    /// <param name="classCount">The number of the model's classes.</param>
    public static ClassMapping BuiltIn(DataSet data, Labels labels, long classCount)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(labels);
        var byLabel = new ClassMapping("by label", labels, classCount);
        if (data.Kind is not ("voc" or "coco") || byLabel.imageNetStart.Value is null)
            return byLabel;
        string name = data.Kind + "-to-imagenet.txt";
        var mapping = new ClassMapping(name + ", which ships inside", labels, classCount);
        mapping.Read(Numbered(ShippedText(data.Kind)), name);
        return mapping;
    }

    /// <summary>The text of a shipped mapping, to begin one's own with.</summary>
    /// <param name="kind">voc or coco.</param>
    public static string ShippedText(string kind) => Shipped.Text(Folder + kind switch
    {
        "voc" or "coco" => kind + "-to-imagenet.txt",
        _ => throw new ArgumentException($"There is no shipped mapping for '{kind}', only for voc and coco.", nameof(kind)),
    });

    /// <summary>The model's classes that a data set's class is, in ascending order; empty where it has none.</summary>
    /// <param name="dataSetClass">The data set's name of the class.</param>
    public IReadOnlyList<int> IndicesOf(string dataSetClass)
    {
        ArgumentNullException.ThrowIfNull(dataSetClass);
        if (sections.TryGetValue(dataSetClass, out var listed))
            return listed;
        if (labels.FindAll(dataSetClass) is { Count: > 0 } found)
            return found;
        if (labels.FindAll(dataSetClass.Replace('_', ' ')) is { Count: > 0 } spaced)
            return spaced;
        if (ImageNetClasses.IndexOf(dataSetClass) is { } place && imageNetStart.Value is { } start)
            return [place + start];
        return Number(dataSetClass) is { } number ? [number] : [];
    }

    private static List<(int Number, string Text)> Numbered(string text) =>
        [.. text.Split('\n').Select((line, i) => (i + 1, line.Trim())).Where(line => line.Item2.Length > 0)];

    private void Read(List<(int Number, string Text)> lines, string path)
    {
        string? section = null;
        var indices = new SortedSet<int>();
        foreach (var (number, text) in lines.Where(line => line.Text[0] != '#'))
        {
            if (text[0] == '[')
            {
                Close();
                section = text[^1] == ']' && text.Length > 2 ? text[1..^1].Trim()
                    : throw new InvalidDataException($"{path}, line {number}: '{text}' is no class in brackets.");
                if (sections.ContainsKey(section))
                    throw new InvalidDataException($"{path}, line {number}: '{section}' has been listed before.");
            }
            else if (section is null)
            {
                throw new InvalidDataException($"{path}, line {number}: '{text}' stands before the first class in brackets.");
            }
            else if (Resolve(text) is { } index)
            {
                indices.Add(index);
            }
            else
            {
                unresolved.Add(text);
            }
        }

        Close();

        void Close()
        {
            if (section is not null)
                sections[section] = [.. indices];
            indices.Clear();
        }
    }

    // The model's class of a line: a label, a number, or a label with a number before it.
    private int? Resolve(string line)
    {
        if (labels.FindAll(line) is [var whole])
            return whole;
        int space = line.IndexOf(' ');
        if (space < 0)
            return Number(line);
        if (!int.TryParse(line.AsSpan(0, space), NumberStyles.None, CultureInfo.InvariantCulture, out int near))
            return null;
        string name = line[(space + 1)..].Trim();
        if (labels.Count == 0)
            return imageNetStart.Value is { } start ? Number((near + start).ToString(CultureInfo.InvariantCulture)) : null;
        int[] named = [.. Enumerable.Range(0, labels.Count).Where(i => IsNamed(labels[i], name))];
        return named.Length == 0 ? null : named.MinBy(i => Math.Abs(i - near));
    }

    private int? Number(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number < classCount ? number : null;

    private static bool IsNamed(string label, string name) => label.Equals(name, StringComparison.OrdinalIgnoreCase)
        || label.Split(',', StringSplitOptions.TrimEntries).Contains(name, StringComparer.OrdinalIgnoreCase);

    // Where ImageNet's 1000 classes begin among the model's: 0, or 1 after a class for the background; null where the model has others.
    private int? FindImageNet()
    {
        if (labels.Count == 0)
            return classCount is 1000 or 1001 ? (int)classCount - ImageNetClasses.Count : null;
        string[] lines = [.. Shipped.Lines(Folder + "voc-to-imagenet.txt").Where(line => line[0] != '[')];
        int[] starts = [.. lines
            .Select(line => (Number: int.Parse(line.AsSpan(0, line.IndexOf(' ')), CultureInfo.InvariantCulture), Class: Resolve(line)))
            .Where(l => l.Class is not null).Select(l => l.Class!.Value - l.Number)];
        return starts.Length >= ShareOfImageNet * lines.Length && starts.All(s => s == starts[0]) && starts[0] >= 0 ? starts[0] : null;
    }
}
