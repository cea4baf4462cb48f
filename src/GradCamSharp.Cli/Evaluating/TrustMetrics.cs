using GradCamSharp.Cli.CommandLine;
using GradCamSharp.Evaluation.Experiments.Trust.Measures;

namespace GradCamSharp.Cli.Evaluating;

/// <summary>The measures of trust that a command takes, by what they are about.</summary>
/// <param name="command">The command's name.</param>
/// <param name="names">The measures' names.</param>
internal sealed class TrustMetrics(string command, params string[] names)
{
    public static TrustMetrics Faithfulness { get; } = new("faithfulness", "road", "mu-fidelity", "adcc", "arcc", "gini");

    public static TrustMetrics Localization { get; } = new("localization", "mass", "maxboxacc", "gini");

    public static TrustMetrics Sanity { get; } =
        new("sanity", "mprt", "smprt", "random-logit", "max-sensitivity", "consistency", "between-pictures", "gini");

    private static readonly TrustMetrics[] All = [Faithfulness, Localization, Sanity];

    /// <summary>The names, for help.</summary>
    public string Names => string.Join(", ", names);

    /// <summary>Reads a list.</summary>
    /// <exception cref="UsageException">One is no measure, is refused, or is another command's.</exception>
    public IReadOnlyList<Measure> Parse(IReadOnlyList<string> list)
    {
        var measures = list.Select(name => UsageException.Check(() => AllMeasures.Find(name))).DistinctBy(m => m.Name).ToList();
        foreach (var measure in measures.Where(m => !names.Contains(m.Name)))
        {
            string other = All.First(c => c.Has(measure)).Command;
            throw new UsageException(
                $"{measure.Title} is not a metric of {command}: {Invoked.As} evaluate {other} --metrics {measure.Name} measures it.");
        }

        return measures;
    }

    private string Command => command;

    private bool Has(Measure measure) => names.Contains(measure.Name);
}
