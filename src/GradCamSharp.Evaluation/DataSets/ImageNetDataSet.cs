using System.Globalization;
using System.Text.RegularExpressions;

namespace GradCamSharp.Evaluation.DataSets;

/// <summary>ImageNet's validation folder: all pictures in one folder, their classes in a file.</summary>
/// <remarks>
/// Lines of the file are, one a picture: ILSVRC2012's own ids, 1 to 1000 (the released ILSVRC2012_validation_ground_truth.txt;
/// recognised by that name, or by a line of 1000 and none of 0), or places in the sorted list of WordNet ids, from 0, or WordNet ids, or
/// labels. Before it, the picture's name may stand (as in Kaggle's LOC_val_solution.csv, whose boxes are passed over). Without names,
/// line i belongs to ILSVRC2012_val_i (from 1), or, where the pictures have other names, to the i-th.
/// </remarks>
internal sealed partial class ImageNetDataSet : DataSet
{
    private const string Released = "ILSVRC2012_validation_ground_truth", Prefix = "ILSVRC2012_val_";

    public ImageNetDataSet(string root, string truth)
    {
        Root = root;
        var names = PictureFiles.Below(root);
        var classes = Read(truth, names);
        Pictures = [.. names.Select(name => new DataSetPicture(name, Path.Combine(root, name), [classes[name]]))];
    }

    public override string Kind => "imagenet";

    public override string Root { get; }

    public override IReadOnlyList<DataSetPicture> Pictures { get; }

    /// <summary>
    /// The ground-truth file: the one asked for, or the released one in the folder, beside it or in the devkit
    /// beside it; null where there is none.
    /// </summary>
    public static string? FindGroundTruth(string root, DataSetOptions options)
    {
        if (options.GroundTruth is { } named)
        {
            return File.Exists(named) ? Path.GetFullPath(named)
                : throw new FileNotFoundException($"There is no ground-truth file '{named}'.");
        }
        string above = Path.GetDirectoryName(root) ?? root;
        string[] folders =
            [root, above, Path.Combine(above, "ILSVRC2012_devkit_t12", "data"), Path.Combine(root, "ILSVRC2012_devkit_t12", "data")];
        return folders.Select(folder => Path.Combine(folder, Released + ".txt")).FirstOrDefault(File.Exists) is { } found
            && Directory.EnumerateFiles(root, Prefix + "*").Any() ? found : null;
    }

    private static Dictionary<string, string> Read(string truth, IReadOnlyList<string> names)
    {
        var lines = TextFile.Lines(truth);
        var byName = Named(truth, lines, names);
        var texts = byName is null ? [.. lines.Select(l => l.Text)] : byName.Values.Select(v => v.Text).ToList();
        bool isIlsvrc = Path.GetFileNameWithoutExtension(truth) == Released || (texts.Contains("1000") && !texts.Contains("0"));
        var classes = new Dictionary<string, string>(StringComparer.Ordinal);
        bool areReleased = byName is null && names.All(name => Number(name) is { } n && n >= 1 && n <= lines.Count);
        if (byName is null && !areReleased && lines.Count != names.Count)
        {
            throw new InvalidDataException($"{truth} has {lines.Count} lines and its folder {names.Count} pictures; " +
                "without names in the lines there must be one for each.");
        }
        for (int i = 0; i < names.Count; i++)
        {
            var (number, text) = byName is null ? lines[areReleased ? Number(names[i])!.Value - 1 : i]
                : byName.TryGetValue(names[i], out var line) ? line
                : throw new InvalidDataException($"{truth} says nothing of '{names[i]}'.");
            classes[names[i]] = Class(truth, number, text, isIlsvrc);
        }

        return classes;
    }

    // Lines that begin with a picture's name, with or without its extension; null where the first line does not, nor one for each picture.
    private static Dictionary<string, (int Number, string Text)>? Named(
        string truth, List<(int Number, string Text)> lines, IReadOnlyList<string> names)
    {
        var known = names.ToDictionary(name => name, name => name, StringComparer.Ordinal);
        foreach (string name in names)
            known.TryAdd(Path.GetFileNameWithoutExtension(name), name);
        bool beginsWithName = lines.Count > 0 && Split(lines[0].Text, known) is { Class: not null } first && known.ContainsKey(first.Name);
        if (!beginsWithName && !NamesAll(lines, known, names.Count))
            return null;
        var found = new Dictionary<string, (int, string)>(StringComparer.Ordinal);
        foreach (var (number, text) in lines)
        {
            var (name, @class) = Split(text, known);
            if (@class is null)
                throw new InvalidDataException($"{truth}, line {number}: '{text}' has no class after the picture's name.");
            // Lines about pictures that are not here are fine: a part of the set is a set.
            if (known.TryGetValue(name, out string? picture))
                found[picture] = (number, @class);
        }

        return found;
    }

    // A heading, or pictures that are not here, may stand before the first that is.
    private static bool NamesAll(List<(int Number, string Text)> lines, Dictionary<string, string> known, int count) =>
        lines.Select(line => Split(line.Text, known)).Where(line => line.Class is not null)
            .Select(line => known.GetValueOrDefault(line.Name)).OfType<string>().Distinct().Count() == count;

    // Names may hold what else ends them: the longest that is a picture's, or what stands before the first such sign.
    private static (string Name, string? Class) Split(string line, Dictionary<string, string> known)
    {
        char[] ends = [' ', '\t', ','];
        int at = line.LastIndexOfAny(ends);
        while (at > 0 && !known.ContainsKey(line[..at]))
            at = line.LastIndexOfAny(ends, at - 1);
        if (at <= 0)
            at = line.IndexOfAny(ends);
        return at < 0 ? (line, null) : (line[..at], line[(at + 1)..].Trim());
    }

    private static int? Number(string name)
    {
        string stem = Path.GetFileNameWithoutExtension(name);
        return stem.StartsWith(Prefix, StringComparison.Ordinal)
            && int.TryParse(stem.AsSpan(Prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out int n)
            ? n : null;
    }

    private static string Class(string truth, int line, string text, bool isIlsvrc)
    {
        if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number))
            return WordNetId().Match(text) is { Success: true } id ? id.Value : text;
        int first = isIlsvrc ? 1 : 0;
        if (number < first || number >= ImageNetClasses.Count + first)
        {
            throw new InvalidDataException($"{truth}, line {line}: {number} is no class; " +
                $"they go from {first} to {ImageNetClasses.Count - 1 + first}.");
        }
        return isIlsvrc ? ImageNetClasses.OfIlsvrcId(number) : ImageNetClasses.WordNetIds[number];
    }

    // At the beginning of a class, before a box's sides.
    [GeneratedRegex(@"^n[0-9]{8}(?=[ ,\t]|$)")]
    private static partial Regex WordNetId();
}
