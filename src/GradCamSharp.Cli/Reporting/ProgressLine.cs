using System.Globalization;

namespace GradCamSharp.Cli.Reporting;

/// <summary>How many steps of a long run are done, as a <see cref="StatusLine"/>: with a bar on a terminal.</summary>
/// <param name="total">The number of steps; below 2 nothing is shown.</param>
/// <param name="what">What a step is, in the plural.</param>
/// <param name="before">The number of steps that an earlier process has done.</param>
internal sealed class ProgressLine(int total, string what, int before = 0) : IProgress<int>
{
    private const int Cells = 24;

    private readonly Lock gate = new();
    private readonly StatusLine line = new();
    private int done;

    public void Step() => Report(done + 1);

    /// <summary>Tells how many steps this process has done; from any thread, in any order.</summary>
    public void Report(int value)
    {
        lock (gate)
        {
            if (value <= done)
                return;
            done = value;
            if (total > 1)
                line.Show(Text);
        }
    }

    public void Clear() => line.Clear();

    private string Text(TimeSpan elapsed)
    {
        int reached = before + done;
        double rate = done / elapsed.TotalSeconds;
        var left = TimeSpan.FromSeconds(Math.Min((total - reached) / rate, TimeSpan.FromDays(999).TotalSeconds));
        int full = (int)((long)Cells * reached / total);
        string bar = line.IsTerminal ? $"[{new string('#', full)}{new string('.', Cells - full)}] " : "";
        string form = left.TotalDays >= 1 ? @"d\.hh\:mm\:ss" : left.TotalHours >= 1 ? @"h\:mm\:ss" : @"mm\:ss";
        string time = left.ToString(form, CultureInfo.InvariantCulture);
        return string.Create(CultureInfo.InvariantCulture, $"{bar}{reached} of {total} {what}, {rate:0.0} a second, {time} left");
    }
}
