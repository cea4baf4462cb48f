using System.Collections.Immutable;
using GradCamSharp.Films;
using GradCamSharp.Imaging;
using GradCamSharp.Methods;
using GradCamSharp.Models;
using GradCamSharp.Targets;
using OnnxGrad;

namespace GradCamSharp;

/// <summary>
/// Explains targets on films: clip after clip by a model of clips, [N, T, C, H, W] or [N, C, T, H, W], frame after frame by a model of
/// pictures.
/// </summary>
/// <remarks>
/// A film of any length takes the memory of two clips. Members may be used by several threads; they wait for each other. Dispose it when
/// done: it owns the explainer.
/// </remarks>
public sealed class FilmTargets : IDisposable
{
    private readonly PictureTargets pictures;
    private readonly int channels, longestSide;

    private FilmTargets(PictureTargets pictures, ClipSampling sampling, int longestSide)
    {
        this.longestSide = longestSide;
        this.pictures = pictures;
        Sampling = sampling;
        channels = pictures.Channels;
    }

    /// <summary>The model.</summary>
    public TargetExplainer Model => pictures.Model;

    /// <summary>Where labels come from, and preprocessing where a file or the metadata says it.</summary>
    public SidecarFiles SidecarFiles => pictures.SidecarFiles;

    /// <summary>How frames are prepared.</summary>
    public Preprocessing Preprocessing => pictures.Preprocessing;

    /// <summary>Where that comes from, in words.</summary>
    public string PreprocessingSource => pictures.PreprocessingSource;

    /// <summary>
    /// How many frames a clip has, and every how manieth frame of the film is one of them; 1 and 1 for a model of pictures.
    /// </summary>
    public ClipSampling Sampling { get; }

    /// <summary>Whether a model takes clips of several frames.</summary>
    /// <param name="model">The model.</param>
    public static bool TakesClips(OnnxModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return model.Inputs.Any(i => i.Shape is { Rank: 5 });
    }

