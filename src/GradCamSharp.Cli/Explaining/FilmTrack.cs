using GradCamSharp.Films;
using GradCamSharp.Imaging;
using GradCamSharp.Output;

namespace GradCamSharp.Cli.Explaining;

/// <summary>
/// What is written of one explanation of a film, part by part: animations, raw maps, a strip. Files appear when all is whole.
/// </summary>
internal sealed class FilmTrack(string folder, string name, SaveOptions save) : IDisposable
{
    private readonly List<(string Kind, string Path, PendingFile File, AnimationWriter Writer)> animations = [];
    private readonly List<(string Path, PendingFile File, NpySequence Maps)> raw = [];
    private readonly FilmStrip strip = new();
    private Picture? strongest;
    private float most = float.NegativeInfinity;

    /// <summary>What was said of each part.</summary>
    public List<FilmMoment> Moments { get; } = [];

    /// <summary>The overlay of the frame with the strongest evidence.</summary>
    public Picture? Strongest => strongest;

    /// <summary>Writes a part.</summary>
    /// <param name="part">The part.</param>
    /// <param name="explanation">Its explanation.</param>
    /// <param name="start">When it begins, in seconds.</param>
    /// <param name="label">What is explained.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public void Add(FilmPart part, FilmExplanation explanation, double start, string label, CancellationToken cancellationToken)
    {
        double time = start;
        for (int i = 0; i < part.Frames.Count; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var (picture, duration) = part.Frames[i];
            Draw(picture, explanation.MapOf(i), duration, time);
            time += duration.TotalSeconds;
        }

        var e = explanation.Explanation;
        var map = e.Raw.Span;
        float least = System.Numerics.Tensors.TensorPrimitives.Min(map), largest = System.Numerics.Tensors.TensorPrimitives.Max(map);
        Moments.Add(new FilmMoment(
            part.First, part.First + part.Frames.Count - 1, start, time, label, e.Class, e.Score, least, largest,
            explanation.IsEmpty, save.Has("raw") ? Raw(e) : null));
    }

    /// <summary>Puts the files in their places.</summary>
    /// <returns>For each kind its path.</returns>
    public Dictionary<string, string> Complete(string caption)
    {
        var written = new Dictionary<string, string>();
        foreach (var (kind, path, file, writer) in animations)
        {
            writer.Complete();
            file.Complete();
            written[kind] = path;
        }

        foreach (var (path, file, maps) in raw)
        {
            maps.Complete();
            file.Complete();
            written.TryAdd("raw", path);
        }

        if (save.Has("strip"))
        {
            string path = Path.Combine(folder, $"{name}.strip.png");
            var drawn = strip.Draw(caption);
            AtomicFile.Write(path, stream => PictureEncoder.WritePng(drawn, stream));
            written["strip"] = path;
        }

        return written;
    }

    public void Dispose()
    {
        foreach (var (_, _, file, _) in animations)
            file.Dispose();
        foreach (var (_, file, _) in raw)
            file.Dispose();
    }

    private void Draw(Picture picture, HeatMap map, TimeSpan duration, double time)
    {
        float peak = map.Values.IsEmpty ? 0 : System.Numerics.Tensors.TensorPrimitives.Max(map.Values);
        var overlay = Rendering.Overlay(picture, map, save.Colors, save.Opacity);
        if (save.Has("overlay"))
            Animate("overlay", "overlay.webp", overlay, duration);
        if (save.Has("gif"))
            Animate("gif", "overlay.gif", overlay, duration);
        if (save.Has("heatmap"))
            Animate("heatmap", "heatmap.webp", Rendering.DrawMap(map, save.Colors), duration);
        if (save.Has("masked"))
            Animate("masked", "masked.webp", Rendering.Masked(picture, map), duration);
        if (save.Has("strip"))
            strip.Add(overlay, time);
        if (peak > most)
            (most, strongest) = (peak, overlay);
    }

    private void Animate(string kind, string ending, Picture picture, TimeSpan duration)
    {
        int place = animations.FindIndex(a => a.Kind == kind);
        if (place < 0)
        {
            string path = Path.Combine(folder, $"{name}.{ending}");
            var file = new PendingFile(path);
            animations.Add((kind, path, file, null!));
            place = animations.Count - 1;
            animations[place] = (kind, path, file, kind == "gif"
                ? AnimationWriter.Gif(file.Content, picture.Size) : AnimationWriter.WebP(file.Content, picture.Size));
        }

        animations[place].Writer.Add(picture, duration);
    }

    // Maps of another level are of another size, and lie in a file of their own.
    private (string File, int Row) Raw(TargetExplanation e)
    {
        int place = raw.FindIndex(r => r.Maps.Shape == e.Shape);
        if (place < 0)
        {
            string number = raw.Count == 0 ? "" : FormattableString.Invariant($"-{raw.Count + 1}");
            string path = Path.Combine(folder, $"{name}{number}.npy");
            var file = new PendingFile(path);
            raw.Add((path, file, null!));
            place = raw.Count - 1;
            raw[place] = (path, file, new NpySequence(file.Content, e.Shape));
        }

        raw[place].Maps.Add(e.Raw.Span);
        return (raw[place].Path, raw[place].Maps.Count - 1);
    }
}
