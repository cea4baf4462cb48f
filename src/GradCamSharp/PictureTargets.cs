using System.Collections.Immutable;
using GradCamSharp.Imaging;
using GradCamSharp.Methods;
using GradCamSharp.Models;
using GradCamSharp.Targets;
using OnnxGrad;

namespace GradCamSharp;

/// <summary>Explains targets on pictures: a model with any outputs, its preprocessing and its labels.</summary>
/// <remarks>Members may be used by several threads; they wait for each other. Dispose it when done: it owns the explainer.</remarks>
public sealed class PictureTargets : IDisposable
{
    private readonly TargetExplainer explainer;

    private PictureTargets(TargetExplainer explainer, SidecarFiles sidecars, Preprocessing preprocessing, string source)
    {
        this.explainer = explainer;
        SidecarFiles = sidecars;
        Preprocessing = preprocessing;
        PreprocessingSource = source;
        Channels = (int)explainer.Input.Channels;
    }

    /// <summary>The model.</summary>
    public TargetExplainer Model => explainer;

    /// <summary>Where labels come from, and preprocessing where a file or the metadata says it.</summary>
    public SidecarFiles SidecarFiles { get; }

    /// <summary>How pictures are prepared.</summary>
    public Preprocessing Preprocessing { get; }

    /// <summary>Where that comes from, in words.</summary>
    public string PreprocessingSource { get; }

    /// <summary>The number of channels that the model reads: 1 or 3.</summary>
    public int Channels { get; }

    /// <summary>Loads a model with what lies beside it.</summary>
    /// <param name="path">An .onnx file.</param>
    /// <param name="options">Task, layer, threads and device; its labels are looked for where it has none.</param>
    /// <param name="preprocess">torch, torchvision, caffe, tf, unit, yolo or a JSON file; null to look for it.</param>
    /// <param name="labels">A labels file; null to look for it.</param>
    /// <param name="others">The inputs beside the picture's, for the run that recognises the outputs.</param>
    /// <returns>An explainer that the caller disposes.</returns>
    /// <exception cref="ModelException">The model cannot be read, takes no pictures, or does not run.</exception>
    /// <exception cref="InvalidDataException">A file does not hold what it should.</exception>
    public static PictureTargets Load(
        string path, TargetOptions? options = null, string? preprocess = null, string? labels = null,
        ImmutableDictionary<string, InputTensor>? others = null)
    {
        options ??= new TargetOptions();
        return Open(path, OnnxModel.Load(path, options.Explainer.Operators), options, preprocess, labels, others, areClips: false);
    }

    /// <summary>The same for models of clips too, whose frames are prepared as pictures are.</summary>
    internal static PictureTargets Open(
        string path, OnnxModel model, TargetOptions options, string? preprocess, string? labels,
        ImmutableDictionary<string, InputTensor>? others, bool areClips)
    {
        var sidecars = SidecarFiles.Find(path, model.Metadata, preprocess, labels);
        options = options.WithSidecars(sidecars);
        var explainer = TargetExplainer.From(model, options);
        try
        {
            var input = explainer.Input;
            if (input.Clip is not null && !areClips && input.Channels is 1 or 3)
            {
                throw new ModelException(
                    $"'{explainer.ModelName}' takes {input.Declared}: clips of several frames, and no single picture. " +
                    "Give a film: a folder of frames, an animated GIF or WebP, or a file that ffmpeg reads.");
            }

            if (!(input.Shape.Rank == 4 || (areClips && input.Clip is not null)) || input.Channels is not (1 or 3))
            {
                throw new ModelException(
                    $"'{explainer.ModelName}' takes {input.Declared}, which is no picture. Give its inputs as .npy files.");
            }

            var at = new PixelSize((int)input.Spatial[-1].Value, (int)input.Spatial[-2].Value);
            if (!sidecars.IsPreprocessingAssumed)
            {
                return new PictureTargets(
                    explainer, sidecars, Bytes(input, sidecars.Preprocessing).ForSize(at), sidecars.PreprocessingSource);
            }

            var custom = explainer.CustomaryPreprocessing(explainer.Zeros(others));
            return new PictureTargets(
                explainer, sidecars, Bytes(input, custom?.Preprocessing ?? sidecars.Preprocessing).ForSize(at),
                custom is { } own ? $"as networks of this family want it ({own.Family}): " +
                    "nothing beside the model or in its metadata says otherwise"
                    : sidecars.PreprocessingSource);
        }
        catch
        {
            explainer.Dispose();
            throw;
        }
    }

    /// <summary>What the model says of a picture, without explaining it.</summary>
    /// <param name="picture">The picture.</param>
    /// <param name="others">The inputs beside the picture's.</param>
    /// <param name="cancellationToken">Stops the run.</param>
    public TargetReading Read(
        Picture picture, ImmutableDictionary<string, InputTensor>? others = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(picture);
        return explainer.Read(InputOf(Preprocessing.Prepare(picture), others, null), cancellationToken)[0];
    }

