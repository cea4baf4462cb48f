namespace GradCamSharp.Benchmarks.Acceptance;

/// <summary>A command that is killed at random moments.</summary>
/// <param name="Name">What the table calls it.</param>
/// <param name="Prepare">Makes a new folder ready for it: what is there before it begins.</param>
/// <param name="Arguments">Its command line in a folder; the same one goes on where an earlier one was killed.</param>
/// <param name="Result">What it makes, a file or a folder.</param>
internal sealed record KilledCommand(
    string Name, Action<string> Prepare, Func<string, string[]> Arguments, Func<string, string> Result)
{
    /// <summary>The program that is killed.</summary>
    public Tool Program { get; init; } = Tool.Usual;

    /// <summary>A file that must always be whole: as it was before, or as it is in the end; null for none.</summary>
    public Func<string, string>? WholeFile { get; init; }

    /// <summary>A file that grows by rows, of which none that is whole may get lost for good; null for none.</summary>
    public Func<string, string>? Rows { get; init; }

    /// <summary>A variable of the process that holds the folder; null for none.</summary>
    public string? FolderVariable { get; init; }
}
