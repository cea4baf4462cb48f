using System.Text.Json;
using GradCamSharp.Evaluation.Sampling;
using GradCamSharp.Output;
using GradCamSharp.Scenes.Planting;

namespace GradCamSharp.Scenes;

/// <summary>Plants a shortcut in a set of scenes and writes down where.</summary>
/// <param name="folder">The data set's folder, its pictures drawn.</param>
/// <param name="options">What was drawn, with <see cref="SceneOptions.Plant"/>.</param>
internal sealed class ScenePlanting(string folder, SceneOptions options)
{
    private const string Masks = "SegmentationMark";
    private const int ChoicePurpose = 2, MarkPurpose = 3, PaintPurpose = 4;

    // The standard deviation of the noise that an object is painted over with, in levels: 0.3 of half the range.
    private const float Grain = 38;

    private readonly ScenePlant plant = options.Plant ?? throw new ArgumentException("The options plant nothing.", nameof(options));

    /// <summary>Removes what an earlier set of the same pictures has planted in the folder.</summary>
    public static void Clear(string folder, SceneOptions options)
    {
        if (!Directory.Exists(folder))
            return;
        File.Delete(Path.Combine(folder, "plant.json"));
        if (!Directory.Exists(Path.Combine(folder, Masks)))
            return;
        for (var i = 0; i < options.Count; i++)
            File.Delete(MaskPath(folder, SceneDataSet.Name(options, i)));
        if (!Directory.EnumerateFileSystemEntries(Path.Combine(folder, Masks)).Any())
            Directory.Delete(Path.Combine(folder, Masks));
    }

    /// <summary>Draws the chosen pictures again, marked, and writes plant.json and the marks' masks.</summary>
    /// <param name="painter">Draws the pictures.</param>
    /// <param name="shown">For each picture, which of <see cref="SceneClasses.Names"/> it shows.</param>
    /// <param name="cancellationToken">Stops between two pictures.</param>
    public void Write(ScenePainter painter, bool[][] shown, CancellationToken cancellationToken)
    {
        var mark = Marks.All.First(m => m.Name == plant.Kind);
        var chosen = Choose(shown);
        var painted = chosen[..Rounded(plant.PaintOver, chosen.Length)].ToHashSet();
        Directory.CreateDirectory(Path.Combine(folder, Masks));
        var boxes = new SortedDictionary<int, int[]>();
        foreach (var index in chosen.Order())
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var scene = painter.Paint(index);
            if (painted.Contains(index))
                PaintOver(scene, new SeededRandom(options.Seed, index, PaintPurpose));
            var mask = mark.Apply(scene.Bitmap, new SeededRandom(options.Seed, index, MarkPurpose));
            boxes[index] = Box(mask, scene.Size);
            var name = SceneDataSet.Name(options, index);
            AtomicFile.Write(MaskPath(folder, name), IndexedPng.Encode(mask, scene.Size, scene.Size));
            AtomicFile.Write(Path.Combine(folder, "JPEGImages", name + ".jpg"), scene.ToJpeg());
        }

        AtomicFile.Write(Path.Combine(folder, "plant.json"), stream => Describe(stream, boxes, painted));
    }

    // Each picture has a random number of its own; of each class the smallest are taken. The order is that of the numbers.
    private int[] Choose(bool[][] shown)
    {
        var numbers = Enumerable.Range(0, options.Count)
            .Select(i => new SeededRandom(options.Seed, i, ChoicePurpose).NextBits())
            .ToArray();
        var wanted = plant.Class is { } name ? SceneClasses.Names.ToList().IndexOf(name) : -1;
        return
        [
            .. Enumerable.Range(0, options.Count)
                .Where(i => wanted < 0 || shown[i][wanted])
                .GroupBy(i => wanted < 0 ? Array.IndexOf(shown[i], true) : wanted)
                .SelectMany(of => of.OrderBy(i => numbers[i]).Take(Rounded(plant.Share, of.Count())))
                .OrderBy(i => numbers[i]),
        ];
    }

    private static int Rounded(double share, int count) => (int)Math.Round(share * count, MidpointRounding.AwayFromZero);

    private static string MaskPath(string folder, string name) => Path.Combine(folder, Masks, name + ".png");

    // The mean colour of the picture and noise, over the boxes of the objects of the class.
    private void PaintOver(Scene scene, SeededRandom random)
    {
        var pixels = scene.Bitmap.GetPixelSpan();
        var sums = new long[3];
        for (var i = 0; i < pixels.Length; i++)
            if (i % 4 < 3)
                sums[i % 4] += pixels[i];
        var covered = scene.Objects.Where(o => plant.Class is null || o.Class == plant.Class);
        foreach (var (left, top, width, height) in covered.Select(o => o.Box))
            for (var y = top; y < top + height; y++)
                for (var x = left; x < left + width; x++)
                    for (var c = 0; c < 3; c++)
                    {
                        var value = ((float)sums[c] / (scene.Size * scene.Size)) + (Grain * Normal(random));
                        pixels[(((y * scene.Size) + x) * 4) + c] = (byte)Math.Clamp(MathF.Round(value), 0, 255);
                    }
    }

    // Box and Muller.
    private static float Normal(SeededRandom random) =>
        MathF.Sqrt(-2 * MathF.Log(1 - random.Next())) * MathF.Cos(2 * MathF.PI * random.Next());

    // Left, top, width, height.
    private static int[] Box(byte[] mask, int side)
    {
        int left = side, top = side, right = 0, bottom = 0;
        for (var i = 0; i < mask.Length; i++)
            if (mask[i] > 0)
            {
                (left, right) = (Math.Min(left, i % side), Math.Max(right, (i % side) + 1));
                (top, bottom) = (Math.Min(top, i / side), (i / side) + 1);
            }

        return right == 0 ? [0, 0, 0, 0] : [left, top, right - left, bottom - top];
    }

    private void Describe(Stream stream, SortedDictionary<int, int[]> boxes, HashSet<int> painted)
    {
        using (var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true, NewLine = "\n" }))
        {
            json.WriteStartObject();
            json.WriteString("kind", plant.Kind);
            json.WriteString("class", plant.Class);
            json.WriteNumber("share", plant.Share);
            WriteList("marked", boxes.Keys);
            WriteList("painted_over", boxes.Keys.Where(painted.Contains));
            json.WriteStartObject("region");
            foreach (var (index, box) in boxes)
            {
                json.WriteStartArray(Id(index));
                foreach (var number in box)
                    json.WriteNumberValue(number);
                json.WriteEndArray();
            }

            json.WriteEndObject();
            json.WriteEndObject();

            void WriteList(string name, IEnumerable<int> pictures)
            {
                json.WriteStartArray(name);
                foreach (var index in pictures)
                    json.WriteStringValue(Id(index));
                json.WriteEndArray();
            }
        }

        stream.Write("\n"u8);
    }

    private string Id(int index) => $"JPEGImages/{SceneDataSet.Name(options, index)}.jpg";
}
