using System.CommandLine;
using System.CommandLine.Parsing;

namespace GradCamSharp.Cli.CommandLine;

/// <summary>Commands and options that do not exist. The parser takes such an option for a picture, or for another option's value.</summary>
internal static class Mistyped
{
    /// <summary>A message for each; none where all exist.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="args">It, as it was given.</param>
    public static IReadOnlyList<string> In(ParseResult parsed, string[] args)
    {
        var result = parsed.CommandResult;
        var command = result.Command;
        if (command.Subcommands.Count > 0 && parsed.UnmatchedTokens.FirstOrDefault(t => !IsOption(t)) is { } verb)
        {
            string above = string.Concat(CommandRun.Verbs(result).Select(v => v + " "));
            var question = Suggestion.For(verb, command.Subcommands.Select(c => c.Name), above);
            return [$"There is no command '{above}{verb}'.{question}"];
        }

        string[] options = [.. Options(result)];
        var values = Chain(result).SelectMany(c => c.Children).OfType<OptionResult>().SelectMany(o => o.Tokens).ToList();
        // Behind -- there are no options.
        return [.. parsed.Tokens.TakeWhile(t => t.Type != TokenType.DoubleDash)
            .Where(t => t.Type == TokenType.Argument && IsOption(t.Value))
            // The value of an option may begin with one dash, as a negative number does; with two only behind =.
            .Where(t => !values.Any(v => ReferenceEquals(v, t))
                || (t.Value.StartsWith("--", StringComparison.Ordinal) && args.Contains(t.Value)))
            .Select(t => Message(t.Value, options)).Distinct()];
    }

    private static bool IsOption(string text) => text.Length > 1 && text[0] == '-';

    private static string Message(string given, string[] options)
    {
        string name = given.Split('=')[0];
        string file = File.Exists(given) ? $" A file of that name is given as ./{given}." : "";
        return $"There is no option '{name}'.{Suggestion.For(name, options)}{file}";
    }

    private static IEnumerable<string> Options(CommandResult result) => Chain(result)
        .SelectMany(c => c.Command.Options.Where(o => !o.Hidden && (o.Recursive || c == result)))
        .SelectMany(o => o.Aliases.Append(o.Name)).Where(n => n[0] == '-');

    private static IEnumerable<CommandResult> Chain(CommandResult result) =>
        result.Parent is CommandResult above ? Chain(above).Prepend(result) : [result];
}
