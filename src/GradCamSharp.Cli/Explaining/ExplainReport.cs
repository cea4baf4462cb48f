using System.Globalization;
using System.Text.Json;
using GradCamSharp.Imaging;
using GradCamSharp.Layers;
using GradCamSharp.Methods;
using OnnxGrad;

namespace GradCamSharp.Cli.Explaining;

/// <summary>One class of one input explained by one method.</summary>
internal sealed record ExplainedClass(
    ExplanationMethod Method, long Class, string Label, Shape Shape, float Minimum, float Maximum, bool IsEmpty, PixelBox? Box, Dictionary<string, string> Files)
{
    public Picture? Overlay { get; init; }
}

/// <summary>One input: what the model says of it, and why.</summary>
internal sealed record InputResult(string Input, int? Item, IReadOnlyList<Prediction> Predictions, IReadOnlyList<ExplainedClass> Explanations)
{
    public string? Error { get; init; }

    public Picture? Picture { get; init; }
}

/// <summary>The result of <c>gradcam explain</c>, as a table or as JSON.</summary>
internal sealed class ExplainReport(string model, Layer layer)
{
    private readonly List<InputResult> results = [];

    public string Model => model;

    public Layer Layer => layer;

    public IReadOnlyList<InputResult> Results => results;

    public int Errors => results.Count(r => r.Error is not null);

    public void Add(IEnumerable<InputResult> more) => results.AddRange(more);

    public void AddError(string input, string message) => results.Add(new InputResult(input, null, [], []) { Error = message });

    public void WriteTable(TextWriter output)
    {
        foreach (var result in results)
        {
            string item = result.Item is { } i ? FormattableString.Invariant($" [{i}]") : "";
            output.WriteLine($"{result.Input}{item}");
            if (result.Error is not null)
            {
                output.WriteLine("  failed (see above)");
                continue;
            }

            output.WriteLine($"  predicted  {string.Join("; ", result.Predictions.Take(3).Select(p => string.Create(CultureInfo.InvariantCulture, $"{p.Label.Split(',')[0]} {p.Probability:P1}")))}");
            foreach (var e in result.Explanations)
            {
                string what = e.IsEmpty ? "no positive evidence for this class at this layer" : e.Box is { } b ? FormattableString.Invariant($"strongest in {b.Width} x {b.Height} at ({b.X}, {b.Y})") : string.Create(CultureInfo.InvariantCulture, $"{e.Shape}, from {e.Minimum:g4} to {e.Maximum:g4}");
                output.WriteLine(FormattableString.Invariant($"  {e.Method.Name,-16}  {e.Label.Split(',')[0]} ({e.Class}): {what}"));
                foreach (string file in e.Files.Values)
                    output.WriteLine($"    -> {file}");
            }
        }

        if (results.Count > 1)
            output.WriteLine(FormattableString.Invariant($"{results.Count - Errors} explained, {Errors} failed"));
    }

    public void WriteJson(TextWriter output, double loadMilliseconds, double runMilliseconds)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes, new JsonWriterOptions { Indented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            json.WriteString("model", model);
            json.WriteStartObject("layer");
            json.WriteString("name", layer.Name);
            WriteShape(json, layer.Shape);
            json.WriteString("reason", layer.Reason);
            json.WriteEndObject();
            json.WriteStartArray("results");
            foreach (var result in results)
                Write(json, result);
            json.WriteEndArray();
            json.WriteStartObject("timings");
            json.WriteNumber("load_ms", Math.Round(loadMilliseconds, 1));
            json.WriteNumber("run_ms", Math.Round(runMilliseconds, 1));
            json.WriteEndObject();
            json.WriteEndObject();
        }

        output.WriteLine(System.Text.Encoding.UTF8.GetString(bytes.ToArray()));
    }

    private static void Write(Utf8JsonWriter json, InputResult result)
    {
        json.WriteStartObject();
        json.WriteString("input", result.Input);
        if (result.Item is { } item)
            json.WriteNumber("item", item);
        json.WriteStartArray("predictions");
        foreach (var p in result.Predictions)
        {
            json.WriteStartObject();
            json.WriteNumber("index", p.Index);
            json.WriteString("label", p.Label);
            json.WriteNumber("probability", p.Probability);
            json.WriteNumber("score", p.Score);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("explanations");
        foreach (var e in result.Explanations)
            Write(json, e);
        json.WriteEndArray();
        if (result.Error is not null)
            json.WriteString("error", result.Error);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, ExplainedClass e)
    {
        json.WriteStartObject();
        json.WriteString("method", e.Method.Name);
        json.WriteStartObject("class");
        json.WriteNumber("index", e.Class);
        json.WriteString("label", e.Label);
        json.WriteEndObject();
        WriteShape(json, e.Shape);
        json.WriteNumber("min", e.Minimum);
        json.WriteNumber("max", e.Maximum);
        json.WriteBoolean("empty", e.IsEmpty);
        if (e.Box is { } box)
        {
            json.WriteStartArray("box");
            foreach (int value in (int[])[box.X, box.Y, box.Width, box.Height])
                json.WriteNumberValue(value);
            json.WriteEndArray();
        }
        else
        {
            json.WriteNull("box");
        }

        json.WriteStartObject("files");
        foreach (var (kind, file) in e.Files)
            json.WriteString(kind, file);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteShape(Utf8JsonWriter json, Shape shape)
    {
        json.WriteStartArray("shape");
        foreach (long length in shape)
            json.WriteNumberValue(length);
        json.WriteEndArray();
    }
}
