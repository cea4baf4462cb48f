using GradCamSharp.Models;
using GradCamSharp.Targets;
using OnnxGrad;

namespace GradCamSharp.Cli.Explaining;

/// <summary>The model of a run: for pictures with its preprocessing, or for tensors alone.</summary>
internal sealed class LoadedModel : IDisposable
{
    private readonly PictureExplainer? pictures;

    private LoadedModel(Explainer explainer, PictureExplainer? pictures, SidecarFiles sidecars)
    {
        Explainer = explainer;
        this.pictures = pictures;
        SidecarFiles = sidecars;
    }

    public Explainer Explainer { get; }

    public SidecarFiles SidecarFiles { get; }

    public Labels Labels => SidecarFiles.Labels;

    /// <summary>The explainer of pictures.</summary>
    /// <exception cref="ModelException">The model was loaded for tensors.</exception>
    public PictureExplainer Pictures => pictures ?? throw new ModelException($"'{Explainer.ModelName}' takes no pictures.");

    public static LoadedModel ForPictures(string path, ExplainerOptions options, string? preprocess, string? labels)
    {
        var pictures = PictureExplainer.Load(path, options, preprocess, labels);
        return new LoadedModel(pictures.Model, pictures, pictures.SidecarFiles);
    }

    public static LoadedModel ForTensors(string path, ExplainerOptions options, string? preprocess, string? labels)
    {
        var (model, sized, sidecars) = Read(path, options, preprocess, labels);
        return new LoadedModel(Explainer.From(model, sized), null, sidecars);
    }

    /// <summary>The layers of a model, also where it cannot be explained before one says how its tokens lie.</summary>
    public static ModelLayers FindLayers(string path, ExplainerOptions options, string? preprocess, string? labels)
    {
        var (model, sized, _) = Read(path, options, preprocess, labels);
        return ModelLayers.Find(model, sized);
    }

    // Where the model leaves its input's size open, what lies beside it says how large pictures become.
    private static (OnnxModel Model, ExplainerOptions Options, SidecarFiles Sidecars) Read(
        string path, ExplainerOptions options, string? preprocess, string? labels)
    {
        var model = OnnxModel.Load(path, options.Operators);
        var sidecars = SidecarFiles.Find(path, model.Metadata, preprocess, labels);
        return (model, sidecars.Preprocessing.InputSize is { } size ? options with { OpenInputSize = size } : options, sidecars);
    }

    /// <summary>Says which layer is explained, and why, as messages are said: on standard error.</summary>
    public void SayLayer()
    {
        var layer = Explainer.Layer;
        Console.Error.WriteLine($"{Path.GetFileName(Explainer.ModelName)}: layer {layer.Name} {layer.Shape} ({layer.Reason})");
        if (Labels.Count > 0 && Labels.Count != Explainer.ClassCount)
        {
            Console.Error.WriteLine(FormattableString.Invariant(
                $"{Labels.Count} labels are known and the model has {Explainer.ClassCount} classes, so its classes' names may be wrong. ") +
                "Check the labels.");
        }
    }

    /// <summary>Says how pictures are prepared, and why.</summary>
    public void SayPreprocessing() => Console.Error.WriteLine($"preprocessing: {SidecarFiles.PreprocessingSource}" +
        (SidecarFiles.IsPreprocessingAssumed ? " (--preprocess changes it)" : ""));

    public void Dispose() => Explainer.Dispose();
}
