using System.CommandLine;
using GradCamSharp.Cli.CommandLine;

namespace GradCamSharp.Cli.Evaluating;

/// <summary>In which form a run's records are written, as an option of a command.</summary>
internal sealed class RecordsFormat
{
    private readonly Option<string> format = CommandOption.Of<string>(
        "--format", "F", "csv", "csv, or parquet for records.parquet beside records.csv.");

    /// <param name="command">The command that gets the option.</param>
    public RecordsFormat(Command command) => command.Options.Add(format);

    /// <summary>Whether Parquet is asked for.</summary>
    /// <exception cref="UsageException">There is no such format.</exception>
    public bool IsParquet(ParseResult parsed) => parsed.GetValue(format)!.ToUpperInvariant() switch
    {
        "CSV" => false,
        "PARQUET" => true,
        _ => throw new UsageException($"--format takes csv or parquet, not '{parsed.GetValue(format)}'."),
    };
}
