using System.Collections.Immutable;
using System.Globalization;
using GradCamSharp.Cli.Reporting;
using GradCamSharp.Films;
using GradCamSharp.Imaging;
using GradCamSharp.Methods;
using GradCamSharp.Output;
using GradCamSharp.Targets;

namespace GradCamSharp.Cli.Explaining;

/// <summary>Explains a film part by part, and writes animations, strips and raw maps as it goes.</summary>
internal sealed class FilmJob(
    IReadOnlyList<ExplanationMethod> methods, IReadOnlyList<Target> targets, ImmutableDictionary<string, InputTensor> others,
    ResultFiles files, SaveOptions save, GivenTexts texts, Action<IEnumerable<string>> say, Func<string, Target, string> slugOf)
{
    /// <summary>Explains a film.</summary>
    /// <param name="model">The model.</param>
    /// <param name="task">What it does.</param>
    /// <param name="film">The film.</param>
    /// <param name="page">The page of the run; null without one.</param>
    /// <param name="cancellationToken">Stops it; no file is left half written.</param>
    public InputResult Explain(FilmTargets model, string task, Film film, HtmlReport? page, CancellationToken cancellationToken)
    {
        string stem = files.Stem(Path.TrimEndingDirectorySeparator(film.Name));
        var tracks = new Dictionary<(ExplanationMethod, Target), FilmTrack>();
        var first = new Dictionary<(ExplanationMethod, Target), TargetExplanation>();
        var line = new StatusLine();
        try
        {
            TargetReading? reading = null;
            Picture? middle = null;
            int frames = 0;
            double seconds = 0;
            var vectors = new Dictionary<string, float[]>(StringComparer.Ordinal);
            foreach (var part in model.Explain(film, methods, targets, others, VectorOf, cancellationToken))
            {
                line.Clear();
                say(part.Notes);
                reading ??= part.Reading;
                middle ??= part.Frames[part.Frames.Count / 2].Picture;
                foreach (var explanation in part.Explanations)
                {
                    var e = explanation.Explanation;
                    var key = (e.Method, e.Target);
                    if (!tracks.TryGetValue(key, out var track))
                    {
                        first[key] = e;
                        string name = $"{stem}.{e.Method.Name}.{slugOf(e.Target.Slug, e.Target)}";
                        tracks[key] = track = new FilmTrack(files.Folder, name, save);
                    }

                    track.Add(part, explanation, seconds, LabelOf(e, model.Model.Options.Labels), cancellationToken);
                }

                frames += part.Frames.Count;
                seconds += part.Frames.Sum(f => f.Duration.TotalSeconds);
                int done = frames;
                line.Show(elapsed => string.Create(
                    CultureInfo.InvariantCulture, $"  frame {done}, {done / elapsed.TotalSeconds:0.0} a second"));
            }

            line.Clear();
            var explained = tracks.Select(t => Complete(t.Value, first[t.Key])).ToList();
            var result = new InputResult(film.Name, null, reading!.Predictions, explained)
            {
                Task = task,
                Detections = reading.Detections,
                Summary = reading.Summary,
                Film = new FilmResult(frames, seconds, model.Sampling.Length!.Value, model.Sampling.Stride),
            };
            page?.Add(result, middle, [.. tracks.Values.Select(t => t.Strongest!)]);
            return result;

            // Read once, not for each part.
            float[] VectorOf(string path) => vectors.TryGetValue(path, out float[]? vector) ? vector
                : vectors[path] = texts.VectorOf(path) is { } own ? own : VectorFile.IsVector(path) ? VectorFile.Read(path)
                    : model.Embed(PictureDecoder.Decode(path), others, cancellationToken);
        }
        finally
        {
            line.Clear();
            foreach (var track in tracks.Values)
                track.Dispose();
        }
    }

    private ExplainedClass Complete(FilmTrack track, TargetExplanation e)
    {
        var moments = track.Moments;
        string slug = slugOf(e.Target.Slug, e.Target);
        bool isOneClass = moments.All(m => m.Class == e.Class);
        string words = moments.Select(m => m.Label).Distinct().Count() == 1 && moments[0].Label != e.Target.Spec ? moments[0].Label : "";
        var summary = new ExplanationSummary(
            e.Method, isOneClass ? e.Class ?? -1 : -1, isOneClass ? moments[0].Label : e.Target.Spec, e.Shape,
            moments.Min(m => m.Minimum), moments.Max(m => m.Maximum), moments.TrueForAll(m => m.IsEmpty), null)
        {
            Target = new TargetSummary(e.Target.Spec, slug, moments.Average(m => m.Score), words, e.Layers),
        };
        return new ExplainedClass(summary, track.Complete($"{e.Method.Title}: {e.Target.Spec}")) { Moments = moments };
    }

    private static string LabelOf(TargetExplanation e, Labels labels) =>
        e.Class is { } index ? labels[index] : e.Words.Length > 0 ? e.Words : e.Target.Spec;
}
