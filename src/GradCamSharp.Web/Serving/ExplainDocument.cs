using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using GradCamSharp.Imaging;
using GradCamSharp.Methods;
using OnnxGrad;

namespace GradCamSharp.Web.Serving;

/// <summary>The JSON of <c>gradcam explain --json</c>, and with it the picture's geometry and the maps.</summary>
internal static class ExplainDocument
{
    private static readonly JsonWriterOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes the document.</summary>
    /// <param name="query">What was asked.</param>
    /// <param name="result">What was found.</param>
    /// <param name="runMilliseconds">How long that took.</param>
    public static ReadOnlyMemory<byte> Write(ExplainQuery query, PictureExplanation result, double runMilliseconds)
    {
        var bytes = new ArrayBufferWriter<byte>(4096);
        using var json = new Utf8JsonWriter(bytes, Compact);
        json.WriteStartObject();
        json.WriteString("model", query.Model.Source.Name);
        json.WriteStartObject("layer");
        json.WriteString("name", query.Layer.Name);
        WriteShape(json, query.Layer.Shape);
        json.WriteString("reason", query.Layer.Reason);
        json.WriteEndObject();
        json.WriteStartArray("results");
        json.WriteStartObject();
        json.WriteString("input", "image");
        WriteGeometry(json, result.Prepared.Geometry);
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
        foreach (var explanation in result.Explanations)
            Write(json, query, result, explanation);
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteStartObject("timings");
        json.WriteNumber("load_ms", 0);
        json.WriteNumber("run_ms", Math.Round(runMilliseconds, 1));
        json.WriteEndObject();
        json.WriteEndObject();
        json.Flush();
        return bytes.WrittenMemory;
    }

    private static void Write(Utf8JsonWriter json, ExplainQuery query, PictureExplanation result, Explanation explanation)
    {
        var raw = explanation.Raw;
        json.WriteStartObject();
        json.WriteString("method", explanation.Method.Name);
        json.WriteStartObject("class");
        json.WriteNumber("index", explanation.Class);
        json.WriteString("label", explanation.Label);
        json.WriteEndObject();
        WriteShape(json, explanation.Shape);
        json.WriteNumber("min", raw.Min());
        json.WriteNumber("max", raw.Max());
        json.WriteBoolean("empty", explanation.HeatMap.IsEmpty);
        if (explanation.HeatMap.LargestPart() is { } box)
            WriteNumbers(json, "box", box.X, box.Y, box.Width, box.Height);
        else
            json.WriteNull("box");
        json.WriteStartObject("files");
        json.WriteEndObject();
        switch (query.Maps)
        {
            case MapForm.Float32:
                json.WriteStartObject("map");
                json.WriteString("dtype", "<f4");
                WriteShape(json, explanation.Shape);
                json.WriteBase64String("data", LittleEndian(raw));
                json.WriteEndObject();
                break;
            case MapForm.Png:
                json.WriteBase64String("png", PictureEncoder.ToPng(explanation.Method.IsPixelSpace && explanation.Method is not Saliency
                    ? Rendering.Signed(raw, result.Prepared.Input.Size, query.Model.Explainer.Preprocessing.IsBgr)
                    : Rendering.Alone(explanation.HeatMap, query.Colors)));
                break;
            case MapForm.Overlay:
                var overlay = Rendering.Overlay(result.Picture, explanation.HeatMap, query.Colors, query.Opacity);
                json.WriteBase64String("png", PictureEncoder.ToPng(overlay));
                break;
        }

        json.WriteEndObject();
    }

    /// <summary>Where the network's input lies in the picture: what brings a raw map there.</summary>
    private static void WriteGeometry(Utf8JsonWriter json, Geometry geometry)
    {
        json.WriteStartObject("geometry");
        WriteNumbers(json, "original", geometry.Original.Width, geometry.Original.Height);
        WriteNumbers(json, "resized", geometry.Resized.Width, geometry.Resized.Height);
        WriteNumbers(json, "crop", geometry.Crop.X, geometry.Crop.Y, geometry.Crop.Width, geometry.Crop.Height);
        json.WriteEndObject();
    }

    private static void WriteShape(Utf8JsonWriter json, Shape shape)
    {
        json.WriteStartArray("shape");
        foreach (long length in shape)
            json.WriteNumberValue(length);
        json.WriteEndArray();
    }

    private static void WriteNumbers(Utf8JsonWriter json, string name, params ReadOnlySpan<int> numbers)
    {
        json.WriteStartArray(name);
        foreach (int number in numbers)
            json.WriteNumberValue(number);
        json.WriteEndArray();
    }

    private static ReadOnlySpan<byte> LittleEndian(float[] values)
    {
        if (BitConverter.IsLittleEndian)
            return MemoryMarshal.AsBytes(values.AsSpan());
        byte[] bytes = new byte[values.Length * sizeof(float)];
        for (int i = 0; i < values.Length; i++)
            System.Buffers.Binary.BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(i * sizeof(float)), values[i]);
        return bytes;
    }
}
