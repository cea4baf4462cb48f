using GradCamSharp.Evaluation.Errors;

namespace GradCamSharp.Evaluation.DataSets;

/// <summary>PASCAL VOC as released: JPEGImages, Annotations, ImageSets/Main.</summary>
internal sealed class VocDataSet : DataSet
{
    private const string DefaultSet = "val";

    private readonly bool includeDifficult;
    private readonly Lazy<int> available;

    public VocDataSet(string root, DataSetOptions options)
    {
        Root = root;
        includeDifficult = options.IncludeDifficult;
        var pictures = Path.Combine(root, "JPEGImages");
        string? list = List(root, options.ImageSet);
        ImageSet = list is null ? null : Path.GetFileNameWithoutExtension(list);
        available = new Lazy<int>(() => PictureFiles.Below(pictures).Count);
        var names = list is not null ? Names(list, pictures) : PictureFiles.Below(pictures);
        Pictures = [.. names.Order(StringComparer.Ordinal).Select(name => new DataSetPicture(name, Path.Combine(pictures, name), []))];
    }

    public override string Kind => "voc";

    public override string Root { get; }

    public override IReadOnlyList<DataSetPicture> Pictures { get; }

    public override string? ImageSet { get; }

    public override int Available => available.Value;

    public override bool HasObjects => true;

    /// <summary>The year's folder: the folder itself, or the only one in it (VOCdevkit/VOC2007); null where this is not VOC.</summary>
    public static string? Find(string folder)
    {
        if (IsYear(folder))
            return folder;
        var years = Directory.EnumerateDirectories(folder).Concat(Inner(folder, "VOCdevkit"))
            .Where(IsYear).Order(StringComparer.Ordinal).ToArray();
        return years.Length switch
        {
            0 => null,
            1 => years[0],
            _ => throw new InvalidDataException(
                $"'{folder}' holds several years of VOC ({string.Join(", ", years.Select(Path.GetFileName))}). " +
                "Give one of these folders."),
        };

        static bool IsYear(string f) => Directory.Exists(Path.Combine(f, "JPEGImages")) && Directory.Exists(Path.Combine(f, "Annotations"));
        static IEnumerable<string> Inner(string f, string name) =>
            Directory.Exists(Path.Combine(f, name)) ? Directory.EnumerateDirectories(Path.Combine(f, name)) : [];
    }

    public override IReadOnlyList<AnnotatedObject> Objects(DataSetPicture picture)
    {
        ArgumentNullException.ThrowIfNull(picture);
        var objects = VocAnnotation.Read(Path.Combine(Root, "Annotations", Path.ChangeExtension(picture.Id, ".xml")));
        return includeDifficult ? objects : [.. objects.Where(o => !o.Difficult)];
    }

    private static string? List(string root, string? set)
    {
        var folder = Path.Combine(root, "ImageSets", "Main");
        if (set is not null && (set.IndexOfAny(['/', '\\', ':', '\0']) >= 0 || set.Contains("..", StringComparison.Ordinal)))
            throw new InvalidDataException($"'{set}' is no name of an image set. Give the name of a file in {folder} without .txt.");
        var path = Path.Combine(folder, (set ?? DefaultSet) + ".txt");
        if (File.Exists(path))
            return path;
        if (!Directory.Exists(folder) && set is null)
            return null;
        string[] sets = Directory.Exists(folder)
            ? [.. Directory.EnumerateFiles(folder, "*.txt").Select(f => Path.GetFileNameWithoutExtension(f)).Order(StringComparer.Ordinal)]
            : [];
        string known = sets.Length == 0 ? "none" : string.Join(", ", sets.Where(s => !s.Contains('_')).DefaultIfEmpty(sets[0]));
        throw new EvaluationException(
            EvaluationError.UnknownImageSet, $"There is no image set '{path}'. The sets are: {known}.", "Choose one as ImageSet.");
    }

    // A line is a name; in a class's own list also 1 (shown), 0 (difficult) or -1 (not shown).
    private static IEnumerable<string> Names(string list, string pictures)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (number, text) in TextFile.Lines(list))
        {
            string[] parts = text.Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
            if (parts.Length > 2 || (parts.Length == 2 && parts[1] is not ("1" or "0" or "-1")) || parts[0].Contains('/'))
                throw new InvalidDataException($"{list}, line {number}: '{text}' is not a picture's name, or a name and 1, 0 or -1.");
            string path = PictureFiles.Inside(pictures, parts[0], list, number);
            if (!seen.Add(parts[0]))
                throw new InvalidDataException($"{list}, line {number}: '{parts[0]}' is listed a second time.");
            if (parts.Length == 1 || parts[1] != "-1")
                yield return parts[0] + (PictureFiles.Extensions.FirstOrDefault(extension => File.Exists(path + extension)) ?? ".jpg");
        }
    }
}
