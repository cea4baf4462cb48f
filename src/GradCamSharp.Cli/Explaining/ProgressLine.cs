using System.Diagnostics;
using System.Globalization;

namespace GradCamSharp.Cli.Explaining;

/// <summary>How far a long run is, on standard error: a bar that is redrawn on a terminal, a line now and then elsewhere.</summary>
/// <param name="total">The number of steps.</param>
/// <param name="what">What a step is, in the plural.</param>
/// <param name="before">The number of steps that an earlier process has done.</param>
internal sealed class ProgressLine(int total, string what, int before = 0)
{
    private const int Cells = 24;

    private readonly Stopwatch clock = Stopwatch.StartNew();
    private readonly bool terminal = !Console.IsErrorRedirected;
    private TimeSpan shown;
    private int done;

    public void Step()
    {
        done++;
        if (total < 2 || (clock.Elapsed - shown < TimeSpan.FromMilliseconds(terminal ? 100 : 5000)))
            return;
        shown = clock.Elapsed;
        string line = Text(clock.Elapsed);
        if (terminal)
            Console.Error.Write($"\r{line}\u001b[K");
        else
            Console.Error.WriteLine(line);
    }

    public void Clear()
    {
        if (terminal && shown > TimeSpan.Zero)
            Console.Error.Write("\r\u001b[K");
    }

    /// <summary>The line after a time.</summary>
    internal string Text(TimeSpan elapsed)
    {
        int reached = before + done;
        double rate = done / elapsed.TotalSeconds;
        var left = TimeSpan.FromSeconds(Math.Min((total - reached) / rate, TimeSpan.FromDays(999).TotalSeconds));
        int full = (int)((long)Cells * reached / total);
        string bar = terminal ? $"[{new string('#', full)}{new string('.', Cells - full)}] " : "";
        string time =
            left.ToString(left.TotalDays >= 1 ? @"d\.hh\:mm\:ss" : left.TotalHours >= 1 ? @"h\:mm\:ss" : @"mm\:ss",
            CultureInfo.InvariantCulture);
        return string.Create(CultureInfo.InvariantCulture, $"{bar}{reached} of {total} {what}, {rate:0.0} a second, {time} left");
    }
}
