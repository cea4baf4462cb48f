using GradCamSharp.Methods;

namespace GradCamSharp.Web.Serving;

/// <summary>What <c>/api/models</c> answers.</summary>
/// <param name="Models">The models that are served; the first is the default.</param>
/// <param name="Methods">The methods.</param>
/// <param name="Limits">The largest pictures that are taken.</param>
internal sealed record ModelsDocument(
    IReadOnlyList<ModelDocument> Models, IReadOnlyList<MethodDocument> Methods, LimitsDocument Limits)
{
    private const int MostLabels = 100_000;

    public static ModelsDocument Of(ModelShelf models, ServeOptions options) => new(
        [.. models.All.Select(m => new ModelDocument(
            m.Source.Name, m.Source.Argument, m.Explainer.Model.ClassCount,
            [.. Enumerable.Range(0, (int)Math.Min(m.Explainer.Model.ClassCount, MostLabels)).Select(i => m.Explainer.Labels[i])],
            m.Layers.Scores!.Activation, m.Layers.Layer, m.Explainer.SidecarFiles.PreprocessingSource))],
        [.. CamMethods.All.OfType<GraphMethod>().Select(m => new MethodDocument(m.Name, m.Title, m.Equation, m.Summary, m.IsPixelSpace))],
        new LimitsDocument(options.LargestBody, options.MostPixels));
}

/// <summary>A model that is served.</summary>
/// <param name="Name">What requests call it.</param>
/// <param name="Argument">What <c>--model</c> of the command line calls it.</param>
/// <param name="Classes">How many classes it has.</param>
/// <param name="Labels">Their names.</param>
/// <param name="Activation">What makes probabilities of the scores.</param>
/// <param name="Layer">The layer that is explained where none is asked for.</param>
/// <param name="Preprocessing">Where its preprocessing comes from.</param>
internal sealed record ModelDocument(
    string Name, string Argument, long Classes, IReadOnlyList<string> Labels, string Activation, ChosenLayer Layer, string Preprocessing);

/// <summary>A method.</summary>
/// <param name="Name">What requests call it.</param>
/// <param name="Title">What people call it.</param>
/// <param name="Equation">Its equation.</param>
/// <param name="Summary">What it is, in a sentence or two.</param>
/// <param name="PixelSpace">Whether its maps are gradients at the network's input.</param>
internal sealed record MethodDocument(string Name, string Title, string Equation, string Summary, bool PixelSpace);

/// <summary>The largest pictures that are taken.</summary>
/// <param name="Bytes">As a file.</param>
/// <param name="Pixels">Decoded.</param>
internal sealed record LimitsDocument(long Bytes, long Pixels);

/// <summary>A picture that is kept for requests to come.</summary>
/// <param name="Picture">Its handle: what requests call it.</param>
/// <param name="Width">In pixels.</param>
/// <param name="Height">In pixels.</param>
/// <param name="Seconds">After how many seconds without a request it is forgotten.</param>
internal sealed record KeptDocument(string Picture, int Width, int Height, int Seconds);

/// <summary>A sign of life.</summary>
/// <param name="Status">Always <c>ok</c>.</param>
internal sealed record HealthDocument(string Status);
