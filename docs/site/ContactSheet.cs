using System.Globalization;
using GradCamSharp.Imaging;
using GradCamSharp.Methods;
using GradCamSharp.Targets;
using OnnxGrad;
using SkiaSharp;

namespace GradCamSharp.Site;

/// <summary>What all methods make of a few pictures: a row a method, a column a picture, the most probable class of each.</summary>
public static class ContactSheet
{
    private const int Side = 96, Gap = 3, Name = 168, Head = 40;

    private static readonly string[] Endings = [".jpg", ".jpeg", ".jfif", ".png", ".webp"];

    // Methods of many thousand runs draw the same with fewer.
    private static readonly (string Method, string Parameter, string Value)[] Fewer =
    [
        ("iscam", "coefficients", "0.5x1"), ("sscam", "samples", "1"), ("sscam", "sigma", "0.3"), ("rise", "masks", "500"),
        ("drise", "masks", "300"), ("smoothgrad", "samples", "16"), ("smoothgrad-squared", "samples", "16"),
        ("vargrad", "samples", "16"), ("expected-gradients", "samples", "24"), ("blur-ig", "steps", "24"), ("guided-ig", "steps", "24"),
        ("smoothgradcam++", "samples", "12"), ("lime", "samples", "250"), ("kernelshap", "pairs", "125"), ("sobol", "cells", "7"),
        ("sobol", "designs", "8"), ("hsic", "cells", "7"), ("hsic", "masks", "200"),
    ];

    /// <summary>The methods as the sheet shows them.</summary>
    public static IReadOnlyList<ExplanationMethod> Methods { get; } = [.. CamMethods.All.Select(WithFewerRuns)];

    /// <summary>Draws a sheet.</summary>
    /// <param name="root">The repository's folder, whose letters are used.</param>
    /// <param name="model">An .onnx file.</param>
    /// <param name="pictures">A folder of pictures.</param>
    /// <param name="file">The JPEG file.</param>
    /// <param name="mapsAlone">Whether maps are drawn without the pictures that they are of.</param>
    public static void Draw(string root, string model, string pictures, string file, bool mapsAlone)
    {
        using var explainer = PictureExplainer.Load(model);
        string[] files =
        [
            .. Directory.EnumerateFiles(pictures)
                .Where(f => Endings.Contains(Path.GetExtension(f), StringComparer.OrdinalIgnoreCase)).Order(StringComparer.Ordinal),
        ];
        int width = Name + (files.Length * (Side + Gap)), height = Head + ((Methods.Count + 1) * (Side + Gap));
        using var bitmap = new SKBitmap(new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Opaque));
        using var canvas = new SKCanvas(bitmap);
        using var letters = SKTypeface.FromFile(Path.Combine(root, "src/GradCamSharp/Imaging/Fonts/DejaVuSans.ttf"));
        using var font = new SKFont(letters, 13) { Subpixel = true };
        using var ink = new SKPaint { Color = new SKColor(0x22, 0x22, 0x22), IsAntialias = true };
        canvas.Clear(SKColors.White);
        for (int m = 0; m < Methods.Count; m++)
            Write(canvas, Methods[m].Name, 4, RowOf(m + 1) + (Side / 2f), font, ink);
        for (int p = 0; p < files.Length; p++)
        {
            var picture = PictureDecoder.Decode(files[p]);
            int left = Name + (p * (Side + Gap));
            var best = explainer.Predict(picture, count: 1)[0];
            string label = string.Create(CultureInfo.InvariantCulture, $"{best.Label.Split(',')[0]} {best.Probability:P0}");
            Write(canvas, Short(label, font), left, Head - 10, font, ink);
            if (!mapsAlone)
                Place(canvas, picture, left, RowOf(0));
            Console.Error.WriteLine(Path.GetFileName(files[p]));
            var shown = Shown(explainer, picture, Methods, mapsAlone);
            for (int m = 0; m < Methods.Count; m++)
            {
                if (shown[m] is { } map)
                    Place(canvas, map, left, RowOf(m + 1));
                else
                    Write(canvas, "not defined", left, RowOf(m + 1) + (Side / 2f), font, ink);
            }
        }

        canvas.Flush();
        using var encoded = bitmap.Encode(SKEncodedImageFormat.Jpeg, 72);
        File.WriteAllBytes(file, encoded.ToArray());
    }

    // Together, since some share their runs; one by one where one of them is not defined for the model.
    private static Picture?[] Shown(
        PictureExplainer explainer, Picture picture, IReadOnlyList<ExplanationMethod> methods, bool mapsAlone)
    {
        try
        {
            var result = explainer.Explain(picture, methods, [ClassRequest.Top1]);
            return [.. result.Explanations.Select(e => mapsAlone && !e.Method.IsPixelSpace
                ? Rendering.DrawMap(e.HeatMap) : MethodPictures.Shown(explainer, result, e))];
        }
        catch (ModelException e) when (methods.Count == 1)
        {
            Console.Error.WriteLine(e.Message);
            return [null];
        }
        catch (ModelException)
        {
            int half = methods.Count / 2;
            return
            [
                .. Shown(explainer, picture, [.. methods.Take(half)], mapsAlone),
                .. Shown(explainer, picture, [.. methods.Skip(half)], mapsAlone),
            ];
        }
    }

    private static ExplanationMethod WithFewerRuns(ExplanationMethod method) => Fewer.Where(f => f.Method == method.Name)
        .Aggregate(method, (m, f) => m.With(f.Parameter, f.Value));

    private static int RowOf(int row) => Head + (row * (Side + Gap));

    private static void Place(SKCanvas canvas, Picture picture, int x, int y)
    {
        using var part = SKBitmap.Decode(PictureEncoder.ToPng(Resampling.Resize(picture, Side, Side)));
        canvas.DrawBitmap(part, x, y, SKSamplingOptions.Default);
    }

    private static void Write(SKCanvas canvas, string text, float x, float y, SKFont font, SKPaint ink) =>
        canvas.DrawText(text, x, y, SKTextAlign.Left, font, ink);

    private static string Short(string text, SKFont font)
    {
        while (text.Length > 1 && font.MeasureText(text) > Side)
            text = text[..^2] + "…";
        return text;
    }
}
