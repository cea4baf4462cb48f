using GradCamSharp.Evaluation.Baselines;
using GradCamSharp.Evaluation.Experiments.Trust;
using GradCamSharp.Evaluation.Experiments.Trust.Measures;
using GradCamSharp.Evaluation.Metrics;
using GradCamSharp.Evaluation.Records;
using GradCamSharp.Methods;

namespace GradCamSharp.Evaluation.Experiments.Comparing;

/// <summary>The records of a comparison as numbers: what decides, what the gates say, and what else was measured.</summary>
internal sealed class CompareTable
{
    private const int MostApart = 6;

    private readonly CompareExperiment experiment;
    private readonly RunManifest manifest;
    private readonly IReadOnlyList<string> measured;
    private readonly TrustTable deciding, gates, further;
    private readonly List<(int Index, string Picture)> pictures = [];
    private int all, errors;

    private CompareTable(CompareExperiment experiment, RunManifest manifest)
    {
        (this.experiment, this.manifest) = (experiment, manifest);
        measured = experiment.Measured(manifest.Methods);
        deciding = new TrustTable(experiment.Deciding, measured);
        gates = new TrustTable(CompareExperiment.Gates, manifest.Methods);
        further = new TrustTable(experiment.Further, measured);
    }

    /// <summary>Reads the records.</summary>
    public static CompareTable Read(CompareExperiment experiment, RunManifest manifest, IEnumerable<PictureRow> rows)
    {
        var table = new CompareTable(experiment, manifest);
        int last = -1;
        foreach (var row in rows)
        {
            table.all += row.Index != last ? 1 : 0;
            table.errors += row is FailedRow ? 1 : 0;
            last = row.Index;
            if (row is CompareRow own)
                table.Add(own);
        }

        return table;
    }

    /// <summary>What the records say.</summary>
    public CompareSummary Summary()
    {
        var decidingFigures = deciding.Figures(experiment.Seed, Groups(deciding));
        var gateFigures = gates.Figures(experiment.Seed, Groups(gates));
        var furtherFigures = further.Figures(experiment.Seed, Groups(further));
        int centre = measured.ToList().IndexOf(CentreBaseline.Name);
        int[] passing = [.. Enumerable.Range(0, measured.Count).Where(i => !experiment.Beside.Contains(measured[i]))];
        var primary = Means(deciding, experiment.Deciding[0]);
        var second = Means(deciding, experiment.Deciding[1]);
        bool hasCosts = measured.Where(n => !experiment.Beside.Contains(n)).All(experiment.Costs.ContainsKey);
        var specific = gates.Pairs == 0 || manifest.Model.Classes < 2 ? null : Means(gates, new RandomLogitMeasure());
        var found = Recommendation.Of(new Evidence(measured, deciding.Pairs == 0 ? [] : passing, centre, primary, second)
        {
            Specific = specific,
            Mass = experiment.Further.OfType<MassMeasure>().FirstOrDefault() is { } mass && further.Pairs > 0
                ? Means(further, mass) : null,
            Costs = hasCosts ? [.. measured.Select(n => experiment.Costs.GetValueOrDefault(n, double.PositiveInfinity))] : null,
            Default = CamMethods.Default.Name,
        });
        CompareCandidate[] candidates = [.. manifest.Methods.Select((name, place) => Candidate(name, place))];
        CompareCandidate? Named(int? place) => place is { } i ? candidates.First(c => c.Name == measured[i]) : null;
        int? other = found.Answer == CompareAnswer.Disagreement ? found.SecondBest : found.Next;
        return new CompareSummary
        {
            Experiment = experiment,
            Pictures = all - errors,
            Errors = errors,
            Pairs = Math.Max(deciding.Pairs, gates.Pairs),
            Candidates = candidates,
            Answer = found.Answer,
            Recommended = Named(found.Recommended),
            Best = Named(found.Best),
            Next = Named(found.Next),
            SecondBest = Named(found.SecondBest),
            ChosenBy = found.ChosenBy,
            Stability = found.Stability,
            SmallestDifference = found.SmallestDifference,
            PicturesNeeded = found.PicturesNeeded,
            Differences = Differences(primary),
            SecondDifferences = Differences(second),
            IsMoreSpecific = specific is not null && found is { Best: { } first, Next: { } next }
                && !ModelConfidenceSet.Of(specific, [first, next]).Contains(next),
            Apart = found.Best is { } one && other is { } two && two != one ? Apart(one, two) : [],
        };

        IReadOnlyList<CompareDifference> Differences(PairedMeans means) => found.Best is not { } best ? []
            : [.. passing.Where(i => i != best).OrderByDescending(i => primary.Mean(i))
                .Select(i => new CompareDifference(measured[i], means.Interval(best, i)))];

        CompareCandidate Candidate(string name, int place)
        {
            var parsed = MeasuredMethod.Parse(name, takesAll: true);
            int own = measured.ToList().IndexOf(name);
            var figures = new List<FigureMean>();
            if (own >= 0 && deciding.Pairs > 0)
                figures.AddRange(decidingFigures[own].Figures);
            if (gates.Pairs > 0)
                figures.AddRange(gateFigures[place].Figures);
            if (own >= 0 && further.Pairs > 0)
                figures.AddRange(furtherFigures[own].Figures);
            var judged = gates.Pairs == 0 ? null : Gates.Of(gateFigures[place], gates.Pairs, manifest.Model.Classes);
            bool isBaseline = parsed.Method is null;
            return new CompareCandidate(
                name, parsed.Method?.Name ?? name, isBaseline ? null : parsed.Layer ?? manifest.Model.Layer,
                experiment.Same.GetValueOrDefault(name, []),
                // A baseline looks at no network; what it has in common with itself passes for nothing.
                isBaseline && judged is not null ? judged with { Sane = Sanity.No } : judged, figures)
            {
                Empty = gates.Empty(place),
                P = found.P.TryGetValue(own, out double p) ? p : null,
                SecondP = found.SecondP.TryGetValue(own, out double secondP) ? secondP : null,
                Cost = experiment.Costs.TryGetValue(name, out double cost) ? cost : null,
            };
        }
    }

