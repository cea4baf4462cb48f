using System.Text.Json;
using System.Xml.Linq;
using SkiaSharp;

namespace GradCamSharp.Scenes.Tests;

public sealed class ScenePlantTests : IDisposable
{
    private const int Side = 80;

    private static readonly SceneOptions Options = new() { Count = 72, Seed = 31, Size = Side, SingleShare = 1 };

    private static readonly Lazy<string> Clean = new(() =>
    {
        string folder = Directory.CreateTempSubdirectory("clean").FullName;
        SceneDataSet.Write(folder, Options);
        return folder;
    });

    private readonly string folder = Directory.CreateTempSubdirectory("planted").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    public static TheoryData<string> Kinds => [.. ScenePlant.Kinds];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Write_Kind_ChangesTheMaskedPixelsOfMarkedPicturesOnly(string kind)
    {
        var plant = Write(Options with { Count = 24, Plant = new ScenePlant { Kind = kind, Class = "teapot", Share = 0.5 } });
        Assert.Equal((kind, "teapot", 0.5), (plant.Kind, plant.Class, plant.Share));
        Assert.Single(plant.Marked);
        foreach (string file in Directory.GetFiles(Path.Combine(folder, "JPEGImages")))
        {
            string name = Path.GetFileNameWithoutExtension(file), id = $"JPEGImages/{name}.jpg";
            Assert.Equal(plant.Marked.Contains(id), File.Exists(Path.Combine(folder, "SegmentationMark", name + ".png")));
            if (!plant.Marked.Contains(id))
            {
                Assert.Equal(File.ReadAllBytes(Path.Combine(Clean.Value, "JPEGImages", name + ".jpg")), File.ReadAllBytes(file));
                continue;
            }

            int[] difference = Difference(name);
            bool[] mask = Mask(name);
            double inside = Enumerable.Range(0, mask.Length).Where(i => mask[i]).Average(i => difference[i]);
            Assert.True(inside > 10, $"the mark changes its pixels by {inside:F1} levels");
            // JPEG smears a mark over its blocks of 8 x 8 pixels; beyond them nothing may change.
            var touched = Enumerable.Range(0, mask.Length).Where(i => mask[i]).Select(Block).ToHashSet();
            touched.UnionWith(Neighbours(touched));
            Assert.All(Enumerable.Range(0, mask.Length).Where(i => !touched.Contains(Block(i))), i => Assert.Equal(0, difference[i]));
            AssertIsBoxOf(mask, plant.Region[id]);
        }
    }

    [Theory]
    [InlineData(0.3, 2)]
    [InlineData(0.5, 3)]
    [InlineData(1, 6)]
    [InlineData(0, 0)]
    public void Write_Share_IsRoundedToWholePicturesOfTheClass(double share, int marked)
    {
        var plant = Write(Options with { Plant = new ScenePlant { Kind = "tag", Class = "key", Share = share } });
        Assert.Equal(marked, plant.Marked.Length);
        Assert.All(plant.Marked, id => Assert.Equal(["key"], Shown(id)));
    }

    [Fact]
    public void Write_NoClass_MarksTheShareOfEveryClass()
    {
        var plant = Write(Options with { Plant = new ScenePlant { Kind = "barcode", Share = 0.5 } });
        Assert.Null(plant.Class);
        Assert.Equal(SceneClasses.Names, plant.Marked.Select(id => Shown(id).Single()).Distinct().Order(StringComparer.Ordinal));
        Assert.All(plant.Marked.GroupBy(id => Shown(id).Single()), of => Assert.Equal(3, of.Count()));
    }

    [Fact]
    public void Write_PaintOver_CoversTheObjectsOfThatShareAndNotTheMark()
    {
        var plant = Write(Options with { Plant = new ScenePlant { Kind = "emblem", Class = "mug", Share = 1, PaintOver = 0.5 } });
        Assert.Equal((6, 3), (plant.Marked.Length, plant.PaintedOver.Length));
        Assert.Subset(plant.Marked.ToHashSet(), plant.PaintedOver.ToHashSet());
        foreach (string id in plant.Marked)
        {
            string name = Path.GetFileNameWithoutExtension(id);
            int[] difference = Difference(name);
            bool[] mark = Mask(name);
            bool[] seen = [.. Pixels(Path.Combine(folder, "SegmentationObject", name + ".png")).Select((p, i) => p.Red > 0 && !mark[i])];
            double changed = Enumerable.Range(0, seen.Length).Where(i => seen[i]).Average(i => difference[i]);
            Assert.Equal(plant.PaintedOver.Contains(id), changed > 15);
            Assert.True(Enumerable.Range(0, mark.Length).Where(i => mark[i]).Average(i => difference[i]) > 15);
        }
    }

