using GradCamSharp.Heads;
using GradCamSharp.Imaging;
using GradCamSharp.Layers;
using GradCamSharp.Output;
using OnnxGrad;

namespace GradCamSharp.Web.Serving;

/// <summary>A map as a document has it.</summary>
/// <param name="Summary">What is said of it.</param>
/// <param name="Shape">The raw map's shape.</param>
/// <param name="Raw">Its values.</param>
/// <param name="HeatMap">The map on the picture.</param>
/// <param name="Draw">The map alone, in colours.</param>
internal sealed record ExplainedMap(
    ExplanationSummary Summary, Shape Shape, ReadOnlyMemory<float> Raw, HeatMap HeatMap, Func<ColorMap, Picture> Draw);

/// <summary>What a model says of a picture, and why: of a classifier and of any other model alike.</summary>
/// <param name="Picture">The original picture.</param>
/// <param name="Geometry">Where the network's input lies in it.</param>
/// <param name="Layer">The layer; of the first explanation where each has its own.</param>
/// <param name="Predictions">The most probable classes, texts or masks.</param>
/// <param name="Maps">The maps, in the order in which they are written.</param>
internal sealed record ExplainedPicture(
    Picture Picture, Geometry Geometry, Layer Layer, IReadOnlyList<Prediction> Predictions, IEnumerable<ExplainedMap> Maps)
{
    /// <summary>What the model does; null of a plain classifier.</summary>
    public string? Task { get; init; }

    /// <summary>What a detector reports.</summary>
    public IReadOnlyList<Detection> Detections { get; init; } = [];

    /// <summary>What a reader should know.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>Of a classifier.</summary>
    /// <param name="model">The model.</param>
    /// <param name="layer">The layer.</param>
    /// <param name="result">What it says.</param>
    public static ExplainedPicture Of(PictureExplainer model, Layer layer, PictureExplanation result) => new(
        result.Picture, result.Prepared.Geometry, layer, result.Predictions, result.Explanations.Select(e => new ExplainedMap(
            ExplanationSummary.Of(e), e.Shape, e.Raw, e.HeatMap, colors => model.DrawMap(e, result.Prepared, colors))));

    /// <summary>Of a model whose targets are explained.</summary>
    /// <param name="model">The model.</param>
    /// <param name="task">What it does.</param>
    /// <param name="result">What it says.</param>
    public static ExplainedPicture Of(PictureTargets model, string task, PictureTargetResult result)
    {
        var labels = model.Model.Options.Labels;
        var layer = result.Explanations.SelectMany(e => e.Explanation.Layers).FirstOrDefault()
            ?? new Layer("", "", default, LayerFormat.Nchw, "none: the whole network is asked");
        return new ExplainedPicture(
            result.Picture, result.Prepared.Geometry, layer, result.Reading.Predictions, result.Explanations.Select(e => new ExplainedMap(
                ExplanationSummary.Of(e.Explanation, LabelOf(e.Explanation), e.HeatMap), e.Explanation.Shape, e.Explanation.Raw,
                e.HeatMap, colors => Rendering.DrawMap(e.HeatMap, colors))))
        {
            Task = task,
            Detections = result.Reading.Detections,
            Notes = result.Notes,
        };

        string LabelOf(TargetExplanation e) => e.Class is { } index
            ? result.Reading.Detections.FirstOrDefault(d => d.Class == index)?.Label ?? labels[index] : e.Target.Spec;
    }
}