    /// <summary>Explains targets of a picture: one forward pass for all of them.</summary>
    /// <param name="picture">The picture.</param>
    /// <param name="methods">The methods; empty for the one that suits the model.</param>
    /// <param name="targets">The targets; empty for the one that the model is usually asked for. Coordinates are the picture's
    /// pixels.</param>
    /// <param name="others">The inputs beside the picture's.</param>
    /// <param name="vectorOf">
    /// Reads a vector file that a similarity names; null where none does. Pictures that one names are embedded by the model itself.
    /// </param>
    /// <param name="cancellationToken">Stops the run; compiling, once begun, is not interrupted.</param>
    /// <exception cref="Errors.ExplanationException">The model has no such target or layer.</exception>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    public PictureTargetResult Explain(
        Picture picture, IReadOnlyList<ExplanationMethod> methods, IReadOnlyList<Target> targets,
        ImmutableDictionary<string, InputTensor>? others = null, Func<string, float[]>? vectorOf = null,
        CancellationToken cancellationToken = default) =>
        ExplainAt(null, picture, methods, targets, others, vectorOf, cancellationToken);

    /// <summary>The same at a layer of this call.</summary>
    /// <param name="layer">An ONNX value, or several joined by <c>+</c>, whose maps are fused; null for the options' own.</param>
    /// <param name="picture">The picture.</param>
    /// <param name="methods">The methods; empty for the one that suits the model.</param>
    /// <param name="targets">The targets; empty for the one that the model is usually asked for.</param>
    /// <param name="others">The inputs beside the picture's.</param>
    /// <param name="vectorOf">Reads a vector file, or embeds a picture, that a similarity names.</param>
    /// <param name="cancellationToken">Stops the run; compiling, once begun, is not interrupted.</param>
    /// <exception cref="Errors.ExplanationException">The model has no such target or layer.</exception>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    public PictureTargetResult ExplainAt(
        string? layer, Picture picture, IReadOnlyList<ExplanationMethod> methods, IReadOnlyList<Target> targets,
        ImmutableDictionary<string, InputTensor>? others = null, Func<string, float[]>? vectorOf = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(picture);
        var prepared = Preprocessing.Prepare(picture);
        var result = explainer.Explain(InputOf(prepared, others, vectorOf) with { Layer = layer }, methods, targets, cancellationToken);
        return new PictureTargetResult(
            picture, prepared, result.Readings[0],
            [.. result.Explanations.Select(e => new PictureTargetExplanation(
                e, PictureMaps.Of(e.Method, e.Raw.Span, e.Shape, prepared, e.Layers is [var first, ..] ? first.Name : ""), picture))],
            result.Notes);
    }

    /// <summary>The network's input of a picture.</summary>
    /// <param name="picture">The picture.</param>
    /// <param name="others">The inputs beside the picture's.</param>
    public TargetInput InputOf(Picture picture, ImmutableDictionary<string, InputTensor>? others = null)
    {
        ArgumentNullException.ThrowIfNull(picture);
        return InputOf(Preprocessing.Prepare(picture), others, null);
    }

    /// <summary>The vector of a picture, of a model that embeds pictures: its first floating-point output of one vector an item.</summary>
    /// <param name="picture">The picture.</param>
    /// <param name="others">The inputs beside the picture's.</param>
    /// <param name="cancellationToken">Stops the run.</param>
    public float[] Embed(
        Picture picture, ImmutableDictionary<string, InputTensor>? others = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(picture);
        return explainer.Embed(InputOf(Preprocessing.Prepare(picture), others, null), cancellationToken);
    }

    /// <inheritdoc/>
    public void Dispose() => explainer.Dispose();

    private static Preprocessing Bytes(Analysis.ModelInput input, Preprocessing preprocessing) => input.Type == ElementType.UInt8
        ? preprocessing with { Scale = 1, Mean = [0, 0, 0], StandardDeviation = [1, 1, 1] } : preprocessing;

    internal TargetInput InputOf(
        PreparedPicture prepared, ImmutableDictionary<string, InputTensor>? others, Func<string, float[]>? vectorOf)
    {
        var size = prepared.Input.Size;
        bool isLast = explainer.Input.IsChannelsLast;
        float[] values = new float[Channels * size.Width * size.Height];
        prepared.WriteTo(values, Channels, isLast);
        var shape = isLast ? new Shape(1, size.Height, size.Width, Channels) : new Shape(1, Channels, size.Height, size.Width);
        return new TargetInput(values, shape)
        {
            Others = others ?? ImmutableDictionary<string, InputTensor>.Empty,
            Placement = PlacementOf(prepared.Geometry),
            VectorOf = vectorOf,
        };
    }

    internal static PicturePlacement PlacementOf(Geometry geometry)
    {
        var (original, resized, crop) = geometry;
        return new PicturePlacement(
            original.Width, original.Height, (double)resized.Width / original.Width, (double)resized.Height / original.Height,
            -crop.X, -crop.Y);
    }
}

/// <summary>An explanation on its picture.</summary>
/// <param name="Explanation">The map and what it is of.</param>
/// <param name="HeatMap">The map on the original picture.</param>
/// <param name="Picture">The original picture.</param>
public sealed record PictureTargetExplanation(TargetExplanation Explanation, HeatMap HeatMap, Picture Picture);

/// <summary>What a model says of a picture, and why.</summary>
/// <param name="Picture">The original picture.</param>
/// <param name="Prepared">What the network saw of it.</param>
/// <param name="Reading">What it says.</param>
/// <param name="Explanations">All methods of the first target, then of the next.</param>
/// <param name="Notes">What a reader should know.</param>
public sealed record PictureTargetResult(
    Picture Picture, PreparedPicture Prepared, TargetReading Reading, IReadOnlyList<PictureTargetExplanation> Explanations,
    IReadOnlyList<string> Notes);
