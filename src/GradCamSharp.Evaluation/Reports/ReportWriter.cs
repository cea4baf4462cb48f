using System.Text;
using GradCamSharp.Evaluation.DataSets;
using GradCamSharp.Evaluation.Experiments;
using GradCamSharp.Evaluation.Identities;
using GradCamSharp.Evaluation.Pages;
using GradCamSharp.Evaluation.Runs;
using GradCamSharp.Imaging;
using GradCamSharp.Methods;
using GradCamSharp.Output;
using OnnxGrad;

namespace GradCamSharp.Evaluation.Reports;

/// <summary>Writes a run's report: one self-contained page, and its figures also as PNG files. The same run gives the same bytes.</summary>
public static class ReportWriter
{
    /// <summary>The page's name in the run's folder.</summary>
    public const string PageFile = "report.html";

    /// <summary>The folder of the figures in the run's folder.</summary>
    public const string FiguresFolder = "figures";

    private const string NothingToDraw =
        "The model or the data were missing when this page was written, so it has no pictures. Write it again with both to draw them.";

    /// <summary>Writes report.html and figures/*.png into a run's folder.</summary>
    /// <param name="table">The run.</param>
    /// <param name="options">What to show; null for the defaults.</param>
    /// <param name="explainer">The model, which draws the figures again; null for none. The caller disposes it.</param>
    /// <param name="data">The run's data set; null for no figures.</param>
    /// <param name="progress">Told the number of figures that are drawn.</param>
    /// <param name="cancellationToken">Stops between two figures; nothing is written then.</param>
    /// <returns>The page's path.</returns>
    /// <exception cref="ArgumentException">A method that is to be compared is not in the run.</exception>
    /// <exception cref="InvalidDataException">The records are damaged, or the model is another than the run's.</exception>
    /// <exception cref="IOException">The files cannot be written.</exception>
    public static string Write(
        RecordTable table, ReportOptions? options = null, PictureExplainer? explainer = null, DataSet? data = null,
        IProgress<int>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(table);
        options ??= new ReportOptions();
        if (explainer is not null)
            Check(table.Manifest, explainer);
        var manifest = table.Manifest;
        var material = new ReportMaterial(manifest, table.Expected, Pair(manifest, options.Pair), table.Rows());
        string path = Path.Combine(table.Folder, PageFile);
        AtomicFile.RemoveTorn(path);
        using var folder = new FigureFolder(Path.Combine(table.Folder, FiguresFolder));
        using var file = new PendingFile(path);
        using (var html = new StreamWriter(file.Content, new UTF8Encoding(false), leaveOpen: true))
        {
            var page = new ReportPage(new HtmlWriter(html));
            manifest.Experiment.Report(page, material, table.Summary());
            if (options.Figures > 0 && material.Compared is { } two && material.Pairs.Count > 0)
            {
                page.Section("Where they differ most",
                    $"The pictures with the largest differences {manifest.Experiment.ComparedBy} between " +
                    $"{MethodLook.Title(manifest.Methods[two.First])} and {MethodLook.Title(manifest.Methods[two.Second])}.",
                    explainer is null || data is null ? [Note(NothingToDraw)]
                        : Draw(new ReportFigures(explainer, data, material, two.First, two.Second), options.Figures, folder, progress,
                            cancellationToken));
            }

            if (material.Errors.Count > 0)
            {
                page.Section("Pictures that could not be measured", "They are rows with an error in the records, and count nowhere.",
                    RunDetails.Errors(material));
            }

            page.Section("The run", "All figures are computed from records.csv, and from nothing else.", RunDetails.Table(manifest));
            page.End();
        }

        folder.Complete();
        file.Complete();
        return path;
    }

    /// <summary>The two methods that a report compares, as places in the run's list; null where the run has one method alone.</summary>
    /// <param name="manifest">The run.</param>
    /// <param name="asked">The two that are asked for, by name; null for gradcam++ and gradcam, or the run's first two.</param>
    /// <exception cref="ArgumentException">One that is asked for is not in the run, or is a baseline without maps.</exception>
    public static (int First, int Second)? Pair(RunManifest manifest, (string First, string Second)? asked)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        var names = manifest.Methods.ToList();
        // A baseline has no pictures.
        string[] computed = [.. names.Where(n => CamMethods.All.Any(m => m.Name == n))];
        if (asked is { } two)
            return (Place(two.First), Place(two.Second));
        if (names.Contains("gradcam++") && names.Contains("gradcam"))
            return (names.IndexOf("gradcam++"), names.IndexOf("gradcam"));
        return computed.Length > 1 ? (names.IndexOf(computed[0]), names.IndexOf(computed[1])) : null;

        int Place(string name) => names.IndexOf(computed.FirstOrDefault(n => n.Equals(name, StringComparison.OrdinalIgnoreCase))
            ?? throw new ArgumentException(
                $"The run has no method '{name}' whose pictures could be compared; it has {string.Join(", ", computed)}."));
    }

    // Pictures of another model would stand beside this one's figures.
    private static void Check(RunManifest manifest, PictureExplainer explainer)
    {
        string? difference = !manifest.Model.Is(explainer.Model.ModelName) ? "its file is another one"
            : explainer.Model.Layer.Name != manifest.Model.Layer
                ? $"it explains the layer '{explainer.Model.Layer.Name}', the run '{manifest.Model.Layer}'"
            : PreprocessingIdentity.Of(explainer.Preprocessing).ToJsonString() != manifest.Preprocessing.ToJsonString()
                ? "pictures are prepared for it in another way"
            : null;
        if (difference is not null)
        {
            throw new InvalidDataException($"'{explainer.Model.ModelName}' is not the model of this run: {difference}. " +
                $"Give the options of the run: {manifest.MeasuredBy}");
        }
    }

    // One figure at a time: what is drawn is written and forgotten before the next.
    private static IEnumerable<string> Draw(
        ReportFigures artist, int count, FigureFolder folder, IProgress<int>? progress, CancellationToken cancellationToken)
    {
        var missing = new List<string>();
        foreach (var chosen in artist.Choose(count))
        {
            cancellationToken.ThrowIfCancellationRequested();
            ReportFigure? figure = null;
            try
            {
                figure = artist.Draw(chosen, cancellationToken);
            }
            catch (Exception e) when (e is PictureException or InvalidDataException or IOException or ModelException)
            {
                missing.Add(artist.ReasonOf(e, chosen));
            }

            if (figure is not null)
            {
                folder.Add(figure);
                yield return figure.ToHtml();
            }

            progress?.Report(folder.Count);
        }

        if (missing.Count > 0)
            yield return Note("Not drawn: " + string.Join(" ", missing));
    }

    private static string Note(string text) => $"<p class=\"note\">{ReportPage.Encode(text)}</p>";
}
