using System.Buffers;
using System.Collections.ObjectModel;
using System.Text.Json;
using GradCamSharp.Layers;
using GradCamSharp.Models;
using GradCamSharp.Output;

namespace GradCamSharp.Web.Serving;

/// <summary>The JSON of <c>/api/film</c>: that of a picture, with the film, its frames and a map a frame.</summary>
internal static class FilmDocument
{
    /// <summary>Writes the document.</summary>
    /// <param name="query">What was asked.</param>
    /// <param name="film">What was found.</param>
    /// <param name="sampling">The clips that were taken of it.</param>
    /// <param name="runMilliseconds">How long that took.</param>
    public static ReadOnlyMemory<byte> Write(ExplainQuery query, ExplainedFilm film, ClipSampling sampling, double runMilliseconds)
    {
        var bytes = new ArrayBufferWriter<byte>((int)(film.Bytes / 3 * 4) + 65536);
        using var json = new Utf8JsonWriter(bytes, ExplanationJson.Options(isIndented: false));
        var layer = film.Tracks.Select(t => t.Layer).FirstOrDefault(l => l is not null)
            ?? new Layer("", "", default, LayerFormat.Nchw, "none: the whole network is asked");
        ExplanationJson.Write(json, query.Model.Source.Name, layer, () => WriteResult(json, query, film, sampling), 0, runMilliseconds);
        json.Flush();
        return bytes.WrittenMemory;
    }

    private static void WriteResult(Utf8JsonWriter json, ExplainQuery query, ExplainedFilm film, ClipSampling sampling)
    {
        json.WriteStartObject();
        json.WriteString("input", "film");
        json.WriteStartObject("film");
        json.WriteNumber("frames", film.Frames.Count);
        json.WriteNumber("seconds", Math.Round(film.Frames.Sum(f => f.Duration.TotalSeconds), 3));
        json.WriteNumber("clip", sampling.Length ?? 1);
        json.WriteNumber("stride", sampling.Stride);
        json.WriteEndObject();
        ExplainDocument.WriteGeometry(json, film.Geometry);
        json.WriteString("task", query.Model.Description.Task);
        ExplanationJson.WritePredictions(json, film.Reading?.Predictions ?? []);
        json.WriteStartArray("explanations");
        foreach (var track in film.Tracks)
        {
            json.WriteStartObject();
            ExplanationJson.WriteSummary(json, track.Summary(), ReadOnlyDictionary<string, string>.Empty);
            WriteTrack(json, query, track);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("notes");
        foreach (string note in film.Notes)
            json.WriteStringValue(note);
        json.WriteEndArray();
        json.WriteStartArray("frames");
        foreach (var (duration, jpeg) in film.Frames)
        {
            json.WriteStartObject();
            json.WriteNumber("seconds", Math.Round(duration.TotalSeconds, 4));
            if (jpeg.Length > 0)
                json.WriteBase64String("jpeg", jpeg);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteTrack(Utf8JsonWriter json, ExplainQuery query, FilmTrack track)
    {
        json.WriteStartArray("parts");
        foreach (var moment in track.Moments)
        {
            json.WriteStartObject();
            json.WriteNumber("first", moment.First);
            json.WriteNumber("frames", moment.Frames);
            json.WriteString("label", moment.Label);
            json.WriteNumber("value", moment.Score);
            json.WriteBoolean("empty", moment.IsEmpty);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        if (query.Maps == MapForm.None)
            return;
        json.WriteStartObject("maps");
        json.WriteString("form", query.Maps == MapForm.Float32 ? "<f4" : query.Maps == MapForm.Png ? "png" : "jpeg");
        ExplanationJson.WriteNumbers(json, "shape", track.Size.Height, track.Size.Width);
        json.WriteStartArray("frames");
        foreach (byte[] map in track.Maps)
            json.WriteBase64StringValue(map);
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