    private void Add(CompareRow row)
    {
        int place = manifest.PlaceOf(row.Of.Method), own = measured.ToList().IndexOf(row.Of.Method);
        int first = experiment.Deciding.Count, after = first + CompareExperiment.Gates.Count;
        if (own >= 0 && row.Scores[0] is not null)
        {
            deciding.Add(own, Part(row, 0, first));
            if (own == 0)
                pictures.Add((row.Index, row.Picture));
        }

        if (!experiment.IsFirst(row.Index))
            return;
        gates.Add(place, Part(row, first, after));
        if (own >= 0 && experiment.Further.Count > 0)
            further.Add(own, Part(row, after, row.Scores.Count));
    }

    private static TrustRow Part(CompareRow row, int from, int to) =>
        new(row.Of, row.Probability, [.. row.Scores.Skip(from).Take(to - from).Select(s => s!)]);

    // The candidates that are measured on, and the baselines; higher is better.
    private PairedMeans Means(TrustTable table, Measure measure)
    {
        var figure = measure.Figures[0];
        double sign = figure.Better == Better.Lower ? -1 : 1;
        bool isGates = table == gates;
        return new PairedMeans(
            [.. measured.Select((name, i) =>
                table.Values(isGates ? manifest.PlaceOf(name) : i, figure.Name).Select(v => sign * v).ToArray())],
            new Bootstrap(table.Pairs, experiment.Seed, groups: Groups(table) ?? table.Pictures));
    }

    private ApartPicture[] Apart(int one, int two)
    {
        var figure = experiment.Deciding[0].Figures[0];
        double[] first = deciding.Values(one, figure.Name), second = deciding.Values(two, figure.Name);
        return [.. pictures.Select((p, i) => new ApartPicture(p.Index, p.Picture, first[i] - second[i]))
            .Where(p => !double.IsNaN(p.Difference)).OrderByDescending(p => Math.Abs(p.Difference)).Take(MostApart)];
    }

    private IReadOnlyList<string>? Groups(TrustTable table) => experiment.Groups(table.Pictures);
}
