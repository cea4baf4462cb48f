using System.Numerics.Tensors;
using GradCamSharp.Imaging;
using GradCamSharp.Methods;
using GradCamSharp.Output;
using GradCamSharp.Targets;
using OnnxGrad;

namespace GradCamSharp.Cli.Explaining;

/// <summary>Explains one input after the other and writes the files that were asked for.</summary>
internal sealed class ExplainJob(IReadOnlyList<ExplanationMethod> methods, string folder, SaveOptions save)
{
    private readonly Dictionary<string, string> stems = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The folder that files are written to.</summary>
    public string Folder => folder;

    public IReadOnlyList<InputResult> Explain(
        LoadedModel model, string file, IReadOnlyList<ClassRequest> classes, CancellationToken cancellationToken) =>
        InputFiles.IsTensor(file) ? Tensors(model, file, classes, cancellationToken) : [Picture(model, file, classes, cancellationToken)];

    public void Finish(ExplainReport report)
    {
        if (save.Has("report"))
            AtomicFile.Write(Path.Combine(folder, "index.html"), stream => HtmlReport.Write(stream, report));
    }

    private InputResult Picture(LoadedModel model, string file, IReadOnlyList<ClassRequest> classes, CancellationToken cancellationToken)
    {
        if (Directory.Exists(file))
            throw new PictureException(file, "there are no pictures in this folder", "Name another, or .npy files one by one.");
        var picture = PictureDecoder.Decode(file);
        var result = model.Pictures.Explain(picture, methods, classes, cancellationToken);
        string stem = Stem(file);
        var raw = save.Has("raw") ? Raw(stem, result.Batch) : [];
        var explained = new List<ExplainedClass>();
        foreach (var explanation in result.Explanations)
        {
            var files = new Dictionary<string, string>();
            string name = FormattableString.Invariant($"{stem}.{explanation.Method.Name}.c{explanation.Class}");
            var overlay = Rendering.Overlay(picture, explanation.HeatMap, save.Colors, save.Opacity);
            if (save.Has("overlay"))
                files["overlay"] = Png($"{name}.overlay.png", overlay);
            if (save.Has("heatmap"))
                files["heatmap"] = Png($"{name}.heatmap.png", model.Pictures.DrawMap(explanation, result.Prepared, save.Colors));
            if (save.Has("masked"))
                files["masked"] = Png($"{name}.masked.png", Rendering.Masked(picture, explanation.HeatMap));
            if (raw.TryGetValue(explanation.Method, out string? npy))
                files["raw"] = npy;
            explained.Add(new ExplainedClass(ExplanationSummary.Of(explanation), files)
            {
                Overlay = save.Has("report") || save.Has("strip") ? overlay : null,
            });
        }

        var input = new InputResult(file, null, result.Predictions, explained) { Picture = save.Has("report") ? picture : null };
        if (save.Has("strip"))
        {
            var overlays = explained.Select(e => ($"{e.Summary.Method.Title}: {e.Summary.Label.Split(',')[0]}", e.Overlay!));
            string path = Png($"{stem}.strip.png", SideBySide.Draw([(Path.GetFileName(file), picture), .. overlays]));
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
        var raw = Raw(Stem(file), batch);
        var results = new List<InputResult>();
        for (int item = 0; item < batch.Scores.Length; item++)
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
                        TensorPrimitives.Min(map), maximum, isEmpty, null);
                    explained.Add(new ExplainedClass(summary, new() { ["raw"] = raw[method] }));
                }
            }

            var predictions = Prediction.MostProbable(model.Explainer.Score, model.Labels, batch.Scores[item], count: 5);
            results.Add(new InputResult(file, batch.Scores.Length > 1 ? item : null, predictions, explained));
        }

        return results;
    }

    private Dictionary<ExplanationMethod, string> Raw(string stem, Runtime.MapBatch batch)
    {
        var files = new Dictionary<ExplanationMethod, string>();
        foreach (var (method, maps) in batch.Maps)
        {
            string path = Path.Combine(folder, $"{stem}.{method.Name}.npy");
            int[] shape = [.. maps.Shape.Select(l => (int)l)];
            AtomicFile.Write(path, stream => Npy.Write(stream, maps.Values, shape));
            files[method] = path;
        }

        return files;
    }

    private string Png(string name, Picture picture)
    {
        string path = Path.Combine(folder, name);
        AtomicFile.Write(path, stream => PictureEncoder.WritePng(picture, stream));
        return path;
    }

    /// <summary>The file's name without its ending; numbered where another input of the run has it already.</summary>
    private string Stem(string file)
    {
        string own = Path.GetFileNameWithoutExtension(file), stem = own;
        for (int i = 2; stems.TryGetValue(stem, out string? other) && other != file; i++)
            stem = FormattableString.Invariant($"{own}-{i}");
        stems[stem] = file;
        return stem;
    }
}
