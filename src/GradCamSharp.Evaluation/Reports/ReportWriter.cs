using System.Text;
using System.Text.RegularExpressions;
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
public static partial class ReportWriter
{
    /// <summary>The page's name in the run's folder.</summary>
    public const string PageFile = "report.html";

    /// <summary>The folder of the figures in the run's folder.</summary>
    public const string FiguresFolder = "figures";

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
        var (figures, reason) = Draw(material, options.Figures, explainer, data, progress, cancellationToken);
        var page = new ReportPage();
        manifest.Experiment.Report(page, material, table.Summary());
        if (material.Compared is { } two && (figures.Count > 0 || reason is not null))
        {
            page.Section("Where they differ most",
                $"The pictures with the largest differences {manifest.Experiment.ComparedBy} between " +
                $"{MethodLook.Title(manifest.Methods[two.First])} and {MethodLook.Title(manifest.Methods[two.Second])}.",
                [reason is null ? "" : $"<p class=\"note\">{ReportPage.Encode(reason)}</p>", .. figures.Select(f => f.ToHtml())]);
        }

        if (material.Errors.Count > 0)
        {
            page.Section("Pictures that could not be measured", "They are rows with an error in the records, and count nowhere.",
                RunDetails.Errors(material));
        }

        page.Section("The run", "All figures are computed from records.csv, and from nothing else.", RunDetails.Table(manifest));
        WriteFigures(Path.Combine(table.Folder, FiguresFolder), figures);
        string path = Path.Combine(table.Folder, PageFile);
        AtomicFile.Write(path, Encoding.UTF8.GetBytes(page.End()));
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

    private static (IReadOnlyList<ReportFigure> Figures, string? Reason) Draw(
        ReportMaterial material, int count, PictureExplainer? explainer, DataSet? data, IProgress<int>? progress,
        CancellationToken cancellationToken)
    {
        if (count <= 0 || material.Compared is not { } two || material.Pairs.Count == 0)
            return ([], null);
        if (explainer is null || data is null)
        {
            return ([], "The model or the data were missing when this page was written, so it has no pictures. " +
                "Write it again with both to draw them.");
        }
        var artist = new ReportFigures(explainer, data, material, two.First, two.Second);
        var figures = new List<ReportFigure>();
        var missing = new List<string>();
        foreach (var chosen in ReportFigures.Choose(material, two.First, two.Second, count))
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                figures.Add(artist.Draw(chosen, cancellationToken));
            }
            catch (Exception e) when (e is PictureException or InvalidDataException or IOException or ModelException)
            {
                missing.Add(artist.ReasonOf(e, chosen));
            }

            progress?.Report(figures.Count);
        }

        return (figures, missing.Count == 0 ? null : "Not drawn: " + string.Join(" ", missing));
    }

    private static void WriteFigures(string folder, IReadOnlyList<ReportFigure> figures)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        for (int i = 0; i < figures.Count; i++)
        {
            string name = FormattableString.Invariant(
                $"{i + 1:00}-{Unsafe().Replace(Path.GetFileNameWithoutExtension(figures[i].Name), "_")}.png");
            names.Add(name);
            var panels = figures[i].ToPicture();
            AtomicFile.Write(Path.Combine(folder, name), stream => PictureEncoder.WritePng(panels, stream));
        }

        // What an earlier report has left.
        foreach (string file in Directory.Exists(folder) ? Directory.EnumerateFiles(folder, "*.png").ToArray() : [])
        {
            if (!names.Contains(Path.GetFileName(file)) && Numbered().IsMatch(Path.GetFileName(file)))
                File.Delete(file);
        }
    }

    [GeneratedRegex("[^A-Za-z0-9._-]")]
    private static partial Regex Unsafe();

    [GeneratedRegex(@"^\d{2,}-[A-Za-z0-9._-]*\.png$")]
    private static partial Regex Numbered();
}
