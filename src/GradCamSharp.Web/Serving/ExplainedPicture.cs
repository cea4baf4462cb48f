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

    /// <summary>How well each text of the request fits; empty where it names none.</summary>
    public IReadOnlyList<ComparedText> Texts { get; init; } = [];

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
    /// <param name="texts">The texts that the picture was compared with; null without any.</param>
    /// <param name="result">What it says.</param>
    public static ExplainedPicture Of(PictureTargets model, string task, ComparedTexts? texts, PictureTargetResult result)
    {
        var labels = model.Model.Options.Labels;
        var layer = result.Explanations.SelectMany(e => e.Explanation.Layers).FirstOrDefault()
            ?? new Layer("", "", default, LayerFormat.Nchw, "none: the whole network is asked");
        return new ExplainedPicture(
            result.Picture, result.Prepared.Geometry, layer, Labelled(result.Reading.Predictions, texts),
            result.Explanations.Select(e => new ExplainedMap(
                SummaryOf(e), e.Explanation.Shape, e.Explanation.Raw, e.HeatMap, colors => Rendering.DrawMap(e.HeatMap, colors))))
        {
            Task = task,
            Texts = texts?.Scores(result.Reading.Predictions) ?? [],
            Detections = result.Reading.Detections,
            Notes = result.Notes,
        };

        ExplanationSummary SummaryOf(PictureTargetExplanation e)
        {
            string? text = texts?.LabelOf(e.Explanation.Class);
            var summary = ExplanationSummary.Of(e.Explanation, text ?? LabelOf(e.Explanation), e.HeatMap);
            return text is null ? summary : summary with { Target = summary.Target! with { Words = text } };
        }

        string LabelOf(TargetExplanation e) => e.Class is { } index
            ? result.Reading.Detections.FirstOrDefault(d => d.Class == index)?.Label ?? labels[index] : e.Target.Spec;
    }

    /// <summary>Predictions whose classes are texts, with the texts as labels.</summary>
    public static IReadOnlyList<Prediction> Labelled(IReadOnlyList<Prediction> predictions, ComparedTexts? texts) =>
        texts is null ? predictions : [.. predictions.Select(p => p with { Label = texts.LabelOf(p.Index) ?? p.Label })];
}
