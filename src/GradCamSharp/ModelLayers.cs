using GradCamSharp.Analysis;
using GradCamSharp.Compilation;
using GradCamSharp.Errors;
using GradCamSharp.Layers;
using GradCamSharp.Runtime;
using GradCamSharp.Targets;
using OnnxGrad;

namespace GradCamSharp;

/// <summary>
/// The layers of a model. Also those are listed whose tokens lie as the graph does not say: an <see cref="Explainer"/> can only be made
/// of such a model once the user has said how they lie.
/// </summary>
public sealed class ModelLayers
{
    private readonly ModelAnalysis analysis;

    private ModelLayers(string name, ModelAnalysis analysis, Layer chosen, IReadOnlyList<Layer> layers, ExplanationException? obstacle)
    {
        ModelName = name;
        this.analysis = analysis;
        Default = chosen;
        All = layers;
        Obstacle = obstacle;
    }

    /// <summary>The model's path or name.</summary>
    public string ModelName { get; }

    /// <summary>The layer that is explained where none is asked for.</summary>
    public Layer Default { get; }

    /// <summary>The layers, in the network's order.</summary>
    public IReadOnlyList<Layer> All { get; }

    /// <summary>Why <see cref="Default"/> cannot be explained before its layout is given; null where it can.</summary>
    public ExplanationException? Obstacle { get; }

    /// <summary>Where the class scores are found, and what makes probabilities of them.</summary>
    public ScoreHead Score => analysis.Score;

    /// <summary>The number of classes C.</summary>
    public long ClassCount => analysis.ClassCount;

    /// <summary>Finds the layers of a model.</summary>
    /// <param name="model">The model; it is not changed.</param>
    /// <param name="options">The layer, its layout, the output and the size of an open input.</param>
    /// <exception cref="ModelException">The model cannot be run, or it has no layer that could be explained.</exception>
    public static ModelLayers Find(OnnxModel model, ExplainerOptions options)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(options);
        // The pool of threads must be set up before anything else touches ONNX Runtime.
        SessionSettings.Create(Explainer.DeviceOf(options)).Dispose();
        var original = OriginalModel.Of(model);
        var input = ModelInput.Find(original, options.OpenInputSize.Height, options.OpenInputSize.Width);
        var analysis = new ModelAnalysis(original, input, options.Output);
        try
        {
            var layer = analysis.FindLayer(options.Layer, options.LayerFormat);
            return new ModelLayers(original.Name, analysis, layer, analysis.FindLayers(layer), null);
        }
        catch (ExplanationException e) when (
            e.Kind == ExplanationError.UnknownLayout && options is { Layer: null, LayerFormat: null })
        {
            return new ModelLayers(original.Name, analysis, analysis.DefaultLayer, analysis.AllLayers, e);
        }
    }

    /// <summary>The layers of a model that is loaded.</summary>
    /// <param name="explainer">The model.</param>
    public static ModelLayers Of(Explainer explainer)
    {
        ArgumentNullException.ThrowIfNull(explainer);
        return new ModelLayers(explainer.ModelName, explainer.Analysis, explainer.Layer, explainer.FindLayers(), null);
    }

    /// <summary>The lengths of a layer's map; null where nothing says how its tokens lie.</summary>
    /// <param name="layer">One of <see cref="All"/>.</param>
    public static Shape? MapOf(Layer layer)
    {
        ArgumentNullException.ThrowIfNull(layer);
        return layer.Format == LayerFormat.Tokens ? null : layer.Spatial;
    }

    /// <summary>
    /// The operators between a layer and the scores that have no gradient rule, each once. Where there is one, the layer cannot be
    /// explained.
    /// </summary>
    /// <param name="layer">One of <see cref="All"/>.</param>
    public IReadOnlyList<string> OperatorsWithoutRule(Layer layer)
    {
        ArgumentNullException.ThrowIfNull(layer);
        var path = DifferentiationPath.Between(analysis.Model.Graph, [layer.Name], Score.Value, analysis.Model.Operators);
        return [.. path.Missing.Select(n => n.QualifiedOperator).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
    }
}
