using GradCamSharp.Films;
using GradCamSharp.Methods;

namespace GradCamSharp.Web.Serving;

/// <summary>What <c>/api/models</c> answers.</summary>
/// <param name="Models">The models that are served; the first is the default.</param>
/// <param name="Methods">The methods.</param>
/// <param name="Limits">The largest pictures that are taken.</param>
internal sealed record ModelsDocument(
    IReadOnlyList<ModelDocument> Models, IReadOnlyList<MethodDocument> Methods, LimitsDocument Limits)
{
    public static ModelsDocument Of(ModelShelf models, ServeOptions options) => new(
        [.. models.All.Select(m => m.Description)], [.. CamMethods.All.Select(MethodDocument.Of)],
        new LimitsDocument(options.LargestBody, options.MostPixels, ExplainQuery.AskFrom, FilmEndpoint.MostFrames, Film.HasDecoder));
}

/// <summary>A model that is served.</summary>
/// <param name="Name">What requests call it.</param>
/// <param name="Argument">What <c>--model</c> of the command line calls it.</param>
/// <param name="Task">What it does: classify, detect, segment ...; "not recognised" where no family of outputs fits.</param>
/// <param name="Head">The family of its outputs.</param>
/// <param name="Reason">What it was recognised by.</param>
/// <param name="Target">The target that is explained where none is named; null where there is no natural one.</param>
/// <param name="Targets">The targets that it has, as an example each.</param>
/// <param name="Outputs">Its outputs: name, type and shape.</param>
/// <param name="Classes">How many classes it scores; 0 where it is no classifier.</param>
/// <param name="Labels">The classes' names; those of a classifier are all there.</param>
/// <param name="Activation">What makes probabilities of a classifier's scores; null of others.</param>
/// <param name="Layer">The layer that is explained where none is asked for.</param>
/// <param name="Method">The method that is used where none is named.</param>
/// <param name="Preprocessing">Where its preprocessing comes from.</param>
/// <param name="Texts">The texts that it compares pictures with; null where it compares them with none.</param>
internal sealed record ModelDocument(
    string Name, string Argument, string Task, string Head, string Reason, string? Target, string Targets, IReadOnlyList<string> Outputs,
    long Classes, IReadOnlyList<string> Labels, string? Activation, ChosenLayer Layer, string Method, string Preprocessing,
    TextsDocument? Texts = null)
{
    /// <summary>The clips that it takes; null of a model of pictures.</summary>
    public ClipDocument? Clip { get; init; }

    private const int MostLabels = 100_000;

    public static ModelDocument Of(ModelSource source, PictureExplainer model, LayersDocument layers, ExplanationMethod method) => new(
        source.Name, source.Argument, "classify", "class scores", $"'{layers.Scores!.Name}' holds one score a class", "class:top1",
        "class:C, class:C - class:D, finer:C, contrast:C", [], model.Model.ClassCount,
        [.. Enumerable.Range(0, (int)Math.Min(model.Model.ClassCount, MostLabels)).Select(i => model.Labels[i])],
        layers.Scores.Activation, layers.Layer, method.Name, model.SidecarFiles.PreprocessingSource);

    public static ModelDocument Of(
        ModelSource source, TargetExplainer model, string preprocessing, ModelDescription description, LayersDocument layers,
        TextsDocument? texts)
    {
        var labels = model.Options.Labels;
        return new ModelDocument(
            source.Name, source.Argument, description.Task, description.Family, description.Reason, description.Target?.Spec,
            description.Examples, description.Outputs, 0,
            [.. Enumerable.Range(0, Math.Min(labels.Count, MostLabels)).Select(i => labels[i])], null, layers.Layer,
            description.Method.Name, preprocessing, texts);
    }
}

/// <summary>The clips that a model takes.</summary>
/// <param name="Frames">How many frames one has.</param>
/// <param name="Stride">Every how manieth frame of a film is one of them.</param>
internal sealed record ClipDocument(int Frames, int Stride);

/// <summary>The texts that a model compares pictures with.</summary>
/// <param name="Kind">classes: the model scores them; vectors: a text encoder beside it embeds them.</param>
/// <param name="Lacking">Why none can be given, as a sentence; null where they can.</param>
/// <param name="Start">Those that the page begins with.</param>
/// <param name="Most">The most of a request.</param>
/// <param name="Longest">The most characters of one.</param>
internal sealed record TextsDocument(string Kind, string? Lacking, IReadOnlyList<string> Start, int Most, int Longest)
{
    public static TextsDocument? Of(ServedTexts? texts) => texts is null ? null : new TextsDocument(
        texts.AreClasses ? "classes" : "vectors", texts.Lacking, texts.Start, ServedTexts.Most, ServedTexts.Longest);
}

/// <summary>The largest pictures that are taken.</summary>
/// <param name="Bytes">As a file.</param>
/// <param name="Pixels">Decoded.</param>
/// <param name="Seconds">Runs that are estimated to take longer than this are better asked about first.</param>
/// <param name="Frames">The most frames of a film.</param>
/// <param name="Films">Whether films other than animated GIF and WebP are read: whether ffmpeg is installed.</param>
internal sealed record LimitsDocument(long Bytes, long Pixels, double Seconds, int Frames, bool Films);

/// <summary>A picture that is kept for requests to come.</summary>
/// <param name="Picture">Its handle: what requests call it.</param>
/// <param name="Width">In pixels.</param>
/// <param name="Height">In pixels.</param>
/// <param name="Seconds">After how many seconds without a request it is forgotten.</param>
internal sealed record KeptDocument(string Picture, int Width, int Height, int Seconds);

/// <summary>A sign of life.</summary>
/// <param name="Status">Always <c>ok</c>.</param>
internal sealed record HealthDocument(string Status);
