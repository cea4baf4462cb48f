using System.Globalization;
using GradCamSharp.Cli.Reporting;
using GradCamSharp.Evaluation;
using GradCamSharp.Evaluation.Experiments.Trust;
using GradCamSharp.Evaluation.Experiments.Trust.Measures;

namespace GradCamSharp.Cli.Evaluating;

/// <summary>A summary of trust as a table: a row a method, the baselines last.</summary>
internal static class TrustOutput
{
    public static void Write(TextWriter output, TrustSummary summary)
    {
        output.WriteLine(string.Join(", ", Counted.Of(summary.Pictures, "picture"),
            Counted.Of(summary.Pairs, "class", "classes") + " explained", Counted.Of(summary.Errors, "error")));
        if (summary.Missed > 0)
            output.WriteLine($"({Counted.Of(summary.Missed, "more class", "more classes")}, not among the model's top 5, not counted)");
        if (summary.Pairs == 0)
            return;
        output.WriteLine();
        var figures = summary.Methods[0].Figures;
        // Few columns fit a terminal: one figure a line of the heading, and each with its interval.
        foreach (var measure in figures.GroupBy(f => f.Measure))
        {
            var table = new TextTable(
                ["METHOD", .. measure.Select(f => ">" + f.Figure.ToUpperInvariant().Replace('_', ' ') + Mark(f.Better)), ">EMPTY MAPS"]);
            foreach (var method in summary.Methods)
            {
                table.Add([method.Method, .. measure.Select(f => Text(method[f.Figure]!)),
                    method.Empty.ToString(CultureInfo.InvariantCulture)]);
            }

            table.Write(output);
            output.WriteLine();
        }

        output.WriteLine("(+ higher is better, - lower is better; in brackets the 95 % interval, by bootstrap over the pictures)");
    }

    private static string Mark(Better better) => better switch { Better.Higher => " +", Better.Lower => " -", _ => "" };

    private static string Text(FigureMean figure)
    {
        string undefined = figure.Undefined > 0 ? FormattableString.Invariant($" {figure.Undefined} undefined") : "";
        return figure.Mean is not { } mean ? $"none{undefined}"
            : string.Create(CultureInfo.InvariantCulture, $"{mean:0.000} ({figure.Low:0.00} .. {figure.High:0.00}){undefined}");
    }
}
