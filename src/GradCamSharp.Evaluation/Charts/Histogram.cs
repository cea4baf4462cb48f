using System.Globalization;

namespace GradCamSharp.Evaluation.Charts;

/// <summary>How values from 0 to 1 are distributed, small enough to stand beside others.</summary>
internal static class Histogram
{
    private const int Bins = 20;
    private const double Left = 6, Top = 36, Width = 228, Height = 84, Bottom = 22;

    /// <summary>Draws it.</summary>
    /// <param name="title">Its name.</param>
    /// <param name="style">The style sheet's class of its colour.</param>
    /// <param name="values">The values, from 0 to 1.</param>
    /// <param name="each">What has a value: a picture, or a pair of a picture and a class.</param>
    public static string Draw(string title, string style, ReadOnlySpan<float> values, string each)
    {
        int[] counts = new int[Bins];
        double sum = 0;
        foreach (float value in values)
        {
            counts[Math.Min((int)(value * Bins), Bins - 1)]++;
            sum += value;
        }

        double mean = values.IsEmpty ? 0 : sum / values.Length;
        int most = Math.Max(counts.Max(), 1);
        var svg = new Svg(Left + Width + 6, Top + Height + Bottom, $"Distribution of the drop of {title}");
        svg.Text(Left, 13, title, "start", "head");
        for (int i = 0; i < Bins; i++)
        {
            double share = (double)counts[i] / Math.Max(values.Length, 1), height = Height * counts[i] / most;
            string what = string.Create(CultureInfo.InvariantCulture,
                $"drop of {5 * i} to {5 * (i + 1)} %: {100 * share:0.0} % of the {each}s");
            svg.Rectangle(Left + (Width * i / Bins) + 0.75, Top + Height - height, (Width / Bins) - 1.5, height, "bar " + style, what);
        }

        svg.Line(Left, Top + Height, Left + Width, Top + Height, "axis");
        double at = Left + (Width * mean);
        // Above the bars, the tallest of which would lie under it.
        svg.Line(at, Top - 14, at, Top + Height, "mean");
        string caption = string.Create(CultureInfo.InvariantCulture, $"mean {100 * mean:0.0} %");
        svg.Text(mean > 0.5 ? at - 4 : at + 4, Top - 5, caption, mean > 0.5 ? "end" : "start", "tick");
        svg.Text(Left, Top + Height + 16, "0", "start", "tick");
        svg.Text(Left + (Width / 2), Top + Height + 16, "50", "middle", "tick");
        svg.Text(Left + Width, Top + Height + 16, "100 %", "end", "tick");
        return svg.ToString();
    }
}
