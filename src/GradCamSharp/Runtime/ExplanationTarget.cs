using GradCamSharp.Layers;
using GradCamSharp.Targets;
using OnnxGrad;

namespace GradCamSharp.Runtime;

/// <summary>A model at one input shape, and what of it is explained.</summary>
internal sealed class ExplanationTarget
{
    private readonly LayerFinder finder;
    private readonly Lazy<IReadOnlyList<Layer>> candidates;

    /// <param name="pristine">The model as loaded; it is copied.</param>
    /// <param name="input">The picture's input.</param>
    /// <param name="shape">Its shape, the batch open where the model leaves it open.</param>
    /// <param name="layer">The layer's name; null for the default.</param>
    /// <param name="format">The layer's layout; null to recognise it.</param>
    /// <param name="output">The output that holds the class scores; null to choose it.</param>
    public ExplanationTarget(OnnxModel pristine, string input, Shape shape, string? layer, LayerFormat? format, string? output = null)
    {
        Input = input;
        Score = ScoreHead.Find(pristine, output);
        var shapes = ShapeInference.Analyse(
            pristine, new Dictionary<string, Shape> { [input] = shape }, LayerFinder.Wanted(pristine, input, Score.Value));
        Model = pristine.WithShapes(shapes);
        InputShape = Model.Graph[input].Shape;
        var scores = Model.Graph[Score.Value].Shape;
        if (scores.Rank < 2 || scores.Slice(2, scores.Rank - 2).Any(l => l != 1))
        {
            throw new ModelException($"The scores '{Score.Value}' of '{pristine.Name}' have the shape {scores}; " +
                "class scores are [N, C] or [N, C, 1, 1]. " +
                "Give a classifier, or export the part of the network that makes class scores.");
        }

        ClassCount = scores[1];
        finder = new LayerFinder(Model, input, Score.Value);
        Layer = layer is null ? finder.Default() : finder.Named(layer, format);
        if (layer is null && format is { } wanted)
            Layer = finder.Named(Layer.Name, wanted) with { Reason = Layer.Reason };
        candidates = new(() => finder.CandidatesLike(Layer));
        // Tokens that nothing lays out are refused here, with what to type.
        _ = Layer.Spatial;
    }

    private ExplanationTarget(ExplanationTarget other, Layer layer)
    {
        (Model, Input, InputShape, Score, ClassCount, finder, candidates) =
            (other.Model, other.Input, other.InputShape, other.Score, other.ClassCount, other.finder, other.candidates);
        Layer = layer;
    }

    public OnnxModel Model { get; }

    public string Input { get; }

    /// <summary>The input's shape; the batch is 1 where the model fixes it.</summary>
    public Shape InputShape { get; }

    public bool ChannelsLastInput =>
        InputShape.Rank == 4 && InputShape[1] > 4 && InputShape[3] is 1 or 3 or 4 && InputShape[1] is not (1 or 3);

    /// <summary>The type of the input's elements.</summary>
    public ElementType InputType => Model.Graph[Input].Type;

    public ScoreHead Score { get; }

    public long ClassCount { get; }

    public Layer Layer { get; }

    public IReadOnlyList<Layer> Candidates => candidates.Value;

    /// <summary>The layer of a name; its layout recognised where none is given.</summary>
    public Layer Find(string name, LayerFormat? format) => name == Layer.Name && format is null ? Layer : finder.Named(name, format);

    /// <summary>
    /// The same model at the same input shape, another layer explained; a layout that was recognised, maybe at another input shape,
    /// is recognised at this one.
    /// </summary>
    public ExplanationTarget For(Layer layer)
    {
        var found = Find(layer.Name, layer.IsRecognized ? null : layer.Format);
        return found.Name == Layer.Name && found.Format == Layer.Format ? this : new(this, found);
    }
}
