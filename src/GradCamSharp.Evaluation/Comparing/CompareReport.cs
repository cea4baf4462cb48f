using System.Globalization;
using System.Text;
using GradCamSharp.Evaluation.DataSets;
using GradCamSharp.Evaluation.Experiments;
using GradCamSharp.Evaluation.Experiments.Comparing;
using GradCamSharp.Evaluation.Experiments.Trust.Measures;
using GradCamSharp.Evaluation.Experiments.Trust.Measuring;
using GradCamSharp.Evaluation.Metrics;
using GradCamSharp.Evaluation.Pages;
using GradCamSharp.Evaluation.Reports;
using GradCamSharp.Evaluation.Runs;
using GradCamSharp.Imaging;
using GradCamSharp.Output;
using GradCamSharp.Targets;
using OnnxGrad;
using static GradCamSharp.Evaluation.Pages.ReportPage;

namespace GradCamSharp.Evaluation.Comparing;

/// <summary>
/// Writes a comparison's report: one page without script or network. It has the answer, the table, how far the best is ahead, the curves of
/// ROAD, the pictures on which the first two differ most, what weights in random order do to maps, and what every column cannot say.
/// </summary>
public static class CompareReport
{
    private const int LongestSide = 480;

    /// <summary>Writes report.html into a comparison's folder. The same run gives the same bytes.</summary>
    /// <param name="table">The run.</param>
    /// <param name="explainer">The model, which draws the pictures; null for none. The caller disposes it.</param>
    /// <param name="data">The run's data set; null for no pictures.</param>
    /// <param name="progress">Told the number of figures that are drawn.</param>
    /// <param name="cancellationToken">Stops between two figures; nothing is written then.</param>
    /// <returns>The page's path.</returns>
    /// <exception cref="ArgumentException">The run is no comparison.</exception>
    /// <exception cref="InvalidDataException">The records are damaged.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static string Write(
        RecordTable table, PictureExplainer? explainer = null, DataSet? data = null, IProgress<int>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(table);
        if (table.Manifest.Experiment is not CompareExperiment experiment)
            throw new ArgumentException($"'{table.Folder}' is no comparison.", nameof(table));
        var material = new ReportMaterial(table.Manifest, table.Expected, null, table.Rows());
        var summary = (CompareSummary)table.Summary();
        var sections = new CompareSections(experiment, summary);
        string path = Path.Combine(table.Folder, ReportWriter.PageFile);
        AtomicFile.RemoveTorn(path);
        using var file = new PendingFile(path);
        using (var html = new StreamWriter(file.Content, new UTF8Encoding(false), leaveOpen: true))
        {
            var page = new ReportPage(new HtmlWriter(html));
            sections.Write(page, material);
            if (explainer is not null && data is not null && summary.Best is not null)
                new Figures(experiment, summary, material, explainer, data, progress, cancellationToken).Write(page);
            sections.WriteLimits(page);
            if (material.Errors.Count > 0)
            {
                page.Section("Pictures that could not be measured", "They are rows with an error in the records, and count nowhere.",
                    RunDetails.Errors(material));
            }

            page.Section("The run", "All figures are computed from records.csv, and from nothing else.", RunDetails.Table(table.Manifest));
            page.End();
        }

