using System.Globalization;

namespace GradCamSharp.Evaluation.Charts;

/// <summary>Pictures as points: what one method keeps of the probability over what another keeps.</summary>
internal static class ScatterChart
{
    private const int MostPoints = 2000;
    private const double Left = 56, Top = 14, Side = 340, Bottom = 46;

    /// <summary>Draws it.</summary>
    /// <param name="across">The method of the horizontal axis.</param>
    /// <param name="up">The method of the vertical axis.</param>
    /// <param name="points">
    /// For each picture its name, its value across and its value upwards, from 0 to 1; of very many every n-th is drawn.
    /// </param>
    public static string Draw(string across, string up, IReadOnlyList<(string Name, double X, double Y)> points)
    {
        var svg = new Svg(Left + Side + 16, Top + Side + Bottom,
            $"Probability kept by {up} over probability kept by {across}, a point a picture");
        foreach (double tick in (ReadOnlySpan<double>)[0, 0.25, 0.5, 0.75, 1])
        {
            string text = tick.ToString("0.##", CultureInfo.InvariantCulture);
            svg.Line(Left, Y(tick), Left + Side, Y(tick), "grid");
            svg.Line(X(tick), Top, X(tick), Top + Side, "grid");
            svg.Text(Left - 8, Y(tick) + 4, text, "end", "tick");
            svg.Text(X(tick), Top + Side + 18, text, "middle", "tick");
        }

        svg.Line(Left, Top + Side, Left + Side, Top, "diagonal");
        int step = (points.Count + MostPoints - 1) / Math.Max(MostPoints, 1);
        for (int i = 0; i < points.Count; i += Math.Max(step, 1))
        {
            var (name, x, y) = points[i];
            svg.Circle(X(x), Y(y), 3, y > x ? "dot over" : x > y ? "dot under" : "dot",
                string.Create(CultureInfo.InvariantCulture, $"{name}: {x:0.000}, {y:0.000}"));
        }

        svg.Text(Left + 10, Top + 18, $"{up} keeps more", "start", "note");
        svg.Text(Left + Side - 10, Top + Side - 10, $"{across} keeps more", "end", "note");
        svg.Text(Left + (Side / 2), Top + Side + 40, across, "middle");
        svg.Upright(14, Top + (Side / 2), up);
        return svg.ToString();

        static double X(double value) => Left + (Side * value);
        static double Y(double value) => Top + (Side * (1 - value));
    }
}