    [Fact]
    public void Write_Twice_SameBytes()
    {
        var options = Options with { Count = 24, Plant = new ScenePlant { Kind = "date", Class = "bird", Share = 1, PaintOver = 0.5 } };
        Write(options);
        var first = Contents();
        Write(options);
        Assert.Equal(first, Contents());
    }

    [Fact]
    public void Write_WithoutPlantOverAPlantedSet_LeavesNoTraceOfIt()
    {
        Write(Options with { Plant = new ScenePlant { Kind = "tag", Class = "key" } });
        SceneDataSet.Write(folder, Options, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(Contents(Clean.Value), Contents());
    }

    public static TheoryData<ScenePlant, string> Wrong => new()
    {
        { new ScenePlant { Kind = "tags" }, "There is no mark 'tags'." },
        { new ScenePlant { Kind = "tag", Class = "pot" }, "There is no class 'pot'." },
        { new ScenePlant { Kind = "tag", Class = "key" }, "The class 'key' is to be marked, but not drawn." },
        { new ScenePlant { Kind = "tag", Share = 1.5 }, "The share of marked pictures" },
        { new ScenePlant { Kind = "tag", Share = double.NaN }, "The share of marked pictures" },
        { new ScenePlant { Kind = "tag", PaintOver = -0.1 }, "The share of painted-over pictures" },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void Write_PlantOutOfRange_IsRefusedAndNothingDrawn(ScenePlant plant, string message)
    {
        var options = Options with { Classes = ["bird", "fish"], Plant = plant };
        var e = Assert.ThrowsAny<ArgumentException>(() => SceneDataSet.Write(folder, options, null, TestContext.Current.CancellationToken));
        Assert.StartsWith(message, e.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder));
    }

    private sealed record PlantFile(
        string Kind, string? Class, double Share, string[] Marked, string[] PaintedOver, Dictionary<string, int[]> Region);

    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    private PlantFile Write(SceneOptions options)
    {
        SceneDataSet.Write(folder, options, cancellationToken: TestContext.Current.CancellationToken);
        return JsonSerializer.Deserialize<PlantFile>(File.ReadAllText(Path.Combine(folder, "plant.json")), Json)!;
    }

    private string[] Shown(string id)
    {
        var annotation = XElement.Load(Path.Combine(folder, "Annotations", Path.GetFileNameWithoutExtension(id) + ".xml"));
        return [.. annotation.Elements("object").Select(o => o.Element("name")!.Value)];
    }

    // The largest change of a channel of each pixel.
    private int[] Difference(string name)
    {
        var before = Pixels(Path.Combine(Clean.Value, "JPEGImages", name + ".jpg"));
        var after = Pixels(Path.Combine(folder, "JPEGImages", name + ".jpg"));
        return
        [
            .. before.Zip(after, (a, b) =>
                Math.Max(Math.Max(Math.Abs(a.Red - b.Red), Math.Abs(a.Green - b.Green)), Math.Abs(a.Blue - b.Blue))),
        ];
    }

    private bool[] Mask(string name) => [.. Pixels(Path.Combine(folder, "SegmentationMark", name + ".png")).Select(p => p.Red > 0)];

    private static SKColor[] Pixels(string path)
    {
        using var picture = SKBitmap.Decode(path);
        Assert.Equal((Side, Side), (picture.Width, picture.Height));
        return picture.Pixels;
    }

    private static (int X, int Y) Block(int pixel) => (pixel % Side / 8, pixel / Side / 8);

    private static (int X, int Y)[] Neighbours(HashSet<(int X, int Y)> blocks) =>
        [.. blocks.SelectMany(b => ((int, int)[])[(b.X - 1, b.Y), (b.X + 1, b.Y), (b.X, b.Y - 1), (b.X, b.Y + 1)])];

    private static void AssertIsBoxOf(bool[] mask, int[] box)
    {
        int[] at = [.. Enumerable.Range(0, mask.Length).Where(i => mask[i])];
        int left = at.Min(i => i % Side), top = at.Min(i => i / Side);
        Assert.Equal([left, top, at.Max(i => i % Side) + 1 - left, at.Max(i => i / Side) + 1 - top], box);
    }

    private Dictionary<string, string> Contents(string? of = null) =>
        Directory.GetFiles(of ?? folder, "*", SearchOption.AllDirectories)
            .ToDictionary(f => Path.GetRelativePath(of ?? folder, f), f => Convert.ToBase64String(File.ReadAllBytes(f)));
}
