using System.Diagnostics;

namespace GradCamSharp.Cli.Explaining;

/// <summary>How far a long run is, on standard error: one line that is overwritten on a terminal, a line now and then elsewhere.</summary>
internal sealed class ProgressLine(int total, string what)
{
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
        double rate = done / clock.Elapsed.TotalSeconds;
        string line = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{done} of {total} {what}, {rate:0.0} a second, {TimeSpan.FromSeconds((total - done) / rate):mm\\:ss} left");
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
}
