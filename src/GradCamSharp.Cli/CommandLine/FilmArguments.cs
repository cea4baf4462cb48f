using System.CommandLine;
using GradCamSharp.Films;

namespace GradCamSharp.Cli.CommandLine;

/// <summary>The options that say how films are read and drawn.</summary>
internal sealed class FilmArguments
{
    private readonly Option<int?> length = CommandOption.Of<int?>(
        "--clip-length", "N", "Films: how many frames a clip has, where the model leaves it open. Default: what lies beside the " +
            "model, else 16.");

    private readonly Option<int?> stride = CommandOption.Of<int?>(
        "--frame-stride", "N", "Films: every how manieth frame a clip takes. Default: what lies beside the model, else every one.");

    private readonly Option<double> rate = CommandOption.Of<double>(
        "--frame-rate", "X", 10, "Films: how many frames of a folder are shown a second.");

    private readonly Option<int> side = CommandOption.Of<int>(
        "--longest-side", "N", 480, "Films: the longest side of what is drawn, in pixels.");

    /// <param name="command">The command that gets the options.</param>
    public FilmArguments(Command command)
    {
        foreach (var option in (Option[])[length, stride, rate, side])
            command.Options.Add(option);
    }

    /// <summary>The number of frames of a clip; null where it is not given.</summary>
    public int? Length(ParseResult parsed) => Within(parsed, length);

    /// <summary>Every how manieth frame; null where it is not given.</summary>
    public int? Stride(ParseResult parsed) => Within(parsed, stride);

    /// <summary>The longest side of what is drawn.</summary>
    public int LongestSide(ParseResult parsed) => CommandOption.Within(parsed, side, 16, 4096);

    /// <summary>How films are read.</summary>
    public FilmOptions Options(ParseResult parsed) => parsed.GetValue(rate) is > 0 and <= 1000 and var given
        ? new FilmOptions { FramesPerSecond = given }
        : throw new UsageException(FormattableString.Invariant(
            $"--frame-rate takes a number above 0 and at most 1000, not {parsed.GetValue(rate)}."));

    private static int? Within(ParseResult parsed, Option<int?> option) => parsed.GetValue(option) is not { } value ? null
        : value is >= 1 and <= 4096 ? value
        : throw new UsageException(FormattableString.Invariant($"{option.Name} takes a number from 1 to 4096, not {value}."));
}
