using System.Text.Json;
using GradCamSharp.Evaluation;

namespace GradCamSharp.Cli.Explaining;

/// <summary>What tables and documents say of a film.</summary>
internal static class FilmText
{
    private const int Shown = 8;

    /// <summary>Writes how long it is.</summary>
    public static void Write(TextWriter output, FilmResult film)
    {
        string clips = film.ClipLength == 1 ? "" : FormattableString.Invariant($", clips of {film.ClipLength} frames") +
            (film.Stride == 1 ? "" : FormattableString.Invariant($", every {film.Stride} frames"));
        output.WriteLine(FormattableString.Invariant($"  film      {Counted.Of(film.Frames, "frame")}, {film.Seconds:0.0} s{clips}"));
    }

    /// <summary>The line of an explanation.</summary>
    public static string Line(ExplainedClass explained)
    {
        var s = explained.Summary;
        return FormattableString.Invariant($"  {s.Method.Name,-16}  {s.Target!.Spec}, mean S = {s.Target.Value:g4}: ") +
            (s.IsEmpty ? "no positive evidence at this layer" : $"{Counted.Of(explained.Moments.Count, "map")} of {s.Shape}");
    }

    /// <summary>Writes what is explained when: parts that follow each other and are of the same are one line.</summary>
    public static void Write(TextWriter output, IReadOnlyList<FilmMoment> moments)
    {
        var runs = new List<(string Label, double Start, double End, double Sum, int Count)>();
        foreach (var m in moments)
        {
            if (runs.Count > 0 && runs[^1].Label == m.Label)
                runs[^1] = runs[^1] with { End = m.End, Sum = runs[^1].Sum + m.Score, Count = runs[^1].Count + 1 };
            else
                runs.Add((m.Label, m.Start, m.End, m.Score, 1));
        }

        foreach (var (label, start, end, sum, count) in runs.Take(Shown))
            output.WriteLine(FormattableString.Invariant($"    {start:0.0} to {end:0.0} s  {label.Split(',')[0]}, S = {sum / count:g4}"));
        if (runs.Count > Shown)
            output.WriteLine(FormattableString.Invariant($"    and {runs.Count - Shown} more"));
    }

    /// <summary>Adds <c>film</c> to an input's object.</summary>
    public static void Write(Utf8JsonWriter json, FilmResult film)
    {
        json.WriteStartObject("film");
        json.WriteNumber("frames", film.Frames);
        json.WriteNumber("seconds", Math.Round(film.Seconds, 3));
        json.WriteNumber("clip_length", film.ClipLength);
        json.WriteNumber("frame_stride", film.Stride);
        json.WriteEndObject();
    }

    /// <summary>Adds <c>parts</c> to an explanation's object; nothing where it is of no film.</summary>
    public static void Write(Utf8JsonWriter json, IReadOnlyList<FilmMoment> moments)
    {
        if (moments.Count == 0)
            return;
        json.WriteStartArray("parts");
        foreach (var m in moments)
        {
            json.WriteStartObject();
            json.WriteNumber("first_frame", m.First);
            json.WriteNumber("last_frame", m.Last);
            json.WriteNumber("start", Math.Round(m.Start, 3));
            json.WriteNumber("end", Math.Round(m.End, 3));
            if (m.Class is { } index)
                json.WriteNumber("class", index);
            json.WriteString("label", m.Label);
            json.WriteNumber("value", m.Score);
            json.WriteNumber("min", m.Minimum);
            json.WriteNumber("max", m.Maximum);
            json.WriteBoolean("empty", m.IsEmpty);
            if (m.Raw is { } raw)
            {
                json.WriteString("raw", raw.File);
                json.WriteNumber("row", raw.Row);
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
