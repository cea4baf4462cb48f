using System.Numerics.Tensors;
using GradCamSharp.Films;
using GradCamSharp.Imaging;
using GradCamSharp.Methods;
using OnnxGrad;

namespace GradCamSharp;

/// <summary>A part of a film that was explained at once: one frame for a model of pictures, a clip for a model of clips.</summary>
/// <param name="Index">Which part, from 0.</param>
/// <param name="First">Its first frame in the film, from 0.</param>
/// <param name="Frames">
/// Its frames, as large as they are drawn. Where the last clip reaches back, those that no part before has shown.
/// </param>
/// <param name="Reading">What the model says of it.</param>
/// <param name="Explanations">All methods of the first target, then of the next.</param>
/// <param name="Notes">What a reader should know.</param>
public sealed record FilmPart(
    int Index, int First, IReadOnlyList<FilmFrame> Frames, TargetReading Reading, IReadOnlyList<FilmExplanation> Explanations,
    IReadOnlyList<string> Notes);

/// <summary>An explanation of a part of a film.</summary>
public sealed class FilmExplanation
{
    private readonly Geometry geometry;
    private readonly (int Frames, int Height, int Width) size;
    private readonly float[] shown;
    private readonly (double First, double Step) time;
    private readonly float minimum, maximum;

    /// <param name="explanation">The map.</param>
    /// <param name="shown">What is drawn of it, [T, H, W].</param>
    /// <param name="size">T, H and W.</param>
    /// <param name="geometry">Where the network's input lies in a frame as it is drawn.</param>
    /// <param name="time">Which place along T the part's first frame has, and how far the next is; places are slices' middles.</param>
    internal FilmExplanation(
        TargetExplanation explanation, float[] shown, (int, int, int) size, Geometry geometry, (double, double) time)
    {
        Explanation = explanation;
        this.shown = shown;
        this.size = size;
        this.geometry = geometry;
        this.time = time;
        (minimum, maximum) = (TensorPrimitives.Min<float>(shown), TensorPrimitives.Max<float>(shown));
    }

    /// <summary>The map, [t, h, w] of a clip or [h, w] of a frame, and what it is of.</summary>
    public TargetExplanation Explanation { get; }

    /// <summary>Where the network's input lies in a frame as it is drawn.</summary>
    public Geometry Geometry => geometry;

    /// <summary>Height and width of a frame's map as <see cref="ValuesOf"/> has it.</summary>
    public (int Height, int Width) Size => (size.Height, size.Width);

    /// <summary>Whether the map has no positive value.</summary>
    public bool IsEmpty => !(maximum > 0);

    /// <summary>The map on a frame: linear between the two nearest slices, from the least to the largest value of the whole part.</summary>
    /// <param name="frame">The frame, by its place among the part's.</param>
    /// <exception cref="InvalidDataException">A value is not finite.</exception>
    public HeatMap MapOf(int frame) =>
        HeatMap.FromRaw(Between(frame), size.Height, size.Width, geometry, minimum, maximum);

    /// <summary>
    /// What <see cref="MapOf"/> draws, at the map's own resolution: from 0 to 1 over the whole part, [height, width]; all 0 where there is
    /// no positive value.
    /// </summary>
    /// <param name="frame">The frame, by its place among the part's.</param>
    /// <exception cref="InvalidDataException">A value is not finite.</exception>
    public float[] ValuesOf(int frame) => HeatMap.Normalized(Between(frame), minimum, maximum);

    private float[] Between(int frame)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(frame);
        double place = Math.Clamp(time.First + (frame * time.Step), 0, size.Frames - 1);
        int before = (int)place, after = Math.Min(before + 1, size.Frames - 1), count = size.Height * size.Width;
        float share = (float)(place - before);
        float[] map = new float[count];
        for (int i = 0; i < count; i++)
            map[i] = (shown[(before * count) + i] * (1 - share)) + (shown[(after * count) + i] * share);
        return map;
    }

    /// <summary>The frame, by its place among so many, on which the map is strongest.</summary>
    /// <param name="frames">How many frames the part has.</param>
    internal int StrongestOf(int frames)
    {
        int count = size.Height * size.Width, strongest = 0;
        float most = float.NegativeInfinity;
        for (int slice = 0; slice < size.Frames; slice++)
        {
            if (TensorPrimitives.Max<float>(shown.AsSpan(slice * count, count)) is var own && own > most)
                (strongest, most) = (slice, own);
        }

        return Math.Clamp((int)Math.Round((strongest - time.First) / time.Step), 0, frames - 1);
    }

    /// <summary>What is drawn of a raw map, [T, H, W]; of a map of [h, w] T is 1.</summary>
    /// <exception cref="ModelException">The map has other axes.</exception>
    internal static (float[] Shown, (int Frames, int Height, int Width) Size) Drawn(
        TargetExplanation e, (int Frames, int Height, int Width, int Channels) input, bool areFramesFirst)
    {
        float[] raw = e.Raw.ToArray();
        if (e.Method.IsPixelSpace)
        {
            // Graphs answer in the input's own layout; [T, C, H, W] is brought to [C, T, H, W].
            if (areFramesFirst && e.Method is GraphMethod && input.Frames > 1)
            {
                float[] moved = new float[raw.Length];
                Runs.ChannelOrder.ToFirst(raw, input.Frames, input.Channels, moved);
                raw = moved;
            }

            var strength = Rendering.Strength(raw, new PixelSize(input.Width * input.Frames, input.Height));
            return (strength, (input.Frames, input.Height, input.Width));
        }

        // What is negative speaks against the target; a heat map shows what speaks for it.
        if (e.Method.ShowsPositivePart)
            raw = [.. raw.Select(v => Math.Max(0, v))];
        return e.Shape.Rank switch
        {
            3 => (raw, ((int)e.Shape[0].Value, (int)e.Shape[1].Value, (int)e.Shape[2].Value)),
            2 => (raw, (1, (int)e.Shape[0].Value, (int)e.Shape[1].Value)),
            _ => throw new ModelException($"The layer '{(e.Layers.Count > 0 ? e.Layers[0].Name : "")}' has maps of {e.Shape}; on a film " +
                "they need two axes, or three of which the first is time. Choose another layer."),
        };
    }
}
