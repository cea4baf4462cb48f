using GradCamSharp.Evaluation.Errors;

namespace GradCamSharp.Evaluation.DataSets;

/// <summary>COCO: annotations/instances_SET.json and the pictures' folder beside it.</summary>
internal sealed class CocoDataSet : DataSet
{
    private const string Prefix = "instances_", DefaultSet = "val";

    private readonly string file;
    private readonly bool includeDifficult;
    private readonly CocoInstances instances;
    private readonly Dictionary<string, long> ids = new(StringComparer.Ordinal);

    private CocoDataSet(string file, string root, string set, DataSetOptions options)
    {
        this.file = file;
        Root = root;
        ImageSet = set;
        includeDifficult = options.IncludeDifficult;
        instances = CocoInstances.Read(file);
        var folder = PicturesFolder(set);
        foreach (var (name, id) in instances.Pictures)
        {
            if (!ids.TryAdd(name, id))
                throw new InvalidDataException($"{file}: the picture '{name}' is listed a second time.");
        }

        Pictures = [.. ids.Keys.Order(StringComparer.Ordinal).Select(name => new DataSetPicture(name, Below(folder, name), []))];
    }

    public override string Kind => "coco";

    public override string Root { get; }

    public override IReadOnlyList<DataSetPicture> Pictures { get; }

    public override string? ImageSet { get; }

    public override bool HasObjects => true;

    /// <summary>The instances JSON of a COCO folder; null where this is none.</summary>
    public static string? Find(string root, DataSetOptions options)
    {
        var folder = Path.Combine(root, "annotations");
        string[] all = Directory.Exists(folder)
            ? [.. Directory.EnumerateFiles(folder, Prefix + "*.json").Order(StringComparer.Ordinal)]
            : [];
        if (all.Length == 0)
            return null;
        string wanted = Prefix + (options.ImageSet ?? DefaultSet);
        var found = all.Where(f => Path.GetFileNameWithoutExtension(f) == wanted)
            .Concat(all.Where(f => Path.GetFileName(f).StartsWith(wanted, StringComparison.Ordinal)));
        return found.FirstOrDefault() ?? (options.ImageSet is null && all.Length == 1 ? all[0]
            : throw new EvaluationException(
                EvaluationError.UnknownImageSet,
                $"'{folder}' has no {wanted}*.json but {string.Join(", ", all.Select(Path.GetFileName))}.",
                $"Choose one as ImageSet, without {Prefix} and .json."));
    }

    public static CocoDataSet OfFile(string file, DataSetOptions options)
    {
        string folder = Path.GetDirectoryName(file)!, name = Path.GetFileNameWithoutExtension(file);
        string root = Path.GetFileName(folder) == "annotations" ? Path.GetDirectoryName(folder)! : folder;
        return new CocoDataSet(file, root, name.StartsWith(Prefix, StringComparison.Ordinal) ? name[Prefix.Length..] : name, options);
    }

    public override IReadOnlyList<AnnotatedObject> Objects(DataSetPicture picture)
    {
        ArgumentNullException.ThrowIfNull(picture);
        if (!ids.TryGetValue(picture.Id, out long id))
            return [];
        var objects = instances.Objects(id, file);
        return includeDifficult ? objects : [.. objects.Where(o => !o.Difficult)];
    }

    // val2017 or images/val2017, images, or beside the JSON: the first that holds the first picture.
    private string PicturesFolder(string set)
    {
        string[] folders = [Path.Combine(Root, set), Path.Combine(Root, "images", set), Path.Combine(Root, "images"), Root];
        if (instances.Pictures.Count == 0)
            return Root;
        string first = instances.Pictures[0].Name;
        return folders.FirstOrDefault(folder => File.Exists(Below(folder, first)))
            ?? throw new InvalidDataException($"'{first}', the first picture of {file}, is in none of {string.Join(", ", folders)}. " +
                "Put the pictures there.");
    }

    private string Below(string folder, string name) => PictureFiles.Inside(folder, name, file);
}
