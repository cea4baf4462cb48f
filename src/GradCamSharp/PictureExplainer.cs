using GradCamSharp.Imaging;
using GradCamSharp.Layers;
using GradCamSharp.Methods;
using GradCamSharp.Models;
using GradCamSharp.Runtime;
using GradCamSharp.Targets;
using OnnxGrad;

namespace GradCamSharp;

/// <summary>Explains pictures: a model with its preprocessing and its labels.</summary>
/// <remarks>
/// All members may be used by several threads at once. Dispose it when done: it owns the explainer. It may be disposed while
/// runs are in progress; they finish.
/// </remarks>
public sealed class PictureExplainer : IDisposable
{
    private readonly Explainer explainer;

    private PictureExplainer(Explainer explainer, SidecarFiles sidecars)
    {
        this.explainer = explainer;
        Labels = sidecars.Labels;
        SidecarFiles = sidecars;
        var shape = explainer.Input.Shape;
        if (shape.Rank != 4)
            throw new ModelException($"'{explainer.ModelName}' takes {shape}, which is no picture. Give its inputs as .npy files.");
        Channels = (int)explainer.Input.Channels;
        if (Channels is not (1 or 3))
        {
            throw new ModelException($"'{explainer.ModelName}' takes {Channels} channels; pictures have 1 or 3. " +
                "Give its inputs as .npy files.");
        }
        Preprocessing = sidecars.Preprocessing.ForSize(SizeOf(explainer.Input.Spatial));
    }

    /// <summary>The model.</summary>
    public Explainer Model => explainer;

    /// <summary>How pictures are prepared.</summary>
    public Preprocessing Preprocessing { get; }

    /// <summary>The classes' names.</summary>
    public Labels Labels { get; }

    /// <summary>Where preprocessing and labels come from.</summary>
    public SidecarFiles SidecarFiles { get; }

    /// <summary>The number of channels that the model reads: 1 or 3.</summary>
    public int Channels { get; }

    /// <summary>Loads a model with what lies beside it.</summary>
    /// <param name="path">An .onnx file.</param>
    /// <param name="options">The layer, threads and device; null for the defaults.</param>
    /// <param name="preprocess">torch, torchvision, caffe, tf, unit or a JSON file; null to look for it.</param>
    /// <param name="labels">A labels file; null to look for it.</param>
    /// <exception cref="ModelException">The model cannot be explained.</exception>
    /// <exception cref="InvalidDataException">Preprocessing or labels cannot be read.</exception>
    public static PictureExplainer Load(string path, ExplainerOptions? options = null, string? preprocess = null, string? labels = null)
    {
        options ??= new ExplainerOptions();
        // Models that leave height and width open run at the size that the preprocessing makes.
        var model = OnnxModel.Load(path, options.Operators);
        var sidecars = SidecarFiles.Find(path, model.Metadata, preprocess, labels);
        if (model.Inputs is [{ Type: ElementType.UInt8 }])
            sidecars = sidecars.ForBytes(path);
        if (sidecars.Preprocessing.InputSize is { } size)
            options = options with { OpenInputSize = size };
        var explainer = Explainer.From(model, options);
        try
        {
            return new PictureExplainer(explainer, sidecars);
        }
        catch
        {
            explainer.Dispose();
            throw;
        }
    }

    /// <summary>Explains a picture: one forward pass for all methods and classes.</summary>
    /// <param name="picture">The picture.</param>
    /// <param name="methods">The methods; Grad-CAM++ where none is named.</param>
    /// <param name="classes">The classes; the most probable where none is named.</param>
    /// <param name="cancellationToken">Stops the run; compiling, once begun, is not interrupted.</param>
    /// <exception cref="ModelException">A class does not exist, or a method does not apply.</exception>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    /// <exception cref="ObjectDisposedException">The explainer is disposed.</exception>
    public PictureExplanation Explain(
        Picture picture, IReadOnlyList<ExplanationMethod>? methods = null, IReadOnlyList<ClassRequest>? classes = null,
        CancellationToken cancellationToken = default) =>
        Explain(picture, methods, classes, explainer.Layer, cancellationToken);

