using GradCamSharp.Imaging;
using GradCamSharp.Layers;
using GradCamSharp.Methods;
using GradCamSharp.Output;
using GradCamSharp.Targets;
using OnnxGrad;

namespace GradCamSharp.Cli.Explaining;

/// <summary>Explains inputs, several at a time where that is asked for, and writes the files that were asked for.</summary>
internal sealed class ExplainJob(IReadOnlyList<ExplanationMethod> methods, string folder, SaveOptions save)
{
    private readonly ResultFiles files = new(folder, save);

    /// <summary>The folder that files are written to.</summary>
    public string Folder => folder;

    /// <summary>Whether a map is one run of the network, so that nothing is gained by all cores on one picture.</summary>
    public bool MayOverlap { get; } = methods.All(m => m is GraphMethod);

    /// <inheritdoc cref="ResultFiles.OpenReport"/>
    public HtmlReport? OpenReport(string model, Layer layer) => files.OpenReport(model, layer);

    /// <summary>Names the outputs in the inputs' order, whichever of them is explained first.</summary>
    /// <param name="inputs">The inputs' files.</param>
    public void Expect(IEnumerable<string> inputs)
    {
        foreach (string file in inputs)
            files.Stem(file);
    }

    /// <summary>Explains an input: a picture, or a tensor of several items. Calls may overlap.</summary>
    /// <param name="model">The model.</param>
    /// <param name="file">The input's file.</param>
    /// <param name="classes">The classes to explain.</param>
    /// <param name="page">The page of the run; null without one. Nothing is added to it.</param>
    /// <param name="cancellationToken">Stops the run.</param>
    /// <returns>What was found, and what adds it to the page, to be called in the inputs' order.</returns>
    public (IReadOnlyList<InputResult> Results, Action AddToPage) Explain(
        LoadedModel model, string file, IReadOnlyList<ClassRequest> classes, HtmlReport? page, CancellationToken cancellationToken)
    {
        if (!InputFiles.IsTensor(file))
            return Picture(model, file, classes, page, cancellationToken);
        var results = Tensors(model, file, classes, cancellationToken);
        return (results, () => results.ForEach(r => page?.Add(r, null, [])));
    }

    private (IReadOnlyList<InputResult> Results, Action AddToPage) Picture(
        LoadedModel model, string file, IReadOnlyList<ClassRequest> classes, HtmlReport? page, CancellationToken cancellationToken)
    {
        if (Directory.Exists(file))
            throw new PictureException(file, "there are no pictures in this folder", "Name another, or .npy files one by one.");
        var picture = PictureDecoder.Decode(file);
        var result = model.Pictures.Explain(picture, methods, classes, cancellationToken);
        string stem = files.Stem(file);
        var raw = save.Has("raw") ? Raw(stem, result.Batch) : [];
        var explained = new List<ExplainedClass>();
        var overlays = new List<Picture>();
        foreach (var explanation in result.Explanations)
        {
            var summary = ExplanationSummary.Of(explanation);
            var written = new Dictionary<string, string>();
            overlays.Add(files.Draw(
                FormattableString.Invariant($"{stem}.{explanation.Method.Name}.c{explanation.Class}"), picture, explanation.HeatMap,
                () => model.Pictures.DrawMap(explanation, result.Prepared, save.Colors), written));
            if (raw.TryGetValue(explanation.Method, out string? npy))
                written["raw"] = npy;
            explained.Add(new ExplainedClass(summary, written));
        }

        var input = new InputResult(file, null, result.Predictions, explained);
        files.DrawStrip(stem, input, picture, overlays);
        if (page is null)
            return ([input], () => { });
        // What waits for its turn is small, however large the photo is.
        var small = ResultFiles.Small(picture);
        return ([input], () => page.Add(input, small, overlays));
    }

    private List<InputResult> Tensors(
        LoadedModel model, string file, IReadOnlyList<ClassRequest> classes, CancellationToken cancellationToken)
    {
        var array = Npy.Read<float>(file);
        var shape = new Shape([.. array.Shape.Select(l => (long)l)]);
        var batch = model.Explainer.Explain(array.Values, shape, methods, classes, cancellationToken);
        // There is no picture to draw on: what can be saved of a tensor is the raw map.
        var raw = Raw(files.Stem(file), batch);
        var results = new List<InputResult>();
        for (int item = 0; item < batch.Scores.Count; item++)
        {
            var explained = new List<ExplainedClass>();
            for (int c = 0; c < classes.Count; c++)
            {
                foreach (var method in methods)
                {
                    var maps = batch.Maps[method];
                    long @class = batch.Classes[item][c];
                    var summary = ExplanationSummary.Of(
                        method, @class, model.Labels[@class], maps.Shape.Slice(2, maps.Shape.Rank - 2), maps[item, c], null) with
                    {
                        Residual = maps.Residual(item, c),
                        Account = maps.Account(item, c),
                        Note = maps.Note,
                        StandardError = maps.StandardError(item, c),
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
        return batch.Maps.ToDictionary(
            m => m.Key, m => files.Array($"{stem}.{m.Key.Name}.npy", m.Value.Values.AsMemory(), m.Value.Shape));
    }
}