    /// <summary>Loads a model with what lies beside it.</summary>
    /// <param name="path">An .onnx file.</param>
    /// <param name="options">Task, layer, threads and device; its labels are looked for where it has none.</param>
    /// <param name="preprocess">torch, torchvision, caffe, tf, unit, yolo or a JSON file; null to look for it.</param>
    /// <param name="labels">A labels file; null to look for it.</param>
    /// <param name="others">The inputs beside the film's.</param>
    /// <param name="stride">Every how manieth frame is taken; null for what the model's files say, else every one.</param>
    /// <param name="longestSide">The longest side of the frames that parts carry to be drawn on; larger ones are made smaller.</param>
    /// <returns>An explainer that the caller disposes.</returns>
    /// <exception cref="ModelException">The model cannot be read, takes neither clips nor pictures, or does not run.</exception>
    /// <exception cref="InvalidDataException">A file does not hold what it should.</exception>
    public static FilmTargets Load(
        string path, TargetOptions? options = null, string? preprocess = null, string? labels = null,
        ImmutableDictionary<string, InputTensor>? others = null, int? stride = null, int longestSide = 480)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(longestSide, 1);
        if (stride is { } given)
            ArgumentOutOfRangeException.ThrowIfLessThan(given, 1, nameof(stride));
        options ??= new TargetOptions();
        var model = OnnxModel.Load(path, options.Explainer.Operators);
        if (!TakesClips(model))
            return new FilmTargets(
                PictureTargets.Open(path, model, options, preprocess, labels, others, areClips: false),
                new ClipSampling(1, 1, "frame by frame: the model takes pictures"), longestSide);
        var said = ClipSampling.Find(path, model.Metadata);
        var pictures = PictureTargets.Open(
            path, model, options with { ClipLength = options.ClipLength ?? said.Length }, preprocess, labels, others, areClips: true);
        var input = pictures.Model.Input;
        int length = (int)input.Shape[input.Clip!.Frames].Value;
        return new FilmTargets(pictures, new ClipSampling(
            length, stride ?? said.Stride, stride is null ? said.Source : "named by the user"), longestSide);
    }

    /// <summary>What the model says of a film's first clip, or its first frame, without explaining it.</summary>
    /// <param name="film">The film.</param>
    /// <param name="others">The inputs beside the film's.</param>
    /// <param name="cancellationToken">Stops the run.</param>
    /// <exception cref="FilmException">The film has no frames, cannot be read, or is damaged.</exception>
    public TargetReading Read(
        Film film, ImmutableDictionary<string, InputTensor>? others = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(film);
        var frames = film.Frames(cancellationToken).Take(Span)
            .Select(f => new SampledFrame(Preprocessing.Prepare(f.Picture), Drawn(f))).ToList();
        return Model.Input.Clip is null
            ? Model.Read(pictures.InputOf(frames[0].Prepared, others, null), cancellationToken)[0]
            : Model.Read(InputOf(Sampled(frames).Frames, others, null), cancellationToken)[0];
    }

    /// <summary>Explains targets, part after part; a part is explained when it is asked for.</summary>
    /// <param name="film">The film.</param>
    /// <param name="methods">The methods; empty for the one that suits the model.</param>
    /// <param name="targets">
    /// The targets; empty for the one that the model is usually asked for. What they choose (a rank, a box) is chosen anew in each part.
    /// </param>
    /// <param name="others">The inputs beside the film's.</param>
    /// <param name="vectorOf">Reads the vector of a file that a similarity names; null where none does.</param>
    /// <param name="cancellationToken">Stops the run.</param>
    /// <exception cref="FilmException">The film has no frames, cannot be read, or is damaged.</exception>
    /// <exception cref="Errors.ExplanationException">The model has no such target or layer.</exception>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    public IEnumerable<FilmPart> Explain(
        Film film, IReadOnlyList<ExplanationMethod> methods, IReadOnlyList<Target> targets,
        ImmutableDictionary<string, InputTensor>? others = null, Func<string, float[]>? vectorOf = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(film);
        return Sampling.Length == 1 && Model.Input.Clip is null
            ? EachFrame(film, methods, targets, others, vectorOf, cancellationToken)
            : EachClip(film, methods, targets, others, vectorOf, cancellationToken);
    }

    /// <summary>The vector of a picture, of a model that embeds pictures.</summary>
    /// <param name="picture">The picture.</param>
    /// <param name="others">The inputs beside the picture's.</param>
    /// <param name="cancellationToken">Stops the run.</param>
    public float[] Embed(
        Picture picture, ImmutableDictionary<string, InputTensor>? others = null, CancellationToken cancellationToken = default) =>
        Model.Input.Clip is null ? pictures.Embed(picture, others, cancellationToken)
            : throw new ModelException($"'{Model.ModelName}' embeds clips, no pictures. Give the vector itself as a .npy file.");

    /// <inheritdoc/>
    public void Dispose() => pictures.Dispose();

    private IEnumerable<FilmPart> EachFrame(
        Film film, IReadOnlyList<ExplanationMethod> methods, IReadOnlyList<Target> targets,
        ImmutableDictionary<string, InputTensor>? others, Func<string, float[]>? vectorOf, CancellationToken cancellationToken)
    {
        int index = 0;
        foreach (var frame in film.Frames(cancellationToken))
        {
            var result = pictures.Explain(frame.Picture, methods, targets, others, vectorOf, cancellationToken);
            var drawn = Drawn(frame);
            var size = result.Prepared.Input.Size;
            var explained = result.Explanations.Select(e =>
            {
                var (shown, own) = FilmExplanation.Drawn(e.Explanation, (1, size.Height, size.Width, channels), false);
                return new FilmExplanation(
                    e.Explanation, shown, own, result.Prepared.Geometry with { Original = drawn.Picture.Size }, (0, 1));
            });
            yield return new FilmPart(index, index, [drawn], result.Reading, [.. explained], result.Notes);
            index++;
        }
    }

    private IEnumerable<FilmPart> EachClip(
        Film film, IReadOnlyList<ExplanationMethod> methods, IReadOnlyList<Target> targets,
        ImmutableDictionary<string, InputTensor>? others, Func<string, float[]>? vectorOf, CancellationToken cancellationToken)
    {
        int span = Span, part = 0, read = 0;
        var kept = new List<SampledFrame>();
        int fresh = 0;
        foreach (var frame in film.Frames(cancellationToken))
        {
            // The clip before is kept until the next is whole: the film's last clip may reach back into it.
            if (kept.Count == 2 * span)
                kept.RemoveRange(0, span);
            kept.Add(new SampledFrame(Preprocessing.Prepare(frame.Picture), Drawn(frame)));
            fresh++;
            read++;
            if (fresh < span)
                continue;
            yield return Clip(kept, fresh, part++, read, methods, targets, others, vectorOf, cancellationToken);
            fresh = 0;
        }

        if (fresh > 0)
            yield return Clip(kept, fresh, part, read, methods, targets, others, vectorOf, cancellationToken);
    }

    /// <summary>Explains the last clip of what is kept.</summary>
    /// <param name="kept">The frames, as many as a clip spans or more; fewer where the film is shorter.</param>
    /// <param name="fresh">How many of the last no part before has shown.</param>
    /// <param name="part">Which part it is.</param>
    /// <param name="read">How many frames of the film were read.</param>
    /// <param name="methods">The methods.</param>
    /// <param name="targets">The targets.</param>
    /// <param name="others">The inputs beside the film's.</param>
    /// <param name="vectorOf">Reads vectors.</param>
    /// <param name="cancellationToken">Stops the run.</param>
    private FilmPart Clip(
        List<SampledFrame> kept, int fresh, int part, int read, IReadOnlyList<ExplanationMethod> methods, IReadOnlyList<Target> targets,
        ImmutableDictionary<string, InputTensor>? others, Func<string, float[]>? vectorOf, CancellationToken cancellationToken)
    {
        int length = Sampling.Length!.Value, span = Math.Min(Span, kept.Count);
        var frames = kept[^span..];
        var (sampled, stride) = Sampled(frames);
        var result = Model.Explain(InputOf(sampled, others, vectorOf), methods, targets, cancellationToken);
        var notes = new List<string>(result.Notes);
        if (span < length)
            notes.Add($"the film has {read} frame(s) and a clip {length}: the last frame is held");
        else if (stride < Sampling.Stride)
            notes.Add($"the film has {read} frames: every {Ordinal(stride)} is taken, not every {Ordinal(Sampling.Stride)}");
        var input = sampled[0].Input.Size;
        var geometry = sampled[0].Geometry with { Original = frames[0].Drawn.Picture.Size };
        bool areFramesFirst = Model.Input.Clip is { Frames: 1, Channels: 2 };
        var explained = result.Explanations.Select(e =>
        {
            var (shown, size) = FilmExplanation.Drawn(e, (length, input.Height, input.Width, channels), areFramesFirst);
            // Slices' middles in frames: half a slice before the first.
            double step = (double)size.Frames / (length * stride);
            double first = ((span - fresh + 0.5) * step) - 0.5;
            return new FilmExplanation(e, shown, size, geometry, (first, step));
        });
        return new FilmPart(
            part, read - fresh, [.. frames.Skip(span - fresh).Select(f => f.Drawn)], result.Readings[0], [.. explained], notes);
    }

    // How many frames of the film a clip spans.
    private int Span => checked(Sampling.Length!.Value * Sampling.Stride);

    /// <summary>The frames of a clip: of fewer than it spans they lie closer, and the last is held where there are too few.</summary>
    private (IReadOnlyList<PreparedPicture> Frames, int Stride) Sampled(List<SampledFrame> frames)
    {
        int length = Sampling.Length!.Value, stride = Math.Max(1, Math.Min(Sampling.Stride, frames.Count / length));
        return ([.. Enumerable.Range(0, length).Select(i => frames[Math.Min(i * stride, frames.Count - 1)].Prepared)], stride);
    }

    private TargetInput InputOf(
        IReadOnlyList<PreparedPicture> frames, ImmutableDictionary<string, InputTensor>? others, Func<string, float[]>? vectorOf)
    {
        var (clip, size) = (Model.Input.Clip!, frames[0].Input.Size);
        int plane = size.Width * size.Height, item = channels * plane, count = frames.Count;
        float[] values = new float[count * item], one = new float[item];
        for (int t = 0; t < count; t++)
        {
            if (clip.Channels > clip.Frames)
            {
                frames[t].WriteTo(values.AsSpan(t * item, item), channels, clip.Channels == 4);
                continue;
            }

            frames[t].WriteTo(one, channels);
            for (int c = 0; c < channels; c++)
                one.AsSpan(c * plane, plane).CopyTo(values.AsSpan(((c * count) + t) * plane));
        }

        var shape = clip switch
        {
            { Channels: 1 } => new Shape(1, channels, count, size.Height, size.Width),
            { Channels: 4 } => new Shape(1, count, size.Height, size.Width, channels),
            _ => new Shape(1, count, channels, size.Height, size.Width),
        };
        return new TargetInput(values, shape)
        {
            Others = others ?? ImmutableDictionary<string, InputTensor>.Empty,
            Placement = PictureTargets.PlacementOf(frames[0].Geometry),
            VectorOf = vectorOf,
        };
    }

    private FilmFrame Drawn(FilmFrame frame) => frame with { Picture = Resampling.Fit(frame.Picture, longestSide) };

    private static string Ordinal(int number) => number switch
    {
        1 => "frame",
        2 => "second frame",
        3 => "third frame",
        _ => FormattableString.Invariant($"{number}th frame"),
    };

    /// <summary>A frame as the network sees it, and as it is drawn.</summary>
    private sealed record SampledFrame(PreparedPicture Prepared, FilmFrame Drawn);
}
