using System.CommandLine;

namespace GradCamSharp.Cli.CommandLine;

/// <summary>Options of commands, in the form that help shows them.</summary>
internal static class CommandOption
{
    /// <summary>An option without a value where it is not given.</summary>
    /// <param name="name">Its name, with its dashes.</param>
    /// <param name="helpName">What help calls its value; null for the option's own name.</param>
    /// <param name="description">What it means, and what holds without it.</param>
    public static Option<T> Of<T>(string name, string? helpName, string description) =>
        new(name) { Description = description, HelpName = helpName };

    /// <summary>An option with a value where it is not given, which help shows.</summary>
    /// <param name="name">Its name, with its dashes.</param>
    /// <param name="helpName">What help calls its value; null for the option's own name.</param>
    /// <param name="value">That value.</param>
    /// <param name="description">What it means.</param>
    public static Option<T> Of<T>(string name, string? helpName, T value, string description) =>
        new(name) { Description = description, HelpName = helpName, DefaultValueFactory = _ => value };

    /// <summary>Where a command writes to: the same two names in every command.</summary>
    /// <param name="helpName">What help calls its value.</param>
    /// <param name="description">What is written, and what holds without the option.</param>
    public static Option<string?> Output(string helpName, string description) =>
        new("--output", "-o") { Description = description, HelpName = helpName };

    /// <summary>The number that is given, or the option's default.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="option">The option.</param>
    /// <param name="least">The least number that it takes.</param>
    /// <param name="most">The largest.</param>
    /// <exception cref="UsageException">It lies outside.</exception>
    public static int Within(ParseResult parsed, Option<int> option, int least, int most = int.MaxValue)
    {
        int value = parsed.GetValue(option);
        string end = most < int.MaxValue ? FormattableString.Invariant($" to {most}") : "";
        return value >= least && value <= most ? value
            : throw new UsageException(FormattableString.Invariant($"{option.Name} takes a number from {least}{end}, not {value}."));
    }
}
