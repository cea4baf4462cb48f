using GradCamSharp.Imaging;
using GradCamSharp.Methods;
using GradCamSharp.Targets;
using SkiaSharp;

namespace GradCamSharp.Site;

/// <summary>
/// The pictures of the methods' pages: a sample of the repository and what each method makes of it, by the network that the tool takes
/// where none is named. CAM alone by the other one that ships: it demands pooling and one linear layer at the end.
/// </summary>
public static class MethodPictures
{
    private const int Side = 240;

    /// <summary>Draws all of them.</summary>
    /// <param name="root">The repository's folder.</param>
    public static void Draw(string root)
    {
        var picture = PictureDecoder.Decode(Path.Combine(root, "samples/umbrellas.jpg"));
        Draw(root, "scenes-vgg", picture, [.. CamMethods.All.Where(m => m is not Cam)]);
        Draw(root, "scenes-resnet", picture, [.. CamMethods.All.Where(m => m is Cam)]);
    }

    private static void Draw(string root, string model, Picture picture, IReadOnlyList<ExplanationMethod> methods)
    {
        using var explainer = PictureExplainer.Load(Path.Combine(root, $"src/GradCamSharp.Cli/Models/{model}.onnx"));
        var result = explainer.Explain(picture, methods, [ClassRequest.Index(explainer.Labels.Find("umbrella")!.Value)]);
        string folder = Directory.CreateDirectory(Path.Combine(root, "docs/images/methods")).FullName;
        foreach (var explanation in result.Explanations)
        {
            var shown = !explanation.Method.IsPixelSpace ? Rendering.Overlay(picture, explanation.HeatMap)
                : explanation.Method is Saliency ? Rendering.DrawMap(explanation.HeatMap, ColorMap.Inferno)
                : Rendering.Signed(explanation.Raw.Span, result.Prepared.Input.Size, explainer.Preprocessing.IsBgr);
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
