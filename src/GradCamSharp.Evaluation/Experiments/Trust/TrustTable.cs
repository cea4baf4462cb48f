using GradCamSharp.Evaluation.Experiments.Trust.Measures;
using GradCamSharp.Evaluation.Metrics;

namespace GradCamSharp.Evaluation.Experiments.Trust;

/// <summary>The figures of a run, map by map: as numbers, where a mean is all that is asked of them.</summary>
internal sealed class TrustTable
{
    private readonly IReadOnlyList<Measure> measures;
    private readonly IReadOnlyList<string> methods;
    private readonly IReadOnlyList<(int Measure, Figure Figure)> figures;
    private readonly List<double>[][] values;
    private readonly List<MeasureScore>[][] whole;
    private readonly List<string> pictures = [];
    private readonly int[] empty;

    public TrustTable(IReadOnlyList<Measure> measures, IReadOnlyList<string> methods)
    {
        (this.measures, this.methods) = (measures, methods);
        figures = [.. measures.SelectMany((m, place) => m.Figures.Select(f => (place, f)))];
        values = [.. methods.Select(_ => figures.Select(_ => new List<double>()).ToArray())];
        whole = [.. methods.Select(_ => figures.Select(_ => new List<MeasureScore>()).ToArray())];
        empty = new int[methods.Count];
    }

    /// <summary>The number of pairs of a picture and a class.</summary>
    public int Pairs => pictures.Count;

    /// <summary>The pictures' ids, pair by pair.</summary>
    public IReadOnlyList<string> Pictures => pictures;

    public void Add(int method, TrustRow row)
    {
        if (method == 0)
            pictures.Add(row.Of.Picture);
        empty[method] += row.Of.IsEmpty ? 1 : 0;
        for (int f = 0; f < figures.Count; f++)
        {
            var (measure, figure) = figures[f];
            if (figure.OfAll is null)
                values[method][f].Add(figure.Of(row.Scores[measure]) ?? double.NaN);
            else
                whole[method][f].Add(row.Scores[measure]);
        }
    }

    /// <summary>A figure pair by pair; NaN where it is undefined.</summary>
    public double[] Values(int method, string figure) =>
        [.. values[method][figures.ToList().FindIndex(f => f.Figure.Name == figure)]];

    /// <summary>How many of a method's maps are empty.</summary>
    public int Empty(int method) => empty[method];

    /// <summary>The means of all figures, with intervals by the same draws for all methods.</summary>
    public IReadOnlyList<MethodFigures> Figures(ulong seed, IReadOnlyList<string>? groups = null)
    {
        // Classes of one picture are drawn together.
        var bootstrap = new Bootstrap(Pairs, seed, groups: groups ?? (IReadOnlyList<string>)pictures);
        int[] plain = [.. figures.Index().Where(f => f.Item.Figure.OfAll is null).Select(f => f.Index)];
        double[][] series = [.. methods.SelectMany((_, m) => plain.Select(f => values[m][f].ToArray()))];
        var intervals = bootstrap.Intervals(series);
        return [.. methods.Select((name, m) => new MethodFigures(name, empty[m], [.. figures.Select((figure, f) =>
            figure.Figure.OfAll is { } all ? Whole(figure, all, whole[m][f], seed, groups)
                : Mean(figure, series[(m * plain.Length) + Array.IndexOf(plain, f)],
                    intervals[(m * plain.Length) + Array.IndexOf(plain, f)]))]))];
    }

    private FigureMean Mean((int Measure, Figure Figure) of, double[] own, Interval interval) => new(
        measures[of.Measure].Name, of.Figure.Name, of.Figure.Better, interval.Mean, interval.Low, interval.High,
        own.Count(double.IsNaN));

    // A figure that is no mean is computed anew of every draw.
    private FigureMean Whole(
        (int Measure, Figure Figure) of, Func<IReadOnlyList<MeasureScore>, double?> all, List<MeasureScore> scores, ulong seed,
        IReadOnlyList<string>? groups)
    {
        const int Draws = 1000;
        var bootstrap = new Bootstrap(Pairs, seed, Draws, groups ?? pictures);
        double[] draws = new double[bootstrap.Draws];
        Parallel.For(0, draws.Length, draw =>
            draws[draw] = all([.. bootstrap.Pictures(draw).Select(i => scores[i])]) ?? double.NaN);
        var interval = Bootstrap.Of(all(scores) ?? double.NaN, draws);
        int undefined = scores.Count(s => all([s]) is null);
        return new FigureMean(
            measures[of.Measure].Name, of.Figure.Name, of.Figure.Better, interval.Mean, interval.Low, interval.High, undefined);
    }
}
