using GradCamSharp.Imaging;
using GradCamSharp.Methods;
using GradCamSharp.Targets;
using Microsoft.DotNet.Interactive.Formatting;

namespace GradCamSharp.Tests.Notebooks;

/// <summary>Objects are shown by the formatting library of .NET Interactive itself, which finds our formatters by their names.</summary>
public sealed class NotebookFormattersTests : IDisposable
{
    private readonly PictureExplainer explainer = PictureExplainer.Load(
        Path.Combine(SharedData.RepositoryRoot(), "src/GradCamSharp.Cli/Models/scenes-vgg.onnx"));

    private readonly Picture picture = PictureDecoder.Decode(Path.Combine(SharedData.RepositoryRoot(), "samples/umbrellas.jpg"));

    public void Dispose() => explainer.Dispose();

    [Fact]
    public void Explanation_InANotebook_IsItsOverlay()
    {
        var explanation = Explain().Explanations[0];
        Assert.Equal(["image/png", "text/plain"], Formatter.GetPreferredMimeTypesFor(typeof(Explanation)));
        Assert.Equal(
            PictureEncoder.ToPng(Rendering.Overlay(picture, explanation.HeatMap)),
            Convert.FromBase64String(explanation.ToDisplayString("image/png")));
        Assert.Equal($"Grad-CAM++: umbrella: strongest in {explanation.HeatMap.LargestPart()}", explanation.ToDisplayString("text/plain"));
    }

    [Fact]
    public void PictureExplanation_InANotebook_IsAStripOfAllOverlays()
    {
        var result = Explain();
        var shown = Shown(result);
        Assert.True(shown.Width > 2.5 * shown.Height, "A picture and two overlays lie side by side.");
        Assert.StartsWith("umbrella ", result.ToDisplayString("text/plain"), StringComparison.Ordinal);
    }

    [Fact]
    public void PictureAndHeatMap_InANotebook_AreShownInTheirOwnSize()
    {
        Assert.Equal(picture.Pixels.ToArray(), Shown(picture).Pixels.ToArray());
        var map = Explain().Explanations[0].HeatMap;
        Assert.Equal(Rendering.DrawMap(map).Pixels.ToArray(), Shown(map).Pixels.ToArray());
    }

    [Fact]
    public void Html_OfALabelWithMarkup_IsEscaped()
    {
        var explanation = Explain().Explanations[0] with { Label = "<b>&" };
        string html = explanation.ToDisplayString("text/html");
        Assert.Contains("&lt;b&gt;&amp;", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<b>", html, StringComparison.Ordinal);
        Assert.Contains("src=\"data:image/png;base64,iVBOR", html, StringComparison.Ordinal);
    }

    private static Picture Shown(object instance)
    {
        using var stream = new MemoryStream(Convert.FromBase64String(instance.ToDisplayString("image/png")));
        return PictureDecoder.Decode(stream, "notebook");
    }

    private PictureExplanation Explain() =>
        explainer.Explain(picture, CamMethods.Parse("gradcam++,gradcam"), [ClassRequest.Top1], TestContext.Current.CancellationToken);
}
