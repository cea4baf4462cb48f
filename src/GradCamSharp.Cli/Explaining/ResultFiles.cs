using GradCamSharp.Imaging;
using GradCamSharp.Layers;
using GradCamSharp.Output;
using OnnxGrad;

namespace GradCamSharp.Cli.Explaining;

/// <summary>The files of a run, in one folder, named after their inputs.</summary>
internal sealed class ResultFiles(string folder, SaveOptions save)
{
    // In pixels: larger than a strip or a report shows.
    private const int Thumbnail = 1280;

    // In pixels: what a map of such a picture takes is tens of megabytes, so one at a time is drawn.
    private const long Large = 2_000_000;

    private readonly Dictionary<string, string> stems = new(StringComparer.OrdinalIgnoreCase);
    private readonly Lock large = new();

    /// <summary>The folder that files are written to.</summary>
    public string Folder => folder;

    /// <summary>Begins the page of the run; null where none was asked for.</summary>
    /// <param name="model">The model's path.</param>
    /// <param name="layer">The layer that is explained; null where each target has its own.</param>
    /// <returns>The page; the caller completes and disposes it.</returns>
    public HtmlReport? OpenReport(string model, Layer? layer) =>
        save.Has("report") ? new HtmlReport(Path.Combine(folder, "index.html"), model, layer) : null;

    /// <summary>Draws a map on its picture, and writes those of the files that were asked for.</summary>
    /// <param name="name">What their names begin with.</param>
    /// <param name="picture">The picture.</param>
    /// <param name="map">The map on the picture.</param>
    /// <param name="drawHeatMap">Draws the map alone.</param>
    /// <param name="written">Takes the paths, by kind.</param>
    /// <returns>The overlay, small enough for many classes and methods of a large photo. The map has released its values.</returns>
    public Picture Draw(string name, Picture picture, HeatMap map, Func<Picture> drawHeatMap, Dictionary<string, string> written)
    {
        if ((long)picture.Width * picture.Height < Large)
            return DrawOne(name, picture, map, drawHeatMap, written);
        lock (large)
        {
            var small = DrawOne(name, picture, map, drawHeatMap, written);
            // Left alone, the collector lets gigabytes of a folder of large photos come together; to collect takes less than to draw one.
            GC.Collect(2, GCCollectionMode.Forced, blocking: true);
            return small;
        }
    }

    /// <summary>A picture as large as a strip or a report needs it.</summary>
    /// <param name="picture">The picture.</param>
    public static Picture Small(Picture picture) => Resampling.Fit(picture, Thumbnail);

    /// <summary>Writes a picture and its overlays side by side, where that was asked for.</summary>
    public void DrawStrip(string stem, InputResult input, Picture picture, IReadOnlyList<Picture> overlays)
    {
        if (!save.Has("strip"))
            return;
        var captioned = input.Explanations.Select(e => $"{e.Summary.Method.Title}: {NameOf(e.Summary)}").Zip(overlays);
        string path = Png($"{stem}.strip.png", SideBySide.Draw([(Path.GetFileName(input.Input), picture), .. captioned]));
        foreach (var one in input.Explanations)
            one.Files["strip"] = path;
    }

    /// <summary>Writes a picture.</summary>
    /// <returns>Its path.</returns>
    public string Png(string name, Picture picture)
    {
        string path = Path.Combine(folder, name);
        AtomicFile.Write(path, stream => PictureEncoder.WritePng(picture, stream));
        return path;
    }

    /// <summary>Writes an array of floats.</summary>
    /// <returns>Its path.</returns>
    public string Array(string name, ReadOnlyMemory<float> values, Shape shape)
    {
        string path = Path.Combine(folder, name);
        int[] lengths = [.. shape.Select(l => (int)l)];
        AtomicFile.Write(path, stream => Npy.Write(stream, values.Span, lengths));
        return path;
    }

    /// <summary>The input's name without its ending; numbered where another input of the run has it already.</summary>
    public string Stem(string file)
    {
        string own = Path.GetFileNameWithoutExtension(file), stem = own;
        lock (stems)
        {
            for (int i = 2; stems.TryGetValue(stem, out string? other) && other != file; i++)
                stem = FormattableString.Invariant($"{own}-{i}");
            stems[stem] = file;
        }

        return stem;
    }

    private Picture DrawOne(string name, Picture picture, HeatMap map, Func<Picture> drawHeatMap, Dictionary<string, string> written)
    {
        var overlay = Rendering.Overlay(picture, map, save.Colors, save.Opacity);
        if (save.Has("overlay"))
            written["overlay"] = Png($"{name}.overlay.png", overlay);
        if (save.Has("heatmap"))
            written["heatmap"] = Png($"{name}.heatmap.png", drawHeatMap());
        if (save.Has("masked"))
            written["masked"] = Png($"{name}.masked.png", Rendering.Masked(picture, map));
        var small = Small(overlay);
        map.ReleaseValues();
        return small;
    }

    private static string NameOf(ExplanationSummary summary) => summary.Target?.Spec ?? summary.Label.Split(',')[0];
}
