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
        ExplainQuery query, PictureExplanation result, double runMilliseconds, CancellationToken cancellationToken)
    {
        var bytes = new ArrayBufferWriter<byte>(4096);
        using var json = new Utf8JsonWriter(bytes, ExplanationJson.Options(isIndented: false));
        ExplanationJson.Write(
            json, query.Model.Source.Name, query.Layer, () => WriteResult(json, query, result, cancellationToken), 0, runMilliseconds);
        json.Flush();
        return bytes.WrittenMemory;
    }

    private static void WriteResult(
        Utf8JsonWriter json, ExplainQuery query, PictureExplanation result, CancellationToken cancellationToken)
    {
        json.WriteStartObject();
        json.WriteString("input", "image");
        WriteGeometry(json, result.Prepared.Geometry);
        ExplanationJson.WritePredictions(json, result.Predictions);
        json.WriteStartArray("explanations");
        foreach (var explanation in result.Explanations)
        {
            cancellationToken.ThrowIfCancellationRequested();
            json.WriteStartObject();
            ExplanationJson.WriteSummary(json, ExplanationSummary.Of(explanation), ReadOnlyDictionary<string, string>.Empty);
            WriteMap(json, query, result, explanation);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteMap(Utf8JsonWriter json, ExplainQuery query, PictureExplanation result, Explanation explanation)
    {
        switch (query.Maps)
        {
            case MapForm.Float32:
                json.WriteStartObject("map");
                json.WriteString("dtype", "<f4");
                ExplanationJson.WriteShape(json, explanation.Shape);
                json.WriteBase64String("data", LittleEndian(explanation.Raw.Span));
                json.WriteEndObject();
                break;
            case MapForm.Png:
                var heatMap = query.Model.Explainer.DrawMap(explanation, result.Prepared, query.Colors);
                json.WriteBase64String("png", PictureEncoder.ToPng(heatMap));
                break;
            case MapForm.Overlay:
                var overlay = Rendering.Overlay(result.Picture, explanation.HeatMap, query.Colors, query.Opacity);
                json.WriteBase64String("png", PictureEncoder.ToPng(overlay));
                break;
        }
    }

    /// <summary>Where the network's input lies in the picture: what brings a raw map there.</summary>
    private static void WriteGeometry(Utf8JsonWriter json, Geometry geometry)
    {
        json.WriteStartObject("geometry");
        ExplanationJson.WriteNumbers(json, "original", geometry.Original.Width, geometry.Original.Height);
        ExplanationJson.WriteNumbers(json, "resized", geometry.Resized.Width, geometry.Resized.Height);
        ExplanationJson.WriteBox(json, "crop", geometry.Crop);
        json.WriteEndObject();
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
