using System.Globalization;
using GradCamSharp.Evaluation.DataSets;
using GradCamSharp.Evaluation.Records;
using GradCamSharp.Imaging;
using GradCamSharp.Methods;
using GradCamSharp.Targets;

namespace GradCamSharp.Evaluation.Reports;

/// <summary>A picture of the report: what two methods make of it, side by side.</summary>
/// <param name="Name">The picture's id.</param>
/// <param name="What">The class and what was measured.</param>
/// <param name="Panels">The original, then map and explanation map of each method.</param>
internal sealed record ReportFigure(string Name, string What, IReadOnlyList<(string Caption, string Note, Picture Picture)> Panels)
{
    /// <summary>All panels as one picture.</summary>
    public Picture Strip() =>
        Imaging.SideBySide.Draw([.. Panels.Select(p => (p.Note.Length > 0 ? $"{p.Caption}: {p.Note}" : p.Caption, p.Picture))], 300);
}

/// <summary>Makes the pictures with the largest differences between two methods anew, by the model that was measured.</summary>
internal sealed class ReportFigures(PictureExplainer explainer, DataSet data, ReportRows rows, int first, int second)
{
    private const int LongestSide = 640;
    private static readonly byte[] BoxColor = [0, 229, 255];
    private readonly RelativePaths paths = new(data.Root);

    /// <summary>Of a run's pairs those where the two methods differ most, the largest difference first.</summary>
    public static IReadOnlyList<ReportPair> Choose(ReportRows rows, int first, int second, int count)
    {
        int at = DeltaPlace(rows.Manifest);
        return [.. rows.Pairs.OrderByDescending(p => Math.Abs(p.Values[first][at] - p.Values[second][at])).Take(count)];
    }

    /// <summary>The place of the delta by which localisation figures are chosen: 0.25, or the first. 0 for faithfulness.</summary>
    public static int DeltaPlace(RunManifest manifest) =>
        manifest.Kind == RunManifest.Faithfulness ? 0 : Math.Max(manifest.Deltas.ToList().IndexOf(0.25), 0);

    /// <summary>Which picture could not be drawn, and why, without the folders above the data set.</summary>
    public string ReasonOf(Exception error, ReportPair pair)
    {
        string reason = Find(pair) is { } source ? paths.In(error.Message, source) : error.Message;
        return reason.Contains(pair.Picture, StringComparison.Ordinal) ? reason : $"{pair.Picture}: {reason}";
    }

    /// <summary>Draws one.</summary>
    /// <exception cref="PictureException">The picture cannot be read any more.</exception>
    public ReportFigure Draw(ReportPair pair, CancellationToken cancellationToken)
    {
        var source = Find(pair)
            ?? throw new InvalidDataException($"The data set has no picture '{pair.Picture}' any more.");
        var picture = PictureDecoder.Decode(source.Path);
        string[] names = [rows.Manifest.Methods[first], rows.Manifest.Methods[second]];
        var explained = explainer.Explain(
            picture, CamMethods.Parse(string.Join(',', names)), [ClassRequest.Index(pair.Class)], cancellationToken);
        PixelBox[] boxes = pair.Object is { } name && data.HasObjects
            ? [.. data.Objects(source).Where(o => o.Class == name).Select(o => o.Box)]
            : [];
        bool isFaithfulness = rows.Manifest.Kind == RunManifest.Faithfulness;
        string probability = isFaithfulness ? Percent(pair.Probability ?? 0) : "";
        var panels = new List<(string, string, Picture)> { ("Picture", probability, Small(Framed(picture, boxes))) };
        int at = DeltaPlace(rows.Manifest);
        foreach (var (explanation, method) in explained.Explanations.Zip((int[])[first, second]))
        {
            float value = pair.Values[method][at];
            string measured = isFaithfulness ? Percent(value) : string.Create(CultureInfo.InvariantCulture, $"Loc {value:0.00}");
            string note = explanation.HeatMap.IsEmpty ? "empty" : isFaithfulness ? "" : measured;
            var overlay = Rendering.Overlay(picture, explanation.HeatMap);
            panels.Add((explanation.Method.Title, note, Small(Framed(overlay, boxes))));
            panels.Add(("Explanation map", isFaithfulness ? measured : "", Small(Rendering.Masked(picture, explanation.HeatMap))));
        }

        string label = pair.Label.Split(',')[0];
        return new ReportFigure(pair.Picture, pair.Object is { } object_ && object_ != label ? $"{label} (as {object_})" : label, panels);
    }

    private DataSetPicture? Find(ReportPair pair) => data.Pictures.FirstOrDefault(p => p.Id == pair.Picture);

    private static string Percent(float value) => string.Create(CultureInfo.InvariantCulture, $"{100 * value:0.0} %");

    private static Picture Small(Picture picture) => Resampling.Fit(picture, LongestSide);

    private static Picture Framed(Picture picture, PixelBox[] boxes)
    {
        if (boxes.Length == 0)
            return picture;
        byte[] pixels = picture.Pixels.ToArray();
        int thickness = Math.Max(2, Math.Max(picture.Width, picture.Height) / 160);
        foreach (var box in boxes)
        {
            // What lies beyond the picture does not count, and the frame closes at its edge.
            int left = Math.Max(box.X, 0), right = (int)Math.Min((long)box.X + box.Width, picture.Width);
            int top = Math.Max(box.Y, 0), bottom = (int)Math.Min((long)box.Y + box.Height, picture.Height);
            for (int y = top; y < bottom; y++)
            {
                for (int x = left; x < right; x++)
                {
                    int edge = Math.Min(Math.Min(x - left, right - 1 - x), Math.Min(y - top, bottom - 1 - y));
                    if (edge < thickness)
                        BoxColor.CopyTo(pixels, 3 * ((y * picture.Width) + x));
                }
            }
        }

        return new Picture(picture.Width, picture.Height, pixels);
    }
}
