using System.Globalization;
using System.Text;
using System.Text.Json;
using GradCamSharp.Heads;
using GradCamSharp.Layers;
using GradCamSharp.Methods;
using GradCamSharp.Output;

namespace GradCamSharp.Cli.Explaining;

/// <summary>One class of one input explained by one method, and the files that it was saved to.</summary>
internal sealed record ExplainedClass(ExplanationSummary Summary, Dictionary<string, string> Files)
{
    /// <summary>Of a film, what was said of each part.</summary>
    public IReadOnlyList<FilmMoment> Moments { get; init; } = [];
}

/// <summary>One input: what the model says of it, and why.</summary>
internal sealed record InputResult(
    string Input, int? Item, IReadOnlyList<Prediction> Predictions, IReadOnlyList<ExplainedClass> Explanations)
{
    public string? Error { get; init; }

    /// <summary>What the model does; null where it is a plain classifier.</summary>
    public string? Task { get; init; }

    /// <summary>What a detector reports.</summary>
    public IReadOnlyList<Detection> Detections { get; init; } = [];

    /// <summary>What else the model says of the input, in a few words.</summary>
    public string Summary { get; init; } = "";

    /// <summary>How long a film is; null of other inputs.</summary>
    public FilmResult? Film { get; init; }

    /// <summary>Which of the input's items it is, to be written behind the input's name; empty where it has but one.</summary>
    public string ItemText => Item is { } i ? FormattableString.Invariant($" [{i}]") : "";
}

/// <summary>The result of <c>gradcam explain</c>, as a table or as JSON.</summary>
internal sealed class ExplainReport(string model, Layer? layer)
{
    private readonly List<InputResult> results = [];

    public string Model => model;

    public IReadOnlyList<InputResult> Results => results;

    public int Errors => results.Count(r => r.Error is not null);

    public void Add(IEnumerable<InputResult> more) => results.AddRange(more);

    public InputResult AddError(string input, string message)
    {
        var failed = new InputResult(input, null, [], []) { Error = message };
        results.Add(failed);
        return failed;
    }

    public void WriteTable(TextWriter output)
    {
        foreach (var result in results)
        {
            output.WriteLine($"{result.Input}{result.ItemText}");
            if (result.Error is not null)
            {
                output.WriteLine($"  failed: {result.Error}");
                continue;
            }

            if (result.Film is not null)
                FilmText.Write(output, result.Film);
            else
                WriteReading(output, result);
            // A strip shows all of them, a .npy holds all classes: it is named once.
            var named = new HashSet<string>();
            foreach (var explained in result.Explanations)
            {
                var s = explained.Summary;
                string name = s.Target is { } target
                    ? FormattableString.Invariant(
                        $"  {s.Method.Name,-16}  {target.Spec}{InBrackets(target.Words)}, S = {target.Value:g4}: ")
                    : FormattableString.Invariant($"  {s.Method.Name,-16}  {s.Label.Split(',')[0]} ({s.Class}): ");
                output.WriteLine(explained.Moments.Count > 0 ? FilmText.Line(explained) : name + Finding(s));
                FilmText.Write(output, explained.Moments);
                if (s.Note is { } note)
                    output.WriteLine($"    by {note}");
                if (s.Account is { } account)
                    output.WriteLine($"    {Words(account)}");
                foreach (string file in explained.Files.Values.Where(named.Add))
                    output.WriteLine($"    -> {file}");
            }
        }

        if (results.Count > 1)
            output.WriteLine(FormattableString.Invariant($"{results.Count - Errors} explained, {Errors} failed"));
    }

    /// <summary>Where a score went that was shared out, in words.</summary>
    public static string Words(RelevanceAccount account)
    {
        var kept = account.Absorbed.Where(a => a.Value != 0)
            .Select(a => string.Create(CultureInfo.InvariantCulture, $"{a.Key} {a.Value:g4}"));
        return string.Create(CultureInfo.InvariantCulture, $"S = {account.Score:g4}: input {account.Input:g4}") +
            string.Concat(kept.Select(k => $", {k}"));
    }

