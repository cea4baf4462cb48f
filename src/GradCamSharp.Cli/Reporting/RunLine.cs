using System.Globalization;
using GradCamSharp.Runs;

namespace GradCamSharp.Cli.Reporting;

/// <summary>How many runs of a method that needs many are done, as a <see cref="StatusLine"/>; a single run shows nothing.</summary>
internal sealed class RunLine : IProgress<RunProgress>
{
    private readonly StatusLine line = new();

    public void Report(RunProgress value)
    {
        if (value.Total > 1)
            line.Show(_ => string.Create(CultureInfo.InvariantCulture, $"  {value.Done} of {value.Total} runs"));
    }

    public void Clear() => line.Clear();
}
