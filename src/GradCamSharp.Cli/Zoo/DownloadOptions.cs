namespace GradCamSharp.Cli.Zoo;

/// <summary>Where from, and how patiently.</summary>
internal sealed record DownloadOptions
{
    /// <summary>The address under which the zoo's files lie.</summary>
    public string Address { get; init; } = ModelZoo.Address;

    /// <summary>How long a connection, an answer or the next bytes may take.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How often it is tried, each time from where the last one ended.</summary>
    public int Attempts { get; init; } = 3;
}
