using System.Text.Json;
using GradCamSharp.Heads;

namespace GradCamSharp.Output;

/// <summary>The JSON of what a model does and what it says of an input: the command line and the HTTP API write the same.</summary>
public static class DescriptionJson
{
    /// <summary>Adds to an object what the model does, and why that is thought.</summary>
    /// <param name="json">An open object.</param>
    /// <param name="description">The model.</param>
    /// <param name="otherInputs">The inputs beside the picture's.</param>
    public static void WriteModel(Utf8JsonWriter json, ModelDescription description, IEnumerable<string> otherInputs)
    {
        ArgumentNullException.ThrowIfNull(json);
        ArgumentNullException.ThrowIfNull(description);
        ArgumentNullException.ThrowIfNull(otherInputs);
        json.WriteString("task", description.Task);
        json.WriteString("head", description.Family);
        json.WriteString("reason", description.Reason);
        json.WriteString("target", description.Target?.Spec);
        json.WriteString("targets", description.Examples);
        json.WriteStartObject("input");
        json.WriteString("name", description.Input.Name);
        json.WriteString("type", description.Input.Type.ToString().ToLowerInvariant());
        json.WriteString("declared", description.Input.Declared.ToString());
        ExplanationJson.WriteShape(json, description.Input.Shape);
        json.WriteEndObject();
        WriteTexts(json, "other_inputs", otherInputs);
        WriteTexts(json, "outputs", description.Outputs);
    }

    /// <summary>Adds to an object what the model says of an input: detections, masks, key points, predictions.</summary>
    /// <param name="json">An open object.</param>
    /// <param name="reading">What it says.</param>
    public static void WriteReading(Utf8JsonWriter json, TargetReading reading)
    {
        ArgumentNullException.ThrowIfNull(json);
        ArgumentNullException.ThrowIfNull(reading);
        ExplanationJson.WriteDetections(json, reading.Detections);
        WriteMasks(json, reading.Masks);
        WriteKeypoints(json, reading.Keypoints);
        ExplanationJson.WritePredictions(json, reading.Predictions);
        json.WriteString("summary", reading.Summary);
    }

    private static void WriteMasks(Utf8JsonWriter json, IReadOnlyList<FoundMask> masks)
    {
        json.WriteStartArray("masks");
        foreach (var mask in masks)
        {
            json.WriteStartObject();
            json.WriteString("target", mask.Target.Spec);
            json.WriteString("label", mask.Label);
            json.WriteNumber("score", Math.Round(mask.Score, 6));
            ExplanationJson.WriteNumbers(json, "size", mask.Width, mask.Height);
            json.WriteStartArray("counts");
            foreach (int count in mask.Counts)
                json.WriteNumberValue(count);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteKeypoints(Utf8JsonWriter json, IReadOnlyList<FoundKeypoint> points)
    {
        json.WriteStartArray("keypoints");
        foreach (var point in points)
        {
            json.WriteStartObject();
            json.WriteString("target", point.Target.Spec);
            json.WriteString("label", point.Label);
            json.WriteNumber("x", Math.Round(point.X, 3));
            json.WriteNumber("y", Math.Round(point.Y, 3));
            json.WriteNumber("score", Math.Round(point.Score, 6));
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteTexts(Utf8JsonWriter json, string name, IEnumerable<string> texts)
    {
        json.WriteStartArray(name);
        foreach (string text in texts)
            json.WriteStringValue(text);
        json.WriteEndArray();
    }
}
