using System.Globalization;
using System.Text;
using System.Xml.Linq;
using GradCamSharp.Output;

namespace GradCamSharp.Scenes;

/// <summary>Writes a set of scenes in PASCAL VOC's layout: pictures, annotations, masks, lists of pictures.</summary>
/// <remarks>
/// Of every five pictures the first three are for training, the fourth for validation, the fifth for testing. Pixels of objects hold, in
/// SegmentationObject, the object's place in the annotation, from 1; in SegmentationClass, the class's place in
/// <see cref="SceneClasses.Names"/>, from 1; all others 0. Where <see cref="SceneOptions.Plant"/> plants a shortcut, plant.json names the
/// marked pictures, and SegmentationMark holds 1 where the mark is, 0 elsewhere; all else is as without it.
/// </remarks>
public static class SceneDataSet
{
    /// <summary>Draws all pictures into <paramref name="folder"/>, which is created where it is missing.</summary>
    /// <param name="folder">The data set's folder.</param>
    /// <param name="options">What to draw.</param>
    /// <param name="progress">Told the number of pictures that are done, from several threads.</param>
    /// <param name="cancellationToken">Stops between two pictures.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    /// <exception cref="InvalidDataException">The folder holds pictures of another set.</exception>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; the pictures drawn so far stay, without ImageSets.</exception>
    public static void Write(
        string folder, SceneOptions options, IProgress<int>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        var painter = new ScenePainter(options);
        RefuseOther(folder, options);
        ScenePlanting.Clear(folder, options);
        string[] parts = ["JPEGImages", "Annotations", "SegmentationObject", "SegmentationClass", "ImageSets/Main"];
        foreach (var part in parts)
            Directory.CreateDirectory(Path.Combine(folder, part));

        var shown = new bool[options.Count][];
        var done = 0;
        var limits = new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = cancellationToken };
        Parallel.For(0, options.Count, limits, index =>
        {
            using var scene = painter.Paint(index);
            WritePicture(folder, Name(options, index), scene);
            shown[index] = [.. SceneClasses.Names.Select(name => scene.Objects.Any(o => o.Class == name))];
            progress?.Report(Interlocked.Increment(ref done));
        });
        if (options.Plant is not null)
            new ScenePlanting(folder, options).Write(painter, shown, cancellationToken);
        WriteSets(folder, options, shown);
    }

    // Their pictures would lie beside these ones, in no list: who reads all pictures of the folder would read two sets.
    private static void RefuseOther(string folder, SceneOptions options)
    {
        string pictures = Path.Combine(folder, "JPEGImages");
        if (!Directory.Exists(pictures))
            return;
        var own = Enumerable.Range(0, options.Count).Select(i => Name(options, i) + ".jpg").ToHashSet(StringComparer.Ordinal);
        if (Directory.EnumerateFiles(pictures, "*.jpg").Select(Path.GetFileName).FirstOrDefault(name => !own.Contains(name!)) is { } other)
        {
            throw new InvalidDataException($"'{folder}' holds pictures of another set, such as {other}. Give another folder, or delete " +
                "that one: both sets' pictures would lie in it, and the lists would have one.");
        }
    }

    /// <summary>A picture's name without extension: the seed and the index.</summary>
    public static string Name(SceneOptions options, int index)
    {
        ArgumentNullException.ThrowIfNull(options);
        return string.Create(CultureInfo.InvariantCulture, $"{options.Seed:D4}_{index:D6}");
    }

    private static void WritePicture(string folder, string name, Scene scene)
    {
        var side = scene.Size;
        AtomicFile.Write(Path.Combine(folder, "JPEGImages", name + ".jpg"), scene.ToJpeg());
        AtomicFile.Write(Path.Combine(folder, "SegmentationObject", name + ".png"), IndexedPng.Encode(scene.ObjectIds, side, side));

        var classes = new byte[side * side];
        for (var i = 0; i < classes.Length; i++)
            if (scene.ObjectIds[i] is > 0 and var id)
                classes[i] = (byte)(IndexOf(scene.Objects[id - 1].Class) + 1);

        AtomicFile.Write(Path.Combine(folder, "SegmentationClass", name + ".png"), IndexedPng.Encode(classes, side, side));
        var xml = Annotation(name, scene).ToString() + "\n";
        AtomicFile.Write(Path.Combine(folder, "Annotations", name + ".xml"), Encoding.UTF8.GetBytes(xml.ReplaceLineEndings("\n")));
    }

    // VOC counts pixels from 1, and the box's last column and row belong to it.
    private static XElement Annotation(string name, Scene scene) => new("annotation",
        new XElement("folder", "scenes"),
        new XElement("filename", name + ".jpg"),
        new XElement("source", new XElement("database", "GradCamSharp scenes")),
        new XElement("size", new XElement("width", scene.Size), new XElement("height", scene.Size), new XElement("depth", 3)),
        new XElement("segmented", 1),
        scene.Objects.Select(o => new XElement("object",
            new XElement("name", o.Class),
            new XElement("pose", "Unspecified"),
            new XElement("truncated", o.Truncated ? 1 : 0),
            new XElement("occluded", o.Occluded ? 1 : 0),
            new XElement("difficult", 0),
            new XElement("bndbox",
                new XElement("xmin", o.Box.X + 1),
                new XElement("ymin", o.Box.Y + 1),
                new XElement("xmax", o.Box.X + o.Box.Width),
                new XElement("ymax", o.Box.Y + o.Box.Height)))));

    private static void WriteSets(string folder, SceneOptions options, bool[][] shown)
    {
        var names = Enumerable.Range(0, options.Count).Select(i => Name(options, i)).ToArray();
        (string, Func<int, bool>)[] sets =
        [
            ("train", static i => i % 5 < 3),
            ("val", static i => i % 5 == 3),
            ("trainval", static i => i % 5 < 4),
            ("test", static i => i % 5 == 4),
        ];
        foreach (var (set, member) in sets)
        {
            var members = Enumerable.Range(0, options.Count).Where(member).ToArray();
            WriteLines(set, members.Select(i => names[i]));
            for (var c = 0; c < SceneClasses.Names.Count; c++)
                WriteLines($"{SceneClasses.Names[c]}_{set}", members.Select(i => $"{names[i]} {(shown[i][c] ? " 1" : "-1")}"));
        }

        void WriteLines(string name, IEnumerable<string> lines)
        {
            var text = string.Concat(lines.Select(static line => line + "\n"));
            AtomicFile.Write(Path.Combine(folder, "ImageSets", "Main", name + ".txt"), Encoding.UTF8.GetBytes(text));
        }
    }

    private static int IndexOf(string name)
    {
        for (var i = 0; i < SceneClasses.Names.Count; i++)
            if (SceneClasses.Names[i] == name)
                return i;

        throw new ArgumentException($"There is no class '{name}'.", nameof(name));
    }
}
