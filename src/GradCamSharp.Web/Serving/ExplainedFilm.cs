using System.Runtime.InteropServices;
using GradCamSharp.Imaging;
using GradCamSharp.Layers;
using GradCamSharp.Methods;
using GradCamSharp.Output;
using GradCamSharp.Targets;

namespace GradCamSharp.Web.Serving;

/// <summary>What a model of clips says of a film, gathered part by part, as it is answered.</summary>
internal sealed class ExplainedFilm(ExplainQuery query, Labels labels)
{
    private const int Quality = 85;

    private readonly Dictionary<(ExplanationMethod, Target), FilmTrack> tracks = [];
    private readonly List<string> notes = [];

    /// <summary>The frames, as large as they are drawn.</summary>
    public List<(TimeSpan Duration, byte[] Jpeg)> Frames { get; } = [];

    /// <summary>All methods of the first target, then of the next.</summary>
    public IEnumerable<FilmTrack> Tracks => tracks.Values;

    /// <summary>What the model says of the first part.</summary>
    public TargetReading? Reading { get; private set; }

    /// <summary>Where the network's input lies in a frame.</summary>
    public Geometry Geometry { get; private set; }

    /// <summary>What a reader should know.</summary>
    public IReadOnlyList<string> Notes => notes;

    /// <summary>How many bytes frames and maps have by now.</summary>
    public long Bytes { get; private set; }

    /// <summary>Adds a part.</summary>
    public void Add(FilmPart part, CancellationToken cancellationToken)
    {
        Reading ??= part.Reading;
        notes.AddRange(part.Notes.Except(notes));
        foreach (var explanation in part.Explanations)
        {
            var e = explanation.Explanation;
            Geometry = explanation.Geometry;
            if (!tracks.TryGetValue((e.Method, e.Target), out var track))
                tracks[(e.Method, e.Target)] = track = new FilmTrack(e, explanation.Size);
            track.Moments.Add(new FilmMoment(
                part.First, part.Frames.Count, e.Class, e.Class is { } index ? labels[index] : e.Words, e.Score, explanation.IsEmpty,
                e.Raw.Span.IsEmpty ? 0 : System.Numerics.Tensors.TensorPrimitives.Min(e.Raw.Span),
                e.Raw.Span.IsEmpty ? 0 : System.Numerics.Tensors.TensorPrimitives.Max(e.Raw.Span)));
            for (int i = 0; i < part.Frames.Count; i++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (Map(explanation, i, part.Frames[i].Picture) is not { } map)
                    continue;
                track.Maps.Add(map);
                Bytes += map.Length;
            }
        }

        foreach (var frame in part.Frames)
        {
            cancellationToken.ThrowIfCancellationRequested();
            byte[] jpeg = query.HasFrames ? PictureEncoder.ToJpeg(frame.Picture, Quality) : [];
            Frames.Add((frame.Duration, jpeg));
            Bytes += jpeg.Length;
        }
    }

    private byte[]? Map(FilmExplanation explanation, int frame, Picture picture) => query.Maps switch
    {
        MapForm.Float32 => MemoryMarshal.AsBytes(explanation.ValuesOf(frame).AsSpan()).ToArray(),
        MapForm.Png => PictureEncoder.ToPng(Rendering.DrawMap(explanation.MapOf(frame), query.Colors)),
        MapForm.Overlay => PictureEncoder.ToJpeg(
            Rendering.Overlay(picture, explanation.MapOf(frame), query.Colors, query.Opacity), Quality),
        _ => null,
    };
}

/// <summary>A target of a film by a method.</summary>
/// <param name="first">The explanation of the first part.</param>
/// <param name="size">Height and width of a frame's map.</param>
internal sealed class FilmTrack(TargetExplanation first, (int Height, int Width) size)
{
    /// <summary>Height and width of a frame's map.</summary>
    public (int Height, int Width) Size => size;

    /// <summary>The layer of its maps.</summary>
    public Layer? Layer => first.Layers is [var layer, ..] ? layer : null;

    /// <summary>The parts.</summary>
    public List<FilmMoment> Moments { get; } = [];

    /// <summary>Each frame's map, as it is sent.</summary>
    public List<byte[]> Maps { get; } = [];

    /// <summary>What is said of all parts together.</summary>
    public ExplanationSummary Summary()
    {
        bool isOneClass = Moments.TrueForAll(m => m.Class == first.Class);
        bool isOneLabel = Moments.TrueForAll(m => m.Label == Moments[0].Label);
        return new ExplanationSummary(
            first.Method, isOneClass ? first.Class ?? -1 : -1, isOneClass ? Moments[0].Label : first.Target.Spec, first.Shape,
            Moments.Min(m => m.Minimum), Moments.Max(m => m.Maximum), Moments.TrueForAll(m => m.IsEmpty), null)
        {
            Target = new TargetSummary(
                first.Target.Spec, first.Target.Slug, Moments.Average(m => m.Score), isOneLabel ? Moments[0].Label : "", first.Layers),
        };
    }
}

/// <summary>A target in a part of a film.</summary>
/// <param name="First">The part's first frame.</param>
/// <param name="Frames">How many frames it has.</param>
/// <param name="Class">The class; null where the target is of none.</param>
/// <param name="Label">What it is.</param>
/// <param name="Score">The number S.</param>
/// <param name="IsEmpty">Whether there is no evidence.</param>
/// <param name="Minimum">The raw map's least value.</param>
/// <param name="Maximum">Its largest.</param>
internal sealed record FilmMoment(
    int First, int Frames, long? Class, string Label, double Score, bool IsEmpty, float Minimum, float Maximum);
