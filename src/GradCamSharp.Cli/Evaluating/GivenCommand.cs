using System.CommandLine;

namespace GradCamSharp.Cli.Evaluating;

/// <summary>The command line as it was given, for the manifest of what it makes.</summary>
internal static class GivenCommand
{
    private const string Plain = "-_./=,+:@%";

    /// <summary>Its text, quoted where a shell would read it otherwise.</summary>
    public static string Text(ParseResult parsed) => string.Join(' ', ["gradcam", .. parsed.Tokens.Select(token => Quoted(token.Value))]);

    private static string Quoted(string text) =>
        text.Length > 0 && text.All(c => char.IsAsciiLetterOrDigit(c) || Plain.Contains(c, StringComparison.Ordinal)) ? text
        : $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