        file.Complete();
        return path;
    }

    /// <summary>Draws pictures with the maps of the first two candidates.</summary>
    private sealed class Figures
    {
        private readonly CompareExperiment experiment;
        private readonly CompareSummary summary;
        private readonly ReportMaterial material;
        private readonly PictureExplainer explainer;
        private readonly DataSet data;
        private readonly IProgress<int>? progress;
        private readonly CancellationToken cancellationToken;
        private readonly CompareCandidate[] two;
        private readonly Passes passes;
        private int drawn;

        public Figures(
            CompareExperiment experiment, CompareSummary summary, ReportMaterial material, PictureExplainer explainer, DataSet data,
            IProgress<int>? progress, CancellationToken cancellationToken)
        {
            (this.experiment, this.summary, this.material, this.explainer, this.data) = (experiment, summary, material, explainer, data);
            (this.progress, this.cancellationToken) = (progress, cancellationToken);
            var other = summary.Answer == CompareAnswer.Disagreement ? summary.SecondBest : summary.Next;
            two = [.. ((CompareCandidate?[])[summary.Best, other]).OfType<CompareCandidate>().DistinctBy(c => c.Name)];
            passes = new Passes(explainer.Model, new MeasuredMethods([.. two.Select(c => c.Name)], takesAll: true), cancellationToken);
        }

        public void Write(ReportPage page)
        {
            if (two.Length == 2 && summary.Apart.Count > 0)
            {
                page.Section("Where they differ most",
                    $"The pictures with the largest differences of {experiment.Deciding[0].Title} between {summary.Call(two[0])} and " +
                    $"{summary.Call(two[1])}. Each has its number in records.csv.", summary.Apart.Select(Different));
            }

            page.Section("What random weights do to the maps",
                "The same picture, explained by the network as it is, then with the weights of its last quarter, half, three quarters " +
                "and all of its layers in random order. A map that stays the same shows nothing that the network has learned.",
                two.Select(Cascade));
        }

        private string Different(ApartPicture apart)
        {
            var pair = material.Pairs.First(p => p.Of.Index == apart.Index);
            return Try(apart.Picture, (picture, prepared) =>
            {
                var maps = Explain(explainer.Model, prepared, pair.Of.Class);
                var panels = new List<(string, string, Picture)> { ("Picture", "", Small(picture)) };
                foreach (var (candidate, map) in two.Zip(maps))
                {
                    double? value = Score(pair, candidate) is { } score ? experiment.Deciding[0].Figures[0].Of(score) : null;
                    panels.Add((summary.Call(candidate), FormattableString.Invariant($"{experiment.Deciding[0].Title} {value:0.00}"),
                        Small(Rendering.Overlay(picture, map))));
                }

                string what = FormattableString.Invariant($"{apart.Index}: {pair.Of.Label.Split(',')[0]}");
                return new ReportFigure(apart.Picture, what, panels).ToHtml() + Steps(pair);
            });
        }

        // O while pixels are removed, where ROAD decides.
        private string Steps(MeasuredPair pair)
        {
            var scores = two.Select(c => (Candidate: c, Score: Score(pair, c) as RoadScore)).Where(s => s.Score is not null).ToArray();
            if (scores.Length == 0)
                return "";
            var html = new StringBuilder("<div class=\"wide\"><table><thead><tr><th>probability with pixels removed</th>");
            foreach (int p in Road.Percentages)
                html.Append(CultureInfo.InvariantCulture, $"<th>{p} %</th>");
            html.Append("</tr></thead><tbody>");
            foreach (var (candidate, score) in scores)
            {
                Row($"{summary.Call(candidate)}, most evidence first", score!.Morf);
                Row($"{summary.Call(candidate)}, least evidence first", score.Lerf);
            }

            return html.Append("</tbody></table></div>\n").ToString();

            void Row(string name, IReadOnlyList<double> values)
            {
                html.Append($"<tr><th>{Encode(name)}</th>");
                foreach (double value in values)
                    html.Append(CultureInfo.InvariantCulture, $"<td>{value:0.00}</td>");
                html.Append("</tr>");
            }
        }

        private string Cascade(CompareCandidate candidate)
        {
            var pair = material.Pairs.FirstOrDefault(p => experiment.IsFirst(p.Of.Index));
            int place = Array.IndexOf(two, candidate);
            return pair is null ? "" : Try(pair.Of.Picture, (picture, prepared) =>
            {
                var panels = new List<(string, string, Picture)>
                {
                    ("as it is", "", Small(Rendering.Overlay(picture, Explain(explainer.Model, prepared, pair.Of.Class)[place]))),
                };
                foreach (double share in Randomisation.Stages)
                {
                    var map = Explain(explainer.Model.Randomised(Randomisation.Seeds[0], share), prepared, pair.Of.Class)[place];
                    panels.Add((string.Create(CultureInfo.InvariantCulture, $"{share:0 %} in random order"), map.IsEmpty ? "empty" : "",
                        Small(Rendering.Overlay(picture, map))));
                }

                return new ReportFigure(pair.Of.Picture, summary.Call(candidate), panels).ToHtml();
            });
        }

        private static MeasureScore? Score(MeasuredPair pair, CompareCandidate candidate) =>
            ((CompareRow)pair.Rows.First(r => r.Of.Method == candidate.Name)).Scores[0];

        private HeatMap[] Explain(Explainer network, PreparedPicture prepared, long @class)
        {
            float[] input = new float[passes.Length];
            prepared.WriteTo(input, explainer.Channels, explainer.Model.Input.IsChannelsLast);
            float[] planes = passes.ToPlanes(input);
            var maps = passes.Explain(network, 1, (_, target) => planes.CopyTo(target), [ClassRequest.Index(@class)], prepared.Geometry);
            return [.. maps.Maps.Select(m => m![0][0])];
        }

        // One figure at a time: what is drawn is written and forgotten before the next.
        private string Try(string id, Func<Picture, PreparedPicture, string> draw)
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                var source = data.Pictures.FirstOrDefault(p => p.Id == id)
                    ?? throw new InvalidDataException($"The data set has no picture '{id}' any more.");
                return draw(PictureDecoder.Decode(source.Path), explainer.Preprocessing.Prepare(source.Path));
            }
            catch (Exception e) when (e is PictureException or InvalidDataException or IOException or ModelException)
            {
                return $"<p class=\"note\">{Encode($"Not drawn: {id}.")}</p>";
            }
            finally
            {
                progress?.Report(++drawn);
            }
        }

        private static Picture Small(Picture picture) => Resampling.Fit(picture, LongestSide);
    }
}
