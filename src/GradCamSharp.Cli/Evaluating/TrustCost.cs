using System.CommandLine;
using System.Globalization;
using GradCamSharp.Cli.CommandLine;
using GradCamSharp.Cli.Reporting;
using GradCamSharp.Evaluation;
using GradCamSharp.Evaluation.Experiments.Trust;
using GradCamSharp.Evaluation.Experiments.Trust.Measures;

namespace GradCamSharp.Cli.Evaluating;

/// <summary>What measures of trust cost: said before a run, and bounded by an option.</summary>
internal sealed class TrustCost
{
    private readonly Option<string?> budget = CommandOption.Of<string?>(
        "--budget", "TIME",
        "Measure as many pictures as fit a time such as 90s, 10m or 2h on this machine, by the measures' cost; drawn by --seed. " +
        "For measures that say their cost.");

    /// <param name="command">The command that gets the option.</param>
    public TrustCost(Command command) => command.Options.Add(budget);

    /// <summary>Whether a budget is given.</summary>
    public bool IsBounded(ParseResult parsed) => parsed.GetValue(budget) is not null;

    /// <summary>The budget; null where none is given.</summary>
    /// <exception cref="UsageException">It is no time.</exception>
    public TimeSpan? Budget(ParseResult parsed) => parsed.GetValue(budget) is { } text ? Time(text) : null;

    /// <summary>A time such as 90s, 10m or 2h.</summary>
    /// <exception cref="UsageException">It is none.</exception>
    public static TimeSpan Time(string text)
    {
        double seconds = text.Length < 2 ? 0 : text[^1] switch { 's' => 1, 'm' => 60, 'h' => 3600, _ => 0 };
        return seconds > 0 && double.TryParse(text[..^1], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double number)
            && number > 0 && number * seconds < 1e7
                ? TimeSpan.FromSeconds(number * seconds)
                : throw new UsageException($"--budget takes a time such as 90s, 10m or 2h, not '{text}'.");
    }

    /// <summary>A time in words: 40 s, 1 min 50 s, 2 h 5 min.</summary>
    public static string Words(TimeSpan time)
    {
        int seconds = (int)Math.Ceiling(time.TotalSeconds);
        return seconds < 60 ? FormattableString.Invariant($"{seconds} s")
            : seconds < 3600 ? FormattableString.Invariant($"{seconds / 60} min{(seconds % 60 > 0 ? $" {seconds % 60} s" : "")}")
            : FormattableString.Invariant($"{seconds / 3600} h{(seconds / 60 % 60 > 0 ? $" {seconds / 60 % 60} min" : "")}");
    }

    /// <summary>Says what a run costs, on standard error.</summary>
    public static void Say(TrustPlan plan, IReadOnlyList<Measure> measures, int pictures, int workers)
    {
        var table = new TextTable("MEASURE", ">PASSES A PICTURE", ">FILLED IN");
        foreach (var measure in measures)
        {
            table.Add(measure.Name, plan.Passes(measure).ToString(CultureInfo.InvariantCulture),
                plan.Imputations(measure).ToString(CultureInfo.InvariantCulture));
        }

        table.Write(Console.Error);
        Console.Error.WriteLine(
            $"{Counted.Of(pictures, "picture")} of {plan.Methods} methods and baselines: about " +
            Words(plan.Run(measures, pictures, workers)));
    }
}
