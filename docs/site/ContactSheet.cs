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
    private const int Side = 80, Gap = 3, Name = 204, Head = 30;

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
        var columns = new List<Column>();
        foreach (string picture in files)
        {
            Console.Error.WriteLine(Path.GetFileName(picture));
            columns.Add(ColumnOf(explainer, PictureDecoder.Decode(picture), mapsAlone));
        }

        // What the model gives no map of by any means is named below the others, and takes no row.
        var rows = Methods.Select((m, i) => (m.Name, Maps: columns.ConvertAll(c => c.Maps[i])))
            .ToLookup(r => r.Maps.Exists(m => m is not null));
        var shown = rows[true].ToList();
        if (!mapsAlone)
            shown.Insert(0, ("", columns.ConvertAll<Picture?>(c => c.Picture)));
        string[] absent = [.. rows[false].Select(r => r.Name)];

        int width = Name + (columns.Count * (Side + Gap)), height = Head + (shown.Count * (Side + Gap)) + (absent.Length > 0 ? Head : 0);
        using var bitmap = new SKBitmap(new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Opaque));
        using var canvas = new SKCanvas(bitmap);
        using var letters = SKTypeface.FromFile(Path.Combine(root, "src/GradCamSharp/Imaging/Fonts/DejaVuSans.ttf"));
        using var font = new SKFont(letters, 12) { Subpixel = true };
        using var ink = new SKPaint { Color = new SKColor(0x22, 0x22, 0x22), IsAntialias = true };
        canvas.Clear(SKColors.White);
        for (int c = 0; c < columns.Count; c++)
            Write(canvas, Short(columns[c].Label, font, Side), LeftOf(c), Head - 10, font, ink);
        for (int r = 0; r < shown.Count; r++)
        {
            Write(canvas, shown[r].Name, 4, RowOf(r) + (Side / 2f), font, ink);
            for (int c = 0; c < columns.Count; c++)
            {
                if (shown[r].Maps[c] is { } map)
                    Place(canvas, map, LeftOf(c), RowOf(r));
                else
                    Write(canvas, "not defined", LeftOf(c), RowOf(r) + (Side / 2f), font, ink);
            }
        }

        if (absent.Length > 0)
            Write(canvas, Short($"not defined: {string.Join(", ", absent)}", font, width - 8), 4, RowOf(shown.Count) + 18, font, ink);
        canvas.Flush();
        using var encoded = bitmap.Encode(SKEncodedImageFormat.Jpeg, 60);
        File.WriteAllBytes(file, encoded.ToArray());
    }

    private static Column ColumnOf(PictureExplainer explainer, Picture picture, bool mapsAlone)
    {
        var best = explainer.Predict(picture, count: 1)[0];
        string label = string.Create(CultureInfo.InvariantCulture, $"{best.Label.Split(',')[0]} {best.Probability:P0}");
        return new(label, picture, Shown(explainer, picture, Methods, mapsAlone));
    }

    // Together, since some share their runs; one by one where one of them is not defined for the model.
    private static Picture?[] Shown(
        PictureExplainer explainer, Picture picture, IReadOnlyList<ExplanationMethod> methods, bool mapsAlone)
    {
        try
        {
            var result = explainer.Explain(picture, methods, [ClassRequest.Top1]);
            return [.. result.Explanations.Select(e => !mapsAlone ? MethodPictures.Shown(explainer, result, e)
                : Rendering.DrawMap(e.HeatMap, e.Method.IsPixelSpace ? ColorMap.Inferno : null))];
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

    private static int LeftOf(int column) => Name + (column * (Side + Gap));

    private static int RowOf(int row) => Head + (row * (Side + Gap));

    private static void Place(SKCanvas canvas, Picture picture, int x, int y)
    {
        using var part = SKBitmap.Decode(PictureEncoder.ToPng(Resampling.Resize(picture, Side, Side)));
        canvas.DrawBitmap(part, x, y, SKSamplingOptions.Default);
    }

    private static void Write(SKCanvas canvas, string text, float x, float y, SKFont font, SKPaint ink) =>
        canvas.DrawText(text, x, y, SKTextAlign.Left, font, ink);

    private static string Short(string text, SKFont font, int width)
    {
        while (text.Length > 1 && font.MeasureText(text) > width)
            text = text[..^2] + "…";
        return text;
    }

    // What is shown of one picture: its best class, and a map a method, null where the method is not defined for the model.
    private sealed record Column(string Label, Picture Picture, Picture?[] Maps);
}
