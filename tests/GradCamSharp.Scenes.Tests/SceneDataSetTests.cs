using System.Globalization;
using System.Xml.Linq;
using SkiaSharp;

namespace GradCamSharp.Scenes.Tests;

public sealed class SceneDataSetTests : IDisposable
{
    private static readonly SceneOptions Options = new() { Count = 20, Seed = 21, Size = 80 };

    private readonly string folder = Directory.CreateTempSubdirectory("scenes").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Write_Twice_SameBytes()
    {
        string first = Path.Combine(folder, "a"), second = Path.Combine(folder, "b");
        SceneDataSet.Write(first, Options, cancellationToken: TestContext.Current.CancellationToken);
        SceneDataSet.Write(second, Options, cancellationToken: TestContext.Current.CancellationToken);
        var files = Files(first);
        Assert.Equal(files, Files(second));
        byte[] Bytes(string set, string file) => File.ReadAllBytes(Path.Combine(set, file));
        Assert.All(files, file => Assert.Equal(Bytes(first, file), Bytes(second, file)));
    }

    [Fact]
    public void Write_Masks_AgreeWithAnnotations()
    {
        SceneDataSet.Write(folder, Options, cancellationToken: TestContext.Current.CancellationToken);
        foreach (var file in Directory.GetFiles(Path.Combine(folder, "Annotations")))
        {
            var name = Path.GetFileNameWithoutExtension(file);
            var annotation = XElement.Load(file);
            Assert.Equal(name + ".jpg", annotation.Element("filename")!.Value);
            Assert.Equal("80", annotation.Element("size")!.Element("width")!.Value);
            using var picture = SKBitmap.Decode(Path.Combine(folder, "JPEGImages", name + ".jpg"));
            Assert.Equal((80, 80), (picture.Width, picture.Height));
            var objects = Indices(Path.Combine(folder, "SegmentationObject", name + ".png"));
            var classes = Indices(Path.Combine(folder, "SegmentationClass", name + ".png"));

            var id = 0;
            foreach (var item in annotation.Elements("object"))
            {
                id++;
                var at = Enumerable.Range(0, objects.Length).Where(i => objects[i] == id).ToArray();
                var box = item.Element("bndbox")!;
                Assert.Equal(at.Min(i => i % 80) + 1, Number(box, "xmin"));
                Assert.Equal(at.Max(i => i % 80) + 1, Number(box, "xmax"));
                Assert.Equal(at.Min(i => i / 80) + 1, Number(box, "ymin"));
                Assert.Equal(at.Max(i => i / 80) + 1, Number(box, "ymax"));
                var label = SceneClasses.Names.ToList().IndexOf(item.Element("name")!.Value) + 1;
                Assert.All(at, i => Assert.Equal(label, classes[i]));
            }

            Assert.Equal(id, objects.Max());
            Assert.Equal(objects.Count(static v => v == 0), classes.Count(static v => v == 0));
        }
    }

    [Fact]
    public void Write_ImageSets_SplitAndNameWhatIsShown()
    {
        SceneDataSet.Write(folder, Options, cancellationToken: TestContext.Current.CancellationToken);
        string[] Lines(string set) => File.ReadAllLines(Path.Combine(folder, "ImageSets", "Main", set + ".txt"));
        Assert.Equal((12, 4, 4), (Lines("train").Length, Lines("val").Length, Lines("test").Length));
        Assert.Equal(20, Lines("trainval").Concat(Lines("test")).Distinct().Count());
        foreach (var set in (string[])["train", "val", "test"])
            foreach (var name in SceneClasses.Names)
                foreach (var line in Lines($"{name}_{set}"))
                {
                    var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
                    var annotation = XElement.Load(Path.Combine(folder, "Annotations", words[0] + ".xml"));
                    var shown = annotation.Elements("object").Any(o => o.Element("name")!.Value == name);
                    Assert.Equal(shown ? "1" : "-1", words[1]);
                }
    }

    [Fact]
    public void Write_Cancelled_Throws()
    {
        using var source = new CancellationTokenSource();
        source.Cancel();
        Assert.Throws<OperationCanceledException>(() => SceneDataSet.Write(folder, Options, cancellationToken: source.Token));
        Assert.Empty(Directory.GetFiles(Path.Combine(folder, "ImageSets", "Main")));
    }

    /// <summary>The first entries of PASCAL VOC's palette, as its development kit prints them.</summary>
    [Theory]
    [InlineData(0, 0, 0, 0)]
    [InlineData(1, 128, 0, 0)]
    [InlineData(2, 0, 128, 0)]
    [InlineData(5, 128, 0, 128)]
    [InlineData(8, 64, 0, 0)]
    [InlineData(20, 0, 64, 128)]
    [InlineData(255, 224, 224, 192)]
    public void VocPalette_Entry_IsVocs(int index, int red, int green, int blue) =>
        Assert.Equal([(byte)red, (byte)green, (byte)blue], IndexedPng.VocPalette[(index * 3)..((index * 3) + 3)]);

    // Reads a mask with a decoder that is not ours, and turns colours back into indices.
    private static int[] Indices(string path)
    {
        using var mask = SKBitmap.Decode(path);
        var colors = Enumerable.Range(0, 256).ToDictionary(static i => new SKColor(
            IndexedPng.VocPalette[i * 3], IndexedPng.VocPalette[(i * 3) + 1], IndexedPng.VocPalette[(i * 3) + 2]));
        return [.. mask.Pixels.Select(color => colors[color])];
    }

    private static int Number(XElement box, string name) => int.Parse(box.Element(name)!.Value, CultureInfo.InvariantCulture);

    private static string[] Files(string set) =>
    [
        .. Directory.GetFiles(set, "*", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(set, file))
            .Order(StringComparer.Ordinal),
    ];

    [Fact]
    public void Write_IntoTheFolderOfAnotherSet_IsRefusedAndLeftAlone()
    {
        string target = Directory.CreateTempSubdirectory().FullName;
        var token = TestContext.Current.CancellationToken;
        SceneDataSet.Write(target, new SceneOptions { Count = 3, Seed = 1, Size = 64 }, cancellationToken: token);
        string[] before = [.. Directory.EnumerateFiles(target, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];
        foreach (var other in (SceneOptions[])[new() { Count = 3, Seed = 2, Size = 64 }, new() { Count = 2, Seed = 1, Size = 64 }])
        {
            var e = Assert.Throws<InvalidDataException>(() => SceneDataSet.Write(target, other, cancellationToken: token));
            Assert.Contains("pictures of another set, such as 0001_", e.Message, StringComparison.Ordinal);
        }

        Assert.Equal(before, Directory.EnumerateFiles(target, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal));
        // More of the same set is the same set.
        SceneDataSet.Write(target, new SceneOptions { Count = 4, Seed = 1, Size = 64 }, cancellationToken: token);
        Directory.Delete(target, recursive: true);
    }
}
