using GradCamSharp.Models;
using GradCamSharp.Targets;
using OnnxGrad;

namespace GradCamSharp.Cli.Explaining;

/// <summary>The model of a run: for pictures with its preprocessing, or for tensors alone.</summary>
internal sealed class LoadedModel : IDisposable
{
    private readonly PictureExplainer? pictures;

    private LoadedModel(Explainer explainer, PictureExplainer? pictures, ModelCompanions companions)
    {
        Explainer = explainer;
        this.pictures = pictures;
        Companions = companions;
    }

    public Explainer Explainer { get; }

    public ModelCompanions Companions { get; }

    public Labels Labels => Companions.Labels;

    /// <summary>The explainer of pictures.</summary>
    /// <exception cref="ModelException">The model was loaded for tensors.</exception>
    public PictureExplainer Pictures => pictures ?? throw new ModelException($"'{Explainer.ModelName}' takes no pictures.");

    public static LoadedModel ForPictures(string path, ExplainerOptions options, string? preprocess, string? labels)
    {
        var pictures = PictureExplainer.Load(path, options, preprocess, labels);
        return new LoadedModel(pictures.Model, pictures, pictures.Companions);
    }

    public static LoadedModel ForTensors(string path, ExplainerOptions options, string? preprocess, string? labels)
    {
        var model = OnnxModel.Load(path);
        var companions = ModelCompanions.Find(path, model.Metadata, preprocess, labels);
        if (companions.Preprocessing.InputSize is { } size)
            options = options with { OpenInputSize = size };
        return new LoadedModel(Explainer.From(model, options), null, companions);
    }

    /// <summary>Says which layer is explained, and why, as messages are said: on standard error.</summary>
    public void SayLayer()
    {
        var layer = Explainer.Layer;
        Console.Error.WriteLine($"{Path.GetFileName(Explainer.ModelName)}: layer {layer.Name} {layer.Shape} ({layer.Reason})");
    }

    public void Dispose() => Explainer.Dispose();
}
