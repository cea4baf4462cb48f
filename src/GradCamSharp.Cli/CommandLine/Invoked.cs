using System.Text.RegularExpressions;

namespace GradCamSharp.Cli.CommandLine;

/// <summary>How the tool was called, so that what messages advise can be typed as it stands.</summary>
internal static partial class Invoked
{
    /// <summary>The environment variable in which the script at the repository's root says how it was called.</summary>
    public const string Variable = "GRADCAM_COMMAND";

    /// <summary>What was typed in front of the command's name: gradcam, or ./gradcam.</summary>
    public static string As => Environment.GetEnvironmentVariable(Variable) is not { Length: > 0 } called ? "gradcam"
        : called.Contains(' ', StringComparison.Ordinal) ? $"'{called}'" : called;

    /// <summary>A text of the library, which knows the tool by its own name alone.</summary>
    public static string InText(string text) => OwnName().Replace(text, As.Replace("$", "$$", StringComparison.Ordinal));

    [GeneratedRegex(
        @"(?<![\w./\\-])gradcam(?= (?:bench|check|concepts|describe|evaluate|explain|export|layers|methods|models|neurons|scenes|serve|" +
        @"study|visualize)\b)")]
    private static partial Regex OwnName();
}
