namespace GradCamSharp.Evaluation.Charts;

/// <summary>A row of a chart of intervals.</summary>
/// <param name="Title">Its name.</param>
/// <param name="Style">The style sheet's class of its colour.</param>
/// <param name="Mean">Where its point lies.</param>
/// <param name="Low">Where its interval begins.</param>
/// <param name="High">Where it ends.</param>
internal sealed record ChartInterval(string Title, string Style, double Mean, double Low, double High);

/// <summary>Means with their intervals, a row each, over one axis on which 0 is marked.</summary>
internal static class IntervalChart
{
    private const double Left = 210, Top = 10, Width = 520, Row = 30, Bottom = 46;

    /// <summary>Draws it.</summary>
    /// <param name="description">What it shows.</param>
    /// <param name="axis">What the axis measures.</param>
    /// <param name="rows">The rows; at least one.</param>
    public static string Draw(string description, string axis, IReadOnlyList<ChartInterval> rows)
    {
        double least = Math.Min(0, rows.Min(r => r.Low)), most = Math.Max(0, rows.Max(r => r.High));
        double step = Step(most - least), from = Math.Floor(least / step) * step;
        double to = Math.Max(Math.Ceiling(most / step) * step, from + step);
        double height = rows.Count * Row;
        var svg = new Svg(Left + Width + 20, Top + height + Bottom, description);
        for (double tick = from; tick <= to + (step / 2); tick += step)
        {
            svg.Line(X(tick), Top, X(tick), Top + height, "grid");
            svg.Text(X(tick), Top + height + 18, Svg.Number(tick), "middle", "tick");
        }

        svg.Line(X(0), Top, X(0), Top + height, "diagonal");
        svg.Text(Left + (Width / 2), Top + height + 38, axis, "middle");
        foreach (var (place, row) in rows.Index())
        {
            double y = Top + (Row * (place + 0.5));
            svg.Text(Left - 12, y + 4, row.Title, "end", "name " + row.Style);
            svg.Path([(X(row.Low), y), (X(row.High), y)], "line " + row.Style);
            svg.Circle(X(row.Mean), y, 5, "mark " + row.Style, FormattableString.Invariant(
                $"{row.Title}: {row.Mean:0.000} ({row.Low:0.000} to {row.High:0.000})"));
        }

        return svg.ToString();

        double X(double value) => Left + (Width * (value - from) / (to - from));
    }

    // 1, 2 or 5 times a power of ten, so that there are some five ticks.
    private static double Step(double range)
    {
        if (!(range > 0))
            return 0.1;
        double power = Math.Pow(10, Math.Floor(Math.Log10(range / 4)));
        double times = range / 4 / power;
        return power * (times <= 1 ? 1 : times <= 2 ? 2 : times <= 5 ? 5 : 10);
    }
}
