using System.Text.Encodings.Web;
using System.Text.Json;
using GradCamSharp.Heads;
using GradCamSharp.Imaging;
using GradCamSharp.Layers;
using GradCamSharp.Methods;
using OnnxGrad;

namespace GradCamSharp.Output;

/// <summary>
/// The JSON document of explanations. The command line and the HTTP API write the same one; what each has of its
/// own it adds to an open object.
/// </summary>
public static class ExplanationJson
{
    /// <summary>How the document is written: labels stay legible in any script.</summary>
    /// <param name="isIndented">For people, over several lines.</param>
    public static JsonWriterOptions Options(bool isIndented) =>
        new() { Indented = isIndented, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes the document.</summary>
    /// <param name="json">Where to.</param>
    /// <param name="model">The model's path or name.</param>
    /// <param name="layer">The layer explained.</param>
    /// <param name="writeResults">Writes one object an input.</param>
    /// <param name="loadMilliseconds">How long loading took.</param>
    /// <param name="runMilliseconds">How long explaining took.</param>
    public static void Write(
        Utf8JsonWriter json, string model, Layer layer, Action writeResults, double loadMilliseconds, double runMilliseconds)
    {
        ArgumentNullException.ThrowIfNull(json);
        ArgumentNullException.ThrowIfNull(layer);
        ArgumentNullException.ThrowIfNull(writeResults);
        json.WriteStartObject();
        json.WriteString("model", model);
        json.WriteStartObject("layer");
        json.WriteString("name", layer.Name);
        WriteShape(json, layer.Shape);
        json.WriteString("reason", layer.Reason);
        json.WriteEndObject();
        json.WriteStartArray("results");
        writeResults();
        json.WriteEndArray();
        json.WriteStartObject("timings");
        json.WriteNumber("load_ms", Math.Round(loadMilliseconds, 1));
        json.WriteNumber("run_ms", Math.Round(runMilliseconds, 1));
        json.WriteEndObject();
        json.WriteEndObject();
    }

    /// <summary>Adds <c>predictions</c> to an input's object.</summary>
    /// <param name="json">An open object.</param>
    /// <param name="predictions">The predictions, the most probable first.</param>
    public static void WritePredictions(Utf8JsonWriter json, IEnumerable<Prediction> predictions)
    {
        ArgumentNullException.ThrowIfNull(json);
        ArgumentNullException.ThrowIfNull(predictions);
        json.WriteStartArray("predictions");
        foreach (var prediction in predictions)
        {
            json.WriteStartObject();
            json.WriteNumber("index", prediction.Index);
            json.WriteString("label", prediction.Label);
            json.WriteNumber("probability", prediction.Probability);
            json.WriteNumber("score", prediction.Score);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    /// <summary>Adds to an explanation's object what is said of its map, and the files it was saved to.</summary>
    /// <param name="json">An open object.</param>
    /// <param name="summary">The map.</param>
    /// <param name="files">For each kind of file its name.</param>
    public static void WriteSummary(Utf8JsonWriter json, ExplanationSummary summary, IReadOnlyDictionary<string, string> files)
    {
        ArgumentNullException.ThrowIfNull(json);
        ArgumentNullException.ThrowIfNull(summary);
        ArgumentNullException.ThrowIfNull(files);
        json.WriteString("method", summary.Method.Name);
        WriteParameters(json, summary.Method);
        if (summary.Target is { } target)
            WriteTarget(json, target);
        if (summary.Class >= 0)
        {
            json.WriteStartObject("class");
            json.WriteNumber("index", summary.Class);
            json.WriteString("label", summary.Label);
            json.WriteEndObject();
        }

        WriteShape(json, summary.Shape);
        json.WriteNumber("min", summary.Minimum);
        json.WriteNumber("max", summary.Maximum);
        json.WriteBoolean("empty", summary.IsEmpty);
        if (summary.Residual is { } residual)
            json.WriteNumber("residual", residual);
        if (summary.Account is { } account)
            WriteAccount(json, account);
        if (summary.Note is { } note)
            json.WriteString("note", note);
        if (summary.StandardError is { } standardError)
            json.WriteNumber("standard_error", standardError);
        if (summary.Box is { } box)
            WriteBox(json, "box", box);
        else
            json.WriteNull("box");
        json.WriteStartObject("files");
        foreach (var (kind, file) in files)
            json.WriteString(kind, file);
        json.WriteEndObject();
    }

    /// <summary>Adds <c>detections</c> to an input's object.</summary>
    /// <param name="json">An open object.</param>
    /// <param name="detections">The detections, the most confident first.</param>
    public static void WriteDetections(Utf8JsonWriter json, IEnumerable<Detection> detections)
    {
        ArgumentNullException.ThrowIfNull(json);
        ArgumentNullException.ThrowIfNull(detections);
        json.WriteStartArray("detections");
        foreach (var d in detections)
        {
            json.WriteStartObject();
            json.WriteNumber("index", d.Index);
            json.WriteNumber("class", d.Class);
            json.WriteString("label", d.Label);
            json.WriteNumber("score", Math.Round(d.Score, 6));
            json.WriteStartArray("box");
            foreach (double edge in (double[])[d.Box.X1, d.Box.Y1, d.Box.X2, d.Box.Y2])
                json.WriteNumberValue(Math.Round(edge, 3));
            json.WriteEndArray();
            if (d.Keypoints.Length > 0)
            {
                json.WriteStartArray("keypoints");
                foreach (var point in d.Keypoints)
                {
                    json.WriteStartArray();
                    json.WriteNumberValue(Math.Round(point.X, 3));
                    json.WriteNumberValue(Math.Round(point.Y, 3));
                    if (point.Score is { } score)
                        json.WriteNumberValue(Math.Round(score, 6));
                    json.WriteEndArray();
                }

                json.WriteEndArray();
            }

            json.WriteString("where", d.Where);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    /// <summary>Adds <c>account</c> to an object: where a score went that was shared out.</summary>
    /// <param name="json">An open object.</param>
    /// <param name="account">The account.</param>
    public static void WriteAccount(Utf8JsonWriter json, RelevanceAccount account)
    {
        ArgumentNullException.ThrowIfNull(json);
        ArgumentNullException.ThrowIfNull(account);
        json.WriteStartObject("account");
        json.WriteNumber("score", account.Score);
        json.WriteNumber("input", account.Input);
        json.WriteStartObject("absorbed");
        foreach (var (kind, amount) in account.Absorbed)
            json.WriteNumber(kind, amount);
        json.WriteEndObject();
        json.WriteNumber("error", account.Error);
        json.WriteEndObject();
    }

    private static void WriteTarget(Utf8JsonWriter json, TargetSummary target)
    {
        json.WriteStartObject("target");
        json.WriteString("spec", target.Spec);
        json.WriteString("slug", target.Slug);
        json.WriteNumber("value", target.Value);
        if (target.Words.Length > 0)
            json.WriteString("words", target.Words);
        json.WriteEndObject();
        if (target.Layers.Count > 0)
            json.WriteString("layer", string.Join('+', target.Layers.Select(l => l.Name)));
    }

    /// <summary>Adds <c>parameters</c> to an object: a method's, by name.</summary>
    /// <param name="json">An open object.</param>
    /// <param name="method">The method.</param>
    public static void WriteParameters(Utf8JsonWriter json, ExplanationMethod method)
    {
        ArgumentNullException.ThrowIfNull(json);
        ArgumentNullException.ThrowIfNull(method);
        json.WriteStartObject("parameters");
        foreach (var parameter in method.Parameters)
        {
            json.WritePropertyName(parameter.Name);
            WriteValue(json, parameter.ValueOf(method));
        }

        json.WriteEndObject();
    }

    private static void WriteValue(Utf8JsonWriter json, object value)
    {
        switch (value)
        {
            case bool truth:
                json.WriteBooleanValue(truth);
                break;
            case long whole:
                json.WriteNumberValue(whole);
                break;
            case double number:
                json.WriteNumberValue(number);
                break;
            case string text:
                json.WriteStringValue(text);
                break;
            case System.Collections.IEnumerable list:
                json.WriteStartArray();
                foreach (object one in list)
                    WriteValue(json, one);
                json.WriteEndArray();
                break;
            default:
                throw new ArgumentException($"A parameter's value is no {value.GetType()}.", nameof(value));
        }
    }

    /// <summary>Adds <c>shape</c> to an object.</summary>
    /// <param name="json">An open object.</param>
    /// <param name="shape">The shape.</param>
    public static void WriteShape(Utf8JsonWriter json, Shape shape) => WriteNumbers(json, "shape", shape.ToArray(unknown: -1));

    /// <summary>Adds a box to an object: x, y, width, height.</summary>
    /// <param name="json">An open object.</param>
    /// <param name="name">The property's name.</param>
    /// <param name="box">The box, in pixels.</param>
    public static void WriteBox(Utf8JsonWriter json, string name, PixelBox box) =>
        WriteNumbers(json, name, box.X, box.Y, box.Width, box.Height);

    /// <summary>Adds an array of numbers to an object.</summary>
    /// <param name="json">An open object.</param>
    /// <param name="name">The property's name.</param>
    /// <param name="numbers">The numbers.</param>
    public static void WriteNumbers(Utf8JsonWriter json, string name, params ReadOnlySpan<long> numbers)
    {
        ArgumentNullException.ThrowIfNull(json);
        json.WriteStartArray(name);
        foreach (long number in numbers)
            json.WriteNumberValue(number);
        json.WriteEndArray();
    }
}
