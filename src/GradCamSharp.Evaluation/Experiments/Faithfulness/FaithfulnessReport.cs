using System.Globalization;
using GradCamSharp.Evaluation.Charts;
using GradCamSharp.Evaluation.Metrics;
using GradCamSharp.Evaluation.Pages;
using static GradCamSharp.Evaluation.Pages.ReportPage;

namespace GradCamSharp.Evaluation.Experiments.Faithfulness;

/// <summary>The sections of a report of faithfulness.</summary>
internal sealed class FaithfulnessReport(FaithfulnessExperiment experiment, ReportMaterial material, FaithfulnessSummary summary)
{
    private static readonly double[] Quarters = [0, 0.25, 0.5, 0.75, 1];

    // Where the data set's own classes are explained, a picture may have several of them.
    private readonly string each = experiment.Classes == ExplainedClasses.Truth ? "pair" : "picture";
    private readonly IReadOnlyList<string> methods = material.Manifest.Methods;

    public void Write(ReportPage page)
    {
        page.Begin(experiment.Title, "How faithful are the maps to the model?", material.ModelName, material.DataName,
            material.Measured(summary) + Pairs());
        if (material.Compared is { } two)
        {
            string first = methods[two.First], second = methods[two.Second];
            var setting = PaperSetting.Of(material.Manifest.Model, material.Manifest.Data);
            page.Section(MethodLook.Title(first) + " against " + MethodLook.Title(second),
                "The class's probability on the explanation map E = L ∘ I, where the map L lets only the evidence " +
                "through, against that on the whole picture. Green: better, and the 95 % interval of the difference does not hold 0.",
                Wide(FaithfulnessTables.Pair(summary, material.Pairs, two, PaperTable.Of(setting, first, second))));
        }

        page.Section("All methods", "Average drop: how much of the probability the explanation map loses. Increase: how often it gains. " +
            "Green: better than every other method, with 95 % confidence.",
            Wide(FaithfulnessTables.Methods(summary, material.Pairs)));
        if (summary.Methods.Count > 2)
        {
            page.Section("Wins",
                $"How often, in percent of the {each}s, the explanation map of the row's method keeps more of the probability " +
                "than that of the column's. Ties count half to each. Coloured where the difference is more than chance (95 %).",
                Wide(FaithfulnessTables.WinsSquare(summary, material.Pairs)));
        }

        if (material.Pairs.Count > 0)
            Drops(page);
        if (material.Compared is { } drawn && material.Pairs.Count > 0)
            Scatter(page, drawn.First, drawn.Second);
    }

    private string Pairs()
    {
        if (experiment.Classes != ExplainedClasses.Truth)
            return "";
        string missed = summary.Missed == 0 ? "" : FormattableString.Invariant(
            $" ({summary.Missed} more {(summary.Missed == 1 ? "is" : "are")} none of the model's)");
        return $"; {Counted.Of(summary.Pairs, "pair")} of a picture and a class that it shows{missed}";
    }

    private void Drops(ReportPage page)
    {
        float[][] drops = [.. methods.Select((_, m) => DropsOf(m))];
        var lines = methods.Select((name, m) => new ChartLine(MethodLook.Title(name), MethodLook.Class(name),
            [.. Enumerable.Range(0, 201).Select(i => (i / 200.0, Share(drops[m], i / 200.0)))])).ToArray();
        var chart = new LineChart($"The share of {each}s over their drop", "drop", $"share of {each}s", 1, 1);
        page.Section("How the drop is distributed",
            $"Left of every point of a line: the share of {each}s that lose at most so much. " +
            "The higher the line, the more faithful the method; the area above it is its average drop.",
            "<div class=\"chart\">",
            chart.Draw(lines, Quarters, Quarters, v => v.ToString("0 %", CultureInfo.InvariantCulture)),
            "</div>",
            "<div class=\"multiples\">",
            string.Concat(methods.Select((name, m) =>
                Histogram.Draw(MethodLook.Title(name), MethodLook.Class(name), drops[m], each))),
            "</div>");
    }

    // The drops of a method, from 0 to 1, ascending.
    private float[] DropsOf(int method)
    {
        float[] drops = [.. material.Pairs.Select(p => (FaithfulnessRow)p.Rows[method])
            .Select(r => (float)ConfidenceDrop.Drop(r.Probability, r.Masked))];
        Array.Sort(drops);
        return drops;
    }

    // The share of sorted values that are at most so large.
    private static double Share(float[] sorted, double most)
    {
        int low = 0, high = sorted.Length;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (sorted[middle] <= (float)most)
                low = middle + 1;
            else
                high = middle;
        }

        return (double)low / sorted.Length;
    }

    private void Scatter(ReportPage page, int first, int second)
    {
        string up = MethodLook.Title(methods[first]), across = MethodLook.Title(methods[second]);
        var points = material.Pairs.Select(p => (p.Of.Picture, Masked(p, second), Masked(p, first)));
        page.Section("Picture by picture",
            $"The probability that each explanation map keeps: a point is a {each}, above the diagonal {up} keeps more.",
            "<div class=\"chart scatter\">", ScatterChart.Draw(across, up, [.. points]), "</div>");

        static double Masked(MeasuredPair pair, int method) => ((FaithfulnessRow)pair.Rows[method]).Masked;
    }
}
