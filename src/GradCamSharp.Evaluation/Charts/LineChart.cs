namespace GradCamSharp.Evaluation.Charts;

/// <summary>A line of a chart.</summary>
/// <param name="Title">Its name.</param>
/// <param name="Style">The style sheet's class of its colour.</param>
/// <param name="Points">Its points, in the chart's units.</param>
/// <param name="Marks">Single points beside it.</param>
internal sealed record ChartLine(
    string Title, string Style, IReadOnlyList<(double X, double Y)> Points, IReadOnlyList<(double X, double Y)>? Marks = null);

/// <summary>Lines over one axis, each named at its end.</summary>
internal sealed class LineChart(string description, string acrossTitle, string upTitle, double acrossMost, double upMost)
{
    private const double Left = 56, Top = 14, Width = 560, Height = 300, Right = 190, Bottom = 46, LabelGap = 15;

    /// <summary>Draws it.</summary>
    /// <param name="lines">The lines.</param>
    /// <param name="acrossTicks">The places of the ticks across.</param>
    /// <param name="upTicks">The places of the ticks upwards.</param>
    /// <param name="format">What a tick says.</param>
    public string Draw(
        IReadOnlyList<ChartLine> lines, IReadOnlyList<double> acrossTicks, IReadOnlyList<double> upTicks, Func<double, string> format)
    {
        double height = Math.Max(Height, lines.Count * LabelGap);
        var svg = new Svg(Left + Width + Right, Top + height + Bottom, description);
        foreach (double tick in upTicks)
        {
            svg.Line(Left, Y(tick), Left + Width, Y(tick), "grid");
            svg.Text(Left - 8, Y(tick) + 4, format(tick), "end", "tick");
        }

        foreach (double tick in acrossTicks)
        {
            svg.Line(X(tick), Top + height, X(tick), Top + height + 5, "axis");
            svg.Text(X(tick), Top + height + 20, format(tick), "middle", "tick");
        }

        svg.Line(Left, Top + height, Left + Width, Top + height, "axis");
        svg.Text(Left + (Width / 2), Top + height + 40, acrossTitle, "middle");
        svg.Upright(14, Top + (height / 2), upTitle);
        // The first line is drawn last, over the others.
        foreach (var line in lines.Reverse())
        {
            svg.Path(line.Points.Select(p => (X(p.X), Y(p.Y))), "line " + line.Style);
            foreach (var (x, y) in line.Marks ?? [])
                svg.Circle(X(x), Y(y), 4.5, "mark " + line.Style, $"{line.Title}, the paper: {format(y)}");
        }

        foreach (var (line, y) in Labels(lines, Y, height))
        {
            double end = Y(line.Points[^1].Y);
            svg.Path([(Left + Width + 2, end), (Left + Width + 16, y)], "leader " + line.Style);
            svg.Text(Left + Width + 20, y + 4, line.Title, "start", "name " + line.Style);
        }

        return svg.ToString();

        double X(double value) => Left + (Width * value / acrossMost);
        double Y(double value) => Top + (height * (1 - (value / upMost)));
    }

    // Names next to their lines' ends, moved apart where they would overlap: from the top down, then back up from the bottom.
    private static List<(ChartLine Line, double Y)> Labels(IReadOnlyList<ChartLine> lines, Func<double, double> y, double height)
    {
        var labels = lines.Select((line, i) => (Line: line, Y: y(line.Points[^1].Y), Place: i))
            .OrderBy(l => l.Y).ThenBy(l => l.Place).Select(l => (l.Line, l.Y)).ToList();
        for (int i = 0; i < labels.Count; i++)
            labels[i] = (labels[i].Line, Math.Max(labels[i].Y, i == 0 ? Top : labels[i - 1].Y + LabelGap));
        for (int i = labels.Count - 1; i >= 0; i--)
            labels[i] = (labels[i].Line, Math.Min(labels[i].Y, i == labels.Count - 1 ? Top + height : labels[i + 1].Y - LabelGap));
        return labels;
    }
}
