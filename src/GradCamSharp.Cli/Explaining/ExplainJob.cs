using System.Numerics.Tensors;
using GradCamSharp.Imaging;
using GradCamSharp.Layers;
using GradCamSharp.Methods;
using GradCamSharp.Output;
using GradCamSharp.Targets;
using OnnxGrad;

namespace GradCamSharp.Cli.Explaining;

/// <summary>Explains one input after the other and writes the files that were asked for.</summary>
internal sealed class ExplainJob(IReadOnlyList<ExplanationMethod> methods, string folder, SaveOptions save)
{
    // In pixels: larger than a strip or a report shows.
    private const int Thumbnail = 1280;

    private readonly ResultFiles written = new(folder);

    /// <summary>The folder that files are written to.</summary>
    public string Folder => folder;

    /// <summary>Begins the page of the run; null where none was asked for.</summary>
    /// <param name="model">The model's path.</param>
    /// <param name="layer">The layer that is explained.</param>
    /// <returns>The page; the caller completes and disposes it.</returns>
    public HtmlReport? OpenReport(string model, Layer layer) =>
        save.Has("report") ? new HtmlReport(Path.Combine(folder, "index.html"), model, layer) : null;

    /// <summary>Explains an input: a picture, or a tensor of several items.</summary>
    /// <param name="model">The model.</param>
    /// <param name="file">The input's file.</param>
    /// <param name="classes">The classes to explain.</param>
    /// <param name="page">The page of the run; null without one.</param>
    /// <param name="cancellationToken">Stops the run.</param>
    public IReadOnlyList<InputResult> Explain(
        LoadedModel model, string file, IReadOnlyList<ClassRequest> classes, HtmlReport? page, CancellationToken cancellationToken)
    {
        if (!InputFiles.IsTensor(file))
            return [Picture(model, file, classes, page, cancellationToken)];
        var results = Tensors(model, file, classes, cancellationToken);
        results.ForEach(r => page?.Add(r, null, []));
        return results;
    }

    private InputResult Picture(
        LoadedModel model, string file, IReadOnlyList<ClassRequest> classes, HtmlReport? page, CancellationToken cancellationToken)
    {
        if (Directory.Exists(file))
            throw new PictureException(file, "there are no pictures in this folder", "Name another, or .npy files one by one.");
        var picture = PictureDecoder.Decode(file);
        var result = model.Pictures.Explain(picture, methods, classes, cancellationToken);
        string stem = written.Stem(file);
        var raw = save.Has("raw") ? Raw(stem, result.Batch) : [];
        var explained = new List<ExplainedClass>();
        var overlays = new List<Picture>();
        foreach (var explanation in result.Explanations)
        {
            var files = new Dictionary<string, string>();
            string name = FormattableString.Invariant($"{stem}.{explanation.Method.Name}.c{explanation.Class}");
            var overlay = Rendering.Overlay(picture, explanation.HeatMap, save.Colors, save.Opacity);
            if (save.Has("overlay"))
                files["overlay"] = written.Png($"{name}.overlay.png", overlay);
            if (save.Has("heatmap"))
                files["heatmap"] = written.Png($"{name}.heatmap.png", model.Pictures.DrawMap(explanation, result.Prepared, save.Colors));
            if (save.Has("masked"))
                files["masked"] = written.Png($"{name}.masked.png", Rendering.Masked(picture, explanation.HeatMap));
            if (raw.TryGetValue(explanation.Method, out string? npy))
                files["raw"] = npy;
            explained.Add(new ExplainedClass(ExplanationSummary.Of(explanation), files));
            // Many classes and methods of a large photo: thumbnails are enough for what follows.
            overlays.Add(Resampling.Fit(overlay, Thumbnail));
        }

        var input = new InputResult(file, null, result.Predictions, explained);
        page?.Add(input, picture, overlays);
        if (save.Has("strip"))
        {
            var captioned = explained.Select(e => $"{e.Summary.Method.Title}: {e.Summary.Label.Split(',')[0]}").Zip(overlays);
            string path = written.Png($"{stem}.strip.png", SideBySide.Draw([(Path.GetFileName(file), picture), .. captioned]));
            foreach (var one in explained)
                one.Files["strip"] = path;
        }

        return input;
    }

    private List<InputResult> Tensors(
        LoadedModel model, string file, IReadOnlyList<ClassRequest> classes, CancellationToken cancellationToken)
    {
        var array = Npy.Read<float>(file);
        var shape = new Shape([.. array.Shape.Select(l => (long)l)]);
        var batch = model.Explainer.Explain(array.Values, shape, methods, classes, cancellationToken);
        // There is no picture to draw on: what can be saved of a tensor is the raw map.
        var raw = Raw(written.Stem(file), batch);
        var results = new List<InputResult>();
        for (int item = 0; item < batch.Scores.Count; item++)
        {
            var explained = new List<ExplainedClass>();
            for (int c = 0; c < classes.Count; c++)
            {
                foreach (var method in methods)
                {
                    var maps = batch.Maps[method];
                    var map = maps[item, c];
                    long @class = batch.Classes[item][c];
                    float maximum = TensorPrimitives.Max(map);
                    bool isEmpty = method.IsPixelSpace ? !map.ContainsAnyExcept(0f) : !(maximum > 0);
                    var summary = new ExplanationSummary(
                        method, @class, model.Labels[@class], maps.Shape.Slice(2, maps.Shape.Rank - 2),
                        TensorPrimitives.Min(map), maximum, isEmpty, null)
                    {
                        Residual = maps.Residual(item, c),
                    };
                    explained.Add(new ExplainedClass(summary, new() { ["raw"] = raw[method] }));
                }
            }

            var predictions = Prediction.MostProbable(model.Explainer.Score, model.Labels, batch.Scores[item].AsMemory(), count: 5);
            results.Add(new InputResult(file, batch.Scores.Count > 1 ? item : null, predictions, explained));
        }

        return results;
    }

    private Dictionary<ExplanationMethod, string> Raw(string stem, Runtime.MapBatch batch)
    {
        var files = new Dictionary<ExplanationMethod, string>();
        foreach (var (method, maps) in batch.Maps)
        {
            files[method] = written.Array($"{stem}.{method.Name}.npy", maps.Values.AsMemory(), maps.Shape);
        }

        return files;
    }
}
