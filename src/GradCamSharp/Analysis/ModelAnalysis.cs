using GradCamSharp.Errors;
using GradCamSharp.Layers;
using GradCamSharp.Targets;
using OnnxGrad;

namespace GradCamSharp.Analysis;

/// <summary>
/// What is known of a model at one input shape: its score, its head, its layers and how these are laid out. Made once; may be read by
/// several threads.
/// </summary>
internal sealed class ModelAnalysis
{
    private readonly LayerFinder finder;

    /// <param name="loaded">The model as loaded; it is copied.</param>
    /// <param name="input">The picture's input, at the shape to analyse; the batch open where the model leaves it open.</param>
    /// <param name="output">The output that holds the class scores; null to choose it.</param>
    /// <exception cref="ModelException">No output holds class scores, or the model does not run at this shape.</exception>
    public ModelAnalysis(OnnxModel loaded, ModelInput input, string? output)
    {
        Score = ScoreHead.Find(loaded, output);
        var shapes = ShapeInference.Analyse(
            loaded, new Dictionary<string, Shape> { [input.Name] = input.Shape }, LayerFinder.Wanted(loaded, input.Name, Score.Value));
        Model = loaded.WithShapes(shapes);
        Input = input with { Shape = Model.Graph[input.Name].Shape };
        var scores = Model.Graph[Score.Value].Shape;
        if (scores.Rank < 2 || scores.Slice(2, scores.Rank - 2).Any(l => l != 1))
        {
            throw new ExplanationException(
                ExplanationError.NoClassScores,
                $"The scores '{Score.Value}' of '{loaded.Name}' have the shape {scores}; class scores are [N, C] or [N, C, 1, 1].",
                "Give a classifier; other models are explained by TargetExplainer.");
        }

        ClassCount = scores[1].Value;
        finder = new LayerFinder(Model, input.Name, [Score.Value]);
    }

    /// <summary>The model, with the shapes that were found; nobody changes it.</summary>
    public OnnxModel Model { get; }

    /// <summary>The input; its batch is 1 where the model fixes it.</summary>
    public ModelInput Input { get; }

    /// <summary>The class scores.</summary>
    public ScoreHead Score { get; }

    /// <summary>The number of classes C.</summary>
    public long ClassCount { get; }

    /// <summary>The layer of a name.</summary>
    /// <param name="name">The value's name; null for the last layer of features.</param>
    /// <param name="format">How it is laid out; null to recognise it.</param>
    /// <exception cref="ModelException">There is no such layer, or nothing says how its tokens lie.</exception>
    public Layer FindLayer(string? name, LayerFormat? format)
    {
        var layer = name is null ? finder.Default() : finder.Named(name, format);
        if (name is null && format is { } wanted)
            layer = finder.Named(layer.Name, wanted) with { Reason = layer.Reason };
        // Tokens that nothing lays out are refused here, with what to type.
        _ = layer.Spatial;
        return layer;
    }

    /// <summary>
    /// A layer that was found at another input shape, as it is at this one: a layout that was recognised there is recognised anew.
    /// </summary>
    /// <param name="layer">The layer.</param>
    public Layer FindAgain(Layer layer)
    {
        var found = finder.Named(layer.Name, layer.IsRecognized ? null : layer.Format);
        return found.Shape == layer.Shape && found.Format == layer.Format ? layer : found;
    }

    /// <summary>The layers that can be explained, in the network's order.</summary>
    /// <param name="like">The layer that is explained: where the user said how its tokens lie, others with as many lie likewise.</param>
    public IReadOnlyList<Layer> FindLayers(Layer like) => finder.CandidatesLike(like);

    /// <summary>The layer explained where none is named, also where nothing says how its tokens lie.</summary>
    public Layer DefaultLayer => finder.Default();

    /// <summary>The layers, in the network's order, with those whose tokens lie as the graph does not say.</summary>
    public IReadOnlyList<Layer> AllLayers => finder.AllCandidates;
}
