using System.Globalization;
using GradCamSharp.Evaluation.Experiments.Trust;
using GradCamSharp.Evaluation.Experiments.Trust.Measures;
using GradCamSharp.Evaluation.Metrics;
using GradCamSharp.Evaluation.Runs;

namespace GradCamSharp.Benchmarks;

/// <summary>
/// How far a figure that needs no objects orders methods as the objects do. Both orders are taken over the methods on one picture and
/// class.
/// </summary>
/// <param name="Figure">The figure, for example <c>road</c>.</param>
/// <param name="Pairs">The pictures and classes on which both are defined and vary.</param>
/// <param name="OfPicture">
/// Spearman's correlation of the two orders on a picture, the mean over the pictures with its 95 % interval. 1: the figure orders
/// methods as the objects do; 0: it says nothing of them.
/// </param>
/// <param name="OfMeans">Spearman's correlation of the methods' means over the pictures.</param>
internal sealed record MeasureAgreement(string Figure, int Pairs, Interval OfPicture, double? OfMeans)
{
    /// <summary>The figure that is taken for the truth: the share of the map's sum inside the objects of the class.</summary>
    public const string Truth = "mass";

    /// <summary>Compares the figures of runs on the same pictures and network, one of which has measured <see cref="Truth"/>.</summary>
    /// <param name="folders">The runs' folders. The baselines centre and random are left out: every figure tells them from methods.</param>
    public static IReadOnlyList<MeasureAgreement> Of(IEnumerable<string> folders)
    {
        Dictionary<string, (Better Better, Dictionary<(string, long), Dictionary<string, double>> Values)> figures = [];
        foreach (string folder in folders)
        {
            var table = RecordTable.Open(folder);
            var experiment = table.Manifest.Experiment as TrustExperiment
                ?? throw new InvalidDataException($"'{folder}' is no run with measures of trust: evaluate it with --metrics.");
            foreach (var row in table.Rows().OfType<TrustRow>().Where(r => r.Of.Method is not ("centre" or "random")))
            {
                foreach (var (measure, score) in experiment.Measures.Zip(row.Scores))
                {
                    foreach (var figure in measure.Figures)
                    {
                        if ((measure.NeedsObjects && figure.Name != Truth) || figure.Of(score) is not { } value)
                            continue;
                        if (!figures.TryGetValue(figure.Name, out var all))
                            figures[figure.Name] = all = (figure.Better, []);
                        if (!all.Values.TryGetValue((row.Of.Picture, row.Of.Class), out var methods))
                            all.Values[(row.Of.Picture, row.Of.Class)] = methods = [];
                        methods[row.Of.Method] = value;
                    }
                }
            }
        }

        if (!figures.TryGetValue(Truth, out var truth))
            throw new InvalidDataException($"No run has measured {Truth}: give one of gradcam evaluate localization --metrics {Truth}.");
        return
        [
            .. figures.Where(f => f.Key != Truth && f.Value.Better != Better.Neither)
                .Select(f => Compare(f.Key, f.Value.Better == Better.Lower ? -1 : 1, f.Value.Values, truth.Values))
                .OrderByDescending(a => a.OfPicture.Mean),
        ];
    }

    /// <summary>Markdown, a row a figure.</summary>
    public static string Table(IEnumerable<MeasureAgreement> rows) => string.Concat(
    [
        "| figure | pictures | on a picture | of the means |\n|---|---|---|---|\n",
        .. rows.Select(r => string.Create(
            CultureInfo.InvariantCulture,
            $"| {r.Figure} | {r.Pairs} | {r.OfPicture.Mean:f2} ({r.OfPicture.Low:f2} .. {r.OfPicture.High:f2}) | {r.OfMeans:f2} |\n")),
    ]);

    private static MeasureAgreement Compare(
        string name, int sign, Dictionary<(string, long), Dictionary<string, double>> figure,
        Dictionary<(string, long), Dictionary<string, double>> truth)
    {
        List<double> correlations = [];
        Dictionary<string, (double Figure, double Truth, int Count)> sums = [];
        foreach (var (pair, values) in figure.OrderBy(f => f.Key))
        {
            if (!truth.TryGetValue(pair, out var objects))
                continue;
            string[] methods = [.. values.Keys.Where(objects.ContainsKey).Order(StringComparer.Ordinal)];
            double[] own = [.. methods.Select(m => sign * values[m])], wanted = [.. methods.Select(m => objects[m])];
            if (Correlation.Spearman<double>(own, wanted) is not { } correlation)
                continue;
            correlations.Add(correlation);
            foreach (string method in methods)
            {
                var sum = sums.GetValueOrDefault(method);
                sums[method] = (sum.Figure + (sign * values[method]), sum.Truth + objects[method], sum.Count + 1);
            }
        }

        var interval = correlations.Count > 0 ? new Bootstrap(correlations.Count).Intervals([[.. correlations]])[0] : default;
        double[] figures = [.. sums.Values.Select(s => s.Figure / s.Count)], truths = [.. sums.Values.Select(s => s.Truth / s.Count)];
        return new MeasureAgreement(name, correlations.Count, interval, Correlation.Spearman<double>(figures, truths));
    }
}
