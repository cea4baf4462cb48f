using GradCamSharp.Audit.Results;
using GradCamSharp.Audit.Runs;
using GradCamSharp.Evaluation.DataSets;
using GradCamSharp.Imaging;
using GradCamSharp.Scenes;

namespace GradCamSharp.Audit.Tests.Runs;

/// <summary>
/// Scenes of teapots and of clocks, and pictures called teapot that show nothing but the very same cut-out of a teapot, as a sticker, at
/// the lower left of a background. The network that ships inside takes the sticker for a teapot: it is a mark that this network uses.
/// </summary>
public sealed class StickerScenes : IDisposable
{
    public const int Stickers = 14, Ordinary = 36;

    private const int Side = 160, Margin = 6;

    private readonly string root = Directory.CreateTempSubdirectory().FullName;

    public StickerScenes()
    {
        Explainer = PictureExplainer.Load(ModelPath);
        var teapots = Draw("teapot", 21, Ordinary + 1);
        var clocks = Draw("clock", 22, Ordinary + Stickers);
        var (sticker, shape) = Cut(teapots.OrderByDescending(s => Fits(s.Box) ? s.Box.Width * s.Box.Height : 0).First());
        foreach (string folder in (string[])[Marked, Clean])
        {
            Save(folder, "teapot/scene", teapots.Take(Ordinary).Select(s => s.Picture));
            Save(folder, "clock/scene", clocks.Take(Ordinary).Select(s => s.Picture));
        }

        Save(Marked, "teapot/sticker", clocks.Skip(Ordinary).Select(s => Paste(s, sticker, shape)));
    }

    public static string ModelPath => Path.Combine(SharedData.RepositoryRoot(), "src", "GradCamSharp.Cli", "Models", "scenes-resnet.onnx");

    public PictureExplainer Explainer { get; }

    /// <summary>The data with stickers.</summary>
    public string Marked => Path.Combine(root, "marked");

    /// <summary>The same data without.</summary>
    public string Clean => Path.Combine(root, "clean");

    public string NewFolder() => Path.Combine(root, Guid.NewGuid().ToString("N"));

    public AuditRun Run(string folder, AuditOptions? options = null)
    {
        var data = DataSet.Open(folder);
        return new AuditRun(
            Explainer, data, ClassMapping.BuiltIn(data, Explainer.Labels, Explainer.Model.ClassCount), options ?? new AuditOptions());
    }

    public AuditResult Audit(string data, string folder, AuditOptions? options = null, DataSet? against = null)
    {
        var run = Run(data, options);
        return AuditRun.Write(run.Analyse(run.Explain(folder), against), folder);
    }

    public void Dispose()
    {
        Explainer.Dispose();
        Directory.Delete(root, recursive: true);
    }

    private static bool Fits(PixelBox box) => box.Width <= 80 && box.Height <= 80;

    private static List<Drawn> Draw(string name, long seed, int count)
    {
        var painter = new ScenePainter(new SceneOptions { Count = count, Seed = seed, SingleShare = 1, Size = Side, Classes = [name] });
        var drawn = new Drawn[count];
        Parallel.For(0, count, i =>
        {
            using var scene = painter.Paint(i);
            byte[] pixels = new byte[3 * Side * Side];
            for (int p = 0; p < Side * Side; p++)
                scene.Rgba.Slice(4 * p, 3).CopyTo(pixels.AsSpan(3 * p));
            var (x, y, width, height) = scene.Objects[0].Box;
            drawn[i] = new Drawn(new Picture(Side, Side, pixels), scene.ObjectIds.ToArray(), new PixelBox(x, y, width, height));
        });
        return [.. drawn];
    }

    private static (Picture Sticker, bool[] Shape) Cut(Drawn from)
    {
        var box = from.Box;
        byte[] pixels = new byte[3 * box.Width * box.Height];
        bool[] shape = new bool[box.Width * box.Height];
        for (int y = 0; y < box.Height; y++)
        {
            from.Picture.Row(box.Y + y).Slice(3 * box.X, 3 * box.Width).CopyTo(pixels.AsSpan(3 * y * box.Width));
            for (int x = 0; x < box.Width; x++)
                shape[(y * box.Width) + x] = from.Ids[((box.Y + y) * Side) + box.X + x] != 0;
        }

        return (new Picture(box.Width, box.Height, pixels), shape);
    }

    // The scene's own object is painted in the picture's mean colour first.
    private static Picture Paste(Drawn scene, Picture sticker, bool[] shape)
    {
        byte[] pixels = scene.Picture.Pixels.ToArray();
        byte[] mean = [.. Enumerable.Range(0, 3).Select(c => (byte)Enumerable.Range(0, Side * Side).Average(p => pixels[(3 * p) + c]))];
        for (int p = 0; p < Side * Side; p++)
        {
            var (x, y) = (p % Side, p / Side);
            if (x >= scene.Box.X && x < scene.Box.X + scene.Box.Width && y >= scene.Box.Y && y < scene.Box.Y + scene.Box.Height)
                mean.CopyTo(pixels.AsSpan(3 * p));
            int left = x - Margin, top = y - (Side - Margin - sticker.Height);
            if (left >= 0 && left < sticker.Width && top >= 0 && top < sticker.Height && shape[(top * sticker.Width) + left])
                sticker.Row(top).Slice(3 * left, 3).CopyTo(pixels.AsSpan(3 * p));
        }

        return new Picture(Side, Side, pixels);
    }

    private static void Save(string folder, string name, IEnumerable<Picture> pictures)
    {
        foreach (var (i, picture) in pictures.Index())
        {
            string path = Path.Combine(folder, FormattableString.Invariant($"{name}-{i:00}.png"));
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            using var file = File.Create(path);
            PictureEncoder.WritePng(picture, file);
        }
    }

    private sealed record Drawn(Picture Picture, byte[] Ids, PixelBox Box);
}
