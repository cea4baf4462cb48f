using System.Collections.Immutable;
using GradCamSharp.Films;
using GradCamSharp.Imaging;
using GradCamSharp.Methods;
using GradCamSharp.Output;
using GradCamSharp.Targets;
using OnnxGrad;

namespace GradCamSharp.Cli.Explaining;

/// <summary>Explains targets of one input after the other and writes the files that were asked for.</summary>
internal sealed class TargetJob(
    IReadOnlyList<ExplanationMethod> methods, IReadOnlyList<Target> targets, ImmutableDictionary<string, InputTensor> others, string folder,
    SaveOptions save, GivenTexts texts)
{
    private readonly ResultFiles files = new(folder, save);
    private readonly HashSet<string> said = [];
    // Targets whose short names are the same get a number, so that no file is written over.
    private readonly Dictionary<string, string> slugs = new(StringComparer.OrdinalIgnoreCase);

    /// <inheritdoc cref="ResultFiles.OpenReport"/>
    public HtmlReport? OpenReport(string model) => files.OpenReport(model, null);

    /// <summary>Explains a picture.</summary>
    public InputResult Picture(PictureTargets model, string task, string file, HtmlReport? page, CancellationToken cancellationToken)
    {
        if (Directory.Exists(file))
            throw new PictureException(file, "there are no pictures in this folder", "Name another, or .npy files one by one.");
        var picture = PictureDecoder.Decode(file);
        var result = model.Explain(
            picture, methods, targets, others,
            path => texts.VectorOf(path) ?? (
                VectorFile.IsVector(path) ? VectorFile.Read(path) : model.Embed(PictureDecoder.Decode(path), others, cancellationToken)),
            cancellationToken);
        Say(result.Notes);
        string stem = files.Stem(file);
        var raw = save.Has("raw") ? Raw(stem, [.. result.Explanations.Select(e => e.Explanation)], 1) : [];
        var explained = new List<ExplainedClass>();
        var overlays = new List<Picture>();
        foreach (var (e, map, _) in result.Explanations)
        {
            var summary = ExplanationSummary.Of(e, LabelOf(e, model.Model.Options.Labels), map);
            var written = new Dictionary<string, string>();
            summary = summary with { Target = summary.Target! with { Slug = SlugOf(summary.Target.Slug, e.Target) } };
            overlays.Add(files.Draw(
                $"{stem}.{e.Method.Name}.{summary.Target.Slug}", picture, map, () => Rendering.DrawMap(map, save.Colors), written));
            if (raw.TryGetValue((e.Method, e.Target), out string? npy))
                written["raw"] = npy;
            explained.Add(new ExplainedClass(summary, written));
        }

        var input = new InputResult(file, null, result.Reading.Predictions, explained)
        {
            Task = task,
            Detections = result.Reading.Detections,
            Summary = result.Reading.Summary,
        };
        page?.Add(input, picture, overlays);
        files.DrawStrip(stem, input, picture, overlays);
        return input;
    }

    /// <summary>Explains a film.</summary>
    public InputResult Film(FilmTargets model, string task, Film film, HtmlReport? page, CancellationToken cancellationToken) =>
        new FilmJob(methods, targets, others, files, save, texts, Say, SlugOf).Explain(model, task, film, page, cancellationToken);

    /// <summary>Explains a tensor of several items.</summary>
    public IReadOnlyList<InputResult> Tensor(TargetExplainer model, string file, HtmlReport? page, CancellationToken cancellationToken)
    {
        var array = Npy.Read<float>(file);
        var input = new TargetInput(
            array.Values, new Shape([.. array.Shape.Select(l => (long)l)]))
        { Others = others, VectorOf = path => texts.VectorOf(path) ?? VectorFile.Read(path) };
        string task = model.Describe(input, cancellationToken).Task;
        var result = model.Explain(input, methods, targets, cancellationToken);
        Say(result.Notes);
        var raw = Raw(files.Stem(file), result.Explanations, result.Readings.Count);
        var results = new List<InputResult>();
        foreach (var reading in result.Readings)
        {
            var explained = result.Explanations.Where(e => e.Item == reading.Item).Select(e => new ExplainedClass(
                ExplanationSummary.Of(e, LabelOf(e, model.Options.Labels), null), new() { ["raw"] = raw[(e.Method, e.Target)] })).ToList();
            results.Add(new InputResult(file, result.Readings.Count > 1 ? reading.Item : null, reading.Predictions, explained)
            {
                Task = task,
                Detections = reading.Detections,
                Summary = reading.Summary,
            });
        }

        foreach (var one in results)
            page?.Add(one, null, []);
        return results;
    }

    /// <summary>Says what a reader should know, each sentence once.</summary>
    private void Say(IEnumerable<string> notes)
    {
        foreach (string note in notes.Where(said.Add))
            Console.Error.WriteLine(note);
    }

    private string SlugOf(string slug, Target target)
    {
        string own = slug;
        for (int i = 2; slugs.TryGetValue(slug, out string? spec) && spec != target.Spec; i++)
            slug = FormattableString.Invariant($"{own}-{i}");
        slugs[slug] = target.Spec;
        return slug;
    }

    private static string LabelOf(TargetExplanation e, Labels labels) => e.Class is { } index ? labels[index] : e.Target.Spec;

    /// <summary>One file a method, [N, M, ...] of M targets; where their maps differ in size one file a target.</summary>
    private Dictionary<(ExplanationMethod, Target), string> Raw(string stem, IReadOnlyList<TargetExplanation> explanations, int items)
    {
        var written = new Dictionary<(ExplanationMethod, Target), string>();
        foreach (var own in explanations.GroupBy(e => e.Method))
        {
            bool alike = own.Select(e => e.Shape).Distinct().Count() == 1;
            foreach (var group in own.GroupBy(e => alike ? "" : "." + SlugOf(e.Target.Slug, e.Target)))
            {
                var ordered = group.OrderBy(e => e.Item).ToList();
                if (ordered.Select(e => e.Shape).Distinct().Count() > 1)
                    throw new ModelException(
                        "The maps of the batch's items are of different levels. Name one layer for all, or give them one by one.");
                var values = new float[ordered.Sum(e => e.Raw.Length)];
                int at = 0;
                foreach (var e in ordered)
                {
                    e.Raw.Span.CopyTo(values.AsSpan(at));
                    at += e.Raw.Length;
                }

                string path = files.Array(
                    $"{stem}.{own.Key.Name}{group.Key}.npy", values, new Shape([items, ordered.Count / items, .. ordered[0].Shape]));
                foreach (var e in ordered)
                    written[(e.Method, e.Target)] = path;
            }
        }

        return written;
    }
}
