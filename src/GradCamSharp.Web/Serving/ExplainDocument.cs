using System.Buffers;
using System.Collections.ObjectModel;
using System.Runtime.InteropServices;
using System.Text.Json;
using GradCamSharp.Imaging;
using GradCamSharp.Output;

namespace GradCamSharp.Web.Serving;

/// <summary>The JSON of <c>gradcam explain --json</c>, and with it the picture's geometry and the maps.</summary>
internal static class ExplainDocument
{
    /// <summary>Writes the document.</summary>
    /// <param name="query">What was asked.</param>
    /// <param name="result">What was found.</param>
    /// <param name="runMilliseconds">How long that took.</param>
    /// <param name="cancellationToken">Stops before the next map: to measure, draw and compress many takes longer than the run.</param>
    public static ReadOnlyMemory<byte> Write(
        ExplainQuery query, ExplainedPicture result, double runMilliseconds, CancellationToken cancellationToken)
    {
        var bytes = new ArrayBufferWriter<byte>(4096);
        using var json = new Utf8JsonWriter(bytes, ExplanationJson.Options(isIndented: false));
        ExplanationJson.Write(
            json, query.Model.Source.Name, result.Layer, () => WriteResult(json, query, result, cancellationToken), 0, runMilliseconds);
        json.Flush();
        return bytes.WrittenMemory;
    }

    /// <summary>Where the network's input lies in the picture: what brings a raw map there.</summary>
    public static void WriteGeometry(Utf8JsonWriter json, Geometry geometry)
    {
        json.WriteStartObject("geometry");
        ExplanationJson.WriteNumbers(json, "original", geometry.Original.Width, geometry.Original.Height);
        ExplanationJson.WriteNumbers(json, "resized", geometry.Resized.Width, geometry.Resized.Height);
        ExplanationJson.WriteBox(json, "crop", geometry.Crop);
        json.WriteEndObject();
    }

    /// <summary>How well texts fit a picture, where there are any.</summary>
    public static void WriteTexts(Utf8JsonWriter json, IReadOnlyList<ComparedText> texts)
    {
        if (texts.Count == 0)
            return;
        json.WriteStartArray("texts");
        foreach (var (text, score, probability) in texts)
        {
            json.WriteStartObject();
            json.WriteString("text", text);
            json.WriteNumber("score", Math.Round(score, 6));
            if (probability is { } share)
                json.WriteNumber("probability", Math.Round(share, 6));
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteResult(Utf8JsonWriter json, ExplainQuery query, ExplainedPicture result, CancellationToken cancellationToken)
    {
        json.WriteStartObject();
        json.WriteString("input", "image");
        WriteGeometry(json, result.Geometry);
        if (result.Task is { } task)
        {
            json.WriteString("task", task);
            if (result.Detections.Count > 0)
                ExplanationJson.WriteDetections(json, result.Detections);
        }

        ExplanationJson.WritePredictions(json, result.Predictions);
        WriteTexts(json, result.Texts);
        json.WriteStartArray("explanations");
        foreach (var map in result.Maps)
        {
            cancellationToken.ThrowIfCancellationRequested();
            json.WriteStartObject();
            ExplanationJson.WriteSummary(json, map.Summary, ReadOnlyDictionary<string, string>.Empty);
            WriteMap(json, query, result.Picture, map);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        if (result.Task is not null)
        {
            json.WriteStartArray("notes");
            foreach (string note in result.Notes)
                json.WriteStringValue(note);
            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    private static void WriteMap(Utf8JsonWriter json, ExplainQuery query, Picture picture, ExplainedMap map)
    {
        switch (query.Maps)
        {
            case MapForm.Float32:
                json.WriteStartObject("map");
                json.WriteString("dtype", "<f4");
                ExplanationJson.WriteShape(json, map.Shape);
                json.WriteBase64String("data", LittleEndian(map.Raw.Span));
                json.WriteEndObject();
                break;
            case MapForm.Png:
                json.WriteBase64String("png", PictureEncoder.ToPng(map.Draw(query.Colors)));
                break;
            case MapForm.Overlay:
                var overlay = Rendering.Overlay(picture, map.HeatMap, query.Colors, query.Opacity);
                json.WriteBase64String("png", PictureEncoder.ToPng(overlay));
                break;
        }
    }

    private static ReadOnlySpan<byte> LittleEndian(ReadOnlySpan<float> values)
    {
        if (BitConverter.IsLittleEndian)
            return MemoryMarshal.AsBytes(values);
        byte[] bytes = new byte[values.Length * sizeof(float)];
        for (int i = 0; i < values.Length; i++)
            System.Buffers.Binary.BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(i * sizeof(float)), values[i]);
        return bytes;
    }
}