    private static string InBrackets(string words) => words.Length > 0 ? $" ({words})" : "";

    private static void WriteReading(TextWriter output, InputResult result)
    {
        const int Shown = 5;
        if (result.Detections.Count > 0)
        {
            foreach (var d in result.Detections.Take(Shown))
            {
                output.WriteLine(FormattableString.Invariant(
                    $"  box:{d.Index,-3} {d.Label.Split(',')[0]} {d.Score:0.00} at {d.Box.X1:0},{d.Box.Y1:0} ") +
                    FormattableString.Invariant($"{d.Box.X2 - d.Box.X1:0}x{d.Box.Y2 - d.Box.Y1:0}"));
            }

            if (result.Detections.Count > Shown)
                output.WriteLine(FormattableString.Invariant($"  and {result.Detections.Count - Shown} more"));
        }
        else if (result.Predictions.Count > 0)
        {
            var predictions = result.Predictions.Take(3)
                .Select(p => string.Create(CultureInfo.InvariantCulture, $"{p.Label.Split(',')[0]} {p.Probability:P1}"));
            string what = result.Task?.StartsWith("segment", StringComparison.Ordinal) == true ? "areas    " : "predicted";
            output.WriteLine($"  {what}  {string.Join("; ", predictions)}");
        }
        else if (result.Summary.Length > 0)
        {
            output.WriteLine($"  {result.Summary}");
        }
    }

    public void WriteJson(TextWriter output, double loadMilliseconds, double runMilliseconds)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes, ExplanationJson.Options(isIndented: true)))
            ExplanationJson.Write(
                json, model, layer ?? FirstLayer(), () => results.ForEach(r => Write(json, r)), loadMilliseconds, runMilliseconds);
        output.WriteLine(Encoding.UTF8.GetString(bytes.ToArray()));
    }

    // Where each target has a layer of its own the document names that of the first.
    private Layer FirstLayer() => results.SelectMany(r => r.Explanations).Select(
        e => e.Summary.Target?.Layers is [var first, ..] ? first : null)
        .FirstOrDefault(l => l is not null) ?? new Layer("", "", default, LayerFormat.Nchw, "none: nothing was explained");

    /// <summary>What a map says, in words.</summary>
    public static string Finding(ExplanationSummary s) => Found(s) + Error(s);

    // How far a mean over random masks may be off.
    private static string Error(ExplanationSummary s) => s.StandardError is { } error && s.Maximum > s.Minimum
        ? string.Create(
            CultureInfo.InvariantCulture, $", standard error {error:g2} ({error / (s.Maximum - s.Minimum):P1} of the span)") : "";

    private static string Found(ExplanationSummary s) => s.IsEmpty ? "no positive evidence for this class at this layer"
        : s.Box is { } b ? FormattableString.Invariant($"strongest in {b.Width} x {b.Height} at ({b.X}, {b.Y})")
        : string.Create(CultureInfo.InvariantCulture, $"{s.Shape}, from {s.Minimum:g4} to {s.Maximum:g4}");

    private static void Write(Utf8JsonWriter json, InputResult result)
    {
        json.WriteStartObject();
        json.WriteString("input", result.Input);
        if (result.Item is { } item)
            json.WriteNumber("item", item);
        if (result.Task is { } task)
            json.WriteString("task", task);
        if (result.Detections.Count > 0)
            ExplanationJson.WriteDetections(json, result.Detections);
        ExplanationJson.WritePredictions(json, result.Predictions);
        if (result.Film is { } film)
            FilmText.Write(json, film);
        json.WriteStartArray("explanations");
        foreach (var explained in result.Explanations)
        {
            json.WriteStartObject();
            ExplanationJson.WriteSummary(json, explained.Summary, explained.Files);
            FilmText.Write(json, explained.Moments);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        if (result.Error is not null)
            json.WriteString("error", result.Error);
        json.WriteEndObject();
    }
}