    /// <summary>Explains a picture at another layer than the model's default.</summary>
    /// <param name="picture">The picture.</param>
    /// <param name="methods">The methods; Grad-CAM++ where none is named.</param>
    /// <param name="classes">The classes; the most probable where none is named.</param>
    /// <param name="layer">One of <see cref="Explainer.FindLayers"/>, or what <see cref="Explainer.FindLayer"/> finds.</param>
    /// <param name="cancellationToken">Stops the run; compiling, once begun, is not interrupted.</param>
    /// <exception cref="ModelException">A class does not exist, or a method does not apply.</exception>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    /// <exception cref="ObjectDisposedException">The explainer is disposed.</exception>
    public PictureExplanation Explain(
        Picture picture, IReadOnlyList<ExplanationMethod>? methods, IReadOnlyList<ClassRequest>? classes, Layer layer,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(picture);
        ArgumentNullException.ThrowIfNull(layer);
        cancellationToken.ThrowIfCancellationRequested();
        methods ??= [CamMethods.Default];
        classes ??= [ClassRequest.Top1];
        var prepared = Preprocessing.Prepare(picture);
        var (input, shape) = InputOf(prepared);
        var batch = explainer.Explain(input, shape, methods, classes, layer, cancellationToken);

        var explanations = new List<Explanation>();
        for (int c = 0; c < classes.Count; c++)
        {
            foreach (var method in methods)
                explanations.Add(Describe(method, batch.Classes[0][c], batch.Maps[method], c, layer, prepared, picture));
        }

        return new PictureExplanation(picture, prepared, Predict(batch.Scores[0].AsSpan()), explanations, batch);
    }

    /// <summary>What the model says of a picture, without explaining it: plain inference.</summary>
    /// <param name="picture">The picture.</param>
    /// <param name="count">How many classes, the most probable first.</param>
    /// <param name="cancellationToken">Stops the run.</param>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    /// <exception cref="ObjectDisposedException">The explainer is disposed.</exception>
    public IReadOnlyList<Prediction> Predict(Picture picture, int count = 5, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(picture);
        var (input, shape) = InputOf(Preprocessing.Prepare(picture));
        return Predict(explainer.Predict(input, shape, cancellationToken)[0].AsSpan(), count);
    }

    /// <summary>The predictions that scores stand for, the most probable first.</summary>
    /// <param name="scores">[C].</param>
    /// <param name="count">How many.</param>
    public IReadOnlyList<Prediction> Predict(ReadOnlySpan<float> scores, int count = 5) =>
        Prediction.MostProbable(explainer.Score, Labels, scores.ToArray(), count);

    /// <inheritdoc/>
    public void Dispose() => explainer.Dispose();

    /// <summary>An explanation's map without the picture: in colours, or, of signed gradients in pixel space, as they are.</summary>
    public Picture DrawMap(Explanation explanation, PreparedPicture prepared, ColorMap colors) =>
        explanation.Method is { IsPixelSpace: true, IsAttribution: true }
            ? Rendering.TwoColors(MapPlane.SumOfChannels(explanation.Raw.Span, prepared.Input.Size), prepared.Input.Size)
            : explanation.Method.IsPixelSpace && explanation.Method is not Saliency
            ? Rendering.Signed(explanation.Raw.Span, prepared.Input.Size, Preprocessing.IsBgr)
            : Rendering.DrawMap(explanation.HeatMap, colors);

    private static PixelSize SizeOf(Shape spatial) => new((int)spatial[1], (int)spatial[0]);

    internal (float[] Input, Shape Shape) InputOf(PreparedPicture prepared)
    {
        var size = prepared.Input.Size;
        bool isLast = explainer.Input.IsChannelsLast;
        float[] input = new float[Channels * size.Width * size.Height];
        prepared.WriteTo(input, Channels, isLast);
        return (input, isLast ? new Shape(1, size.Height, size.Width, Channels) : new Shape(1, Channels, size.Height, size.Width));
    }

    private Explanation Describe(
        ExplanationMethod method, long @class, Maps maps, int index, Layer layer, PreparedPicture prepared, Picture picture)
    {
        float[] raw = maps[0, index].ToArray();
        var shape = maps.Shape.Slice(2, maps.Shape.Rank - 2);
        return new Explanation(
            method, @class, Labels[@class], shape, raw, PictureMaps.Of(method, raw, shape, prepared, layer.Name), picture)
        {
            Residual = maps.Residual(0, index),
            Account = maps.Account(0, index),
            Note = maps.Note,
            StandardError = maps.StandardError(0, index),
        };
    }
}
