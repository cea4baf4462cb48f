using System.Text;
using GradCamSharp.Evaluation.DataSets;
using GradCamSharp.Evaluation.Experiments;
using GradCamSharp.Imaging;
using GradCamSharp.Methods;
using GradCamSharp.Targets;
using static GradCamSharp.Evaluation.Pages.ReportPage;

namespace GradCamSharp.Evaluation.Reports;

/// <summary>A picture of the report: what two methods make of it, side by side.</summary>
/// <param name="Name">The picture's id.</param>
/// <param name="What">The class and what was measured.</param>
/// <param name="Panels">The original, then map and explanation map of each method.</param>
internal sealed record ReportFigure(string Name, string What, IReadOnlyList<(string Caption, string Note, Picture Picture)> Panels)
{
    private const int Side = 300;

    /// <summary>All panels as one picture.</summary>
    public Picture ToPicture() =>
        SideBySide.Draw([.. Panels.Select(p => (p.Note.Length > 0 ? $"{p.Caption}: {p.Note}" : p.Caption, p.Picture))], Side);

    /// <summary>The panels beside each other in a page, the pictures inside it.</summary>
    public string ToHtml()
    {
        var html = new StringBuilder();
        html.Append($"<figure><figcaption><b>{Encode(What)}</b> <span>{Encode(Name)}</span></figcaption><div class=\"panels\">");
        foreach (var (caption, note, picture) in Panels)
        {
            string data = Convert.ToBase64String(PictureEncoder.ToPng(Resampling.Fit(picture, Side)));
            html.Append($"<div><img alt=\"{Encode(caption)}\" src=\"data:image/png;base64,{data}\">" +
                $"<p>{Encode(caption)} <b>{Encode(note)}</b></p></div>");
        }

        return html.Append("</div></figure>\n").ToString();
    }
}

/// <summary>Makes the pictures with the largest differences between two methods anew, by the model that was measured.</summary>
internal sealed class ReportFigures(PictureExplainer explainer, DataSet data, ReportMaterial material, int first, int second)
{
    private const int LongestSide = 640;
    private static readonly byte[] BoxColor = [0, 229, 255];
    private readonly RelativePaths paths = new(data.Root);

    /// <summary>Of a run's pairs those where the two methods differ most, the largest difference first.</summary>
    public IReadOnlyList<MeasuredPair> Choose(int count)
    {
        var experiment = material.Manifest.Experiment;
        return [.. material.Pairs
            .OrderByDescending(p => Math.Abs((float)experiment.Compared(p.Rows[first]) - (float)experiment.Compared(p.Rows[second])))
            .Take(count)];
    }

    /// <summary>Which picture could not be drawn, and why, without the folders above the data set.</summary>
    public string ReasonOf(Exception error, MeasuredPair pair)
    {
        string picture = pair.Of.Picture, reason = Find(picture) is { } source ? paths.In(error.Message, source) : error.Message;
        return reason.Contains(picture, StringComparison.Ordinal) ? reason : $"{picture}: {reason}";
    }

    /// <summary>Draws one.</summary>
    /// <exception cref="PictureException">The picture cannot be read any more.</exception>
    public ReportFigure Draw(MeasuredPair pair, CancellationToken cancellationToken)
    {
        var manifest = material.Manifest;
        var of = pair.Of;
        var source = Find(of.Picture) ?? throw new InvalidDataException($"The data set has no picture '{of.Picture}' any more.");
        var picture = PictureDecoder.Decode(source.Path);
        string names = $"{manifest.Methods[first]},{manifest.Methods[second]}";
        var explained = explainer.Explain(picture, CamMethods.Parse(names), [ClassRequest.Index(of.Class)], cancellationToken);
        PixelBox[] boxes = of.Object is { } name && data.HasObjects
            ? [.. data.Objects(source).Where(o => o.Class == name).Select(o => o.Box)]
            : [];
        string whole = manifest.Experiment.Notes(pair.Rows[first]).Whole;
        var panels = new List<(string, string, Picture)> { ("Picture", whole, Small(Framed(picture, boxes))) };
        foreach (var (explanation, method) in explained.Explanations.Zip((int[])[first, second]))
        {
            var notes = manifest.Experiment.Notes(pair.Rows[method]);
            var overlay = Rendering.Overlay(picture, explanation.HeatMap);
            string note = explanation.HeatMap.IsEmpty ? "empty" : notes.Overlay;
            panels.Add((explanation.Method.Title, note, Small(Framed(overlay, boxes))));
            panels.Add(("Explanation map", notes.Masked, Small(Rendering.Masked(picture, explanation.HeatMap))));
        }

        string label = of.Label.Split(',')[0];
        return new ReportFigure(of.Picture, of.Object is { } shown && shown != label ? $"{label} (as {shown})" : label, panels);
    }

    private DataSetPicture? Find(string picture) => data.Pictures.FirstOrDefault(p => p.Id == picture);

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
