using GradCamSharp.Imaging;
using GradCamSharp.Methods;
using GradCamSharp.Targets;
using SkiaSharp;

namespace GradCamSharp.Site;

/// <summary>
/// The pictures of the methods' pages: a sample of the repository and what each method makes of it, by the network that the tool takes
/// where none is named. CAM by another one that ships, as it demands pooling and one linear layer at the end; methods of attention by the
/// vision transformer.
/// </summary>
public static class MethodPictures
{
    private const int Side = 240;


    /// <summary>Draws them.</summary>
    /// <param name="root">The repository's folder.</param>
    /// <param name="names">Which methods; all where none is named.</param>
    public static void Draw(string root, IReadOnlyList<string> names)
    {
        ArgumentNullException.ThrowIfNull(names);
        var methods = names.Count == 0 ? CamMethods.All : CamMethods.Parse(string.Join(',', names));
        var picture = PictureDecoder.Decode(Path.Combine(root, "samples/umbrellas.jpg"));
        Draw(root, "scenes-vgg", picture, [.. methods.Where(m => m is not (Cam or AttentionMethod))]);
        Draw(root, "scenes-resnet", picture, [.. methods.Where(m => m is Cam)]);
        Draw(root, "scenes-vit", picture, [.. methods.Where(m => m is AttentionMethod)]);
    }

    /// <summary>An explanation as it is shown: maps of a layer on the picture, gradients in pixel space as they are.</summary>
    /// <param name="explainer">What made it.</param>
    /// <param name="result">What it belongs to.</param>
    /// <param name="explanation">The explanation.</param>
    public static Picture Shown(PictureExplainer explainer, PictureExplanation result, Explanation explanation)
    {
        ArgumentNullException.ThrowIfNull(explainer);
        ArgumentNullException.ThrowIfNull(result);
        ArgumentNullException.ThrowIfNull(explanation);
        return !explanation.Method.IsPixelSpace ? Rendering.Overlay(result.Picture, explanation.HeatMap)
            : explanation.Method is Saliency ? Rendering.DrawMap(explanation.HeatMap, ColorMap.Inferno)
            : Rendering.Signed(explanation.Raw.Span, result.Prepared.Input.Size, explainer.Preprocessing.IsBgr);
    }

    private static void Draw(string root, string model, Picture picture, IReadOnlyList<ExplanationMethod> methods)
    {
        if (methods.Count == 0)
            return;
        using var explainer = PictureExplainer.Load(Path.Combine(root, $"src/GradCamSharp.Cli/Models/{model}.onnx"));
        var result = explainer.Explain(picture, methods, [ClassRequest.Index(explainer.Labels.Find("umbrella")!.Value)]);
        string folder = Directory.CreateDirectory(Path.Combine(root, "docs/images/methods")).FullName;
        foreach (var explanation in result.Explanations)
        {
            var shown = Shown(explainer, result, explanation);
            File.WriteAllBytes(Path.Combine(folder, MethodPages.FileName(explanation.Method) + ".jpg"), Pair(picture, shown));
        }
    }

    private static byte[] Pair(Picture left, Picture right)
    {
        using var bitmap = new SKBitmap(new SKImageInfo(2 * Side, Side, SKColorType.Rgba8888, SKAlphaType.Opaque));
        using (var canvas = new SKCanvas(bitmap))
        {
            foreach (var (picture, x) in (ReadOnlySpan<(Picture, int)>)[(left, 0), (right, Side)])
            {
                using var part = SKBitmap.Decode(PictureEncoder.ToPng(Resampling.Resize(picture, Side, Side)));
                canvas.DrawBitmap(part, x, 0, SKSamplingOptions.Default);
            }

            canvas.Flush();
        }

        using var encoded = bitmap.Encode(SKEncodedImageFormat.Jpeg, 85);
        return encoded.ToArray();
    }
}
