using System.Diagnostics;
using System.Globalization;

namespace GradCamSharp.Cli.Zoo;

/// <summary>How far a download is, on standard error: one line that is overwritten on a terminal, a line now and then elsewhere.</summary>
internal sealed class DownloadProgress(string name, long start, long total)
{
    private readonly Stopwatch clock = Stopwatch.StartNew();
    private readonly bool terminal = !Console.IsErrorRedirected;
    private TimeSpan shown;

    public void Report(long done)
    {
        if (clock.Elapsed - shown < TimeSpan.FromMilliseconds(terminal ? 100 : 5000))
            return;
        shown = clock.Elapsed;
        double rate = (done - start) / clock.Elapsed.TotalSeconds;
        string line = string.Create(CultureInfo.InvariantCulture,
            $"{name}: {done / 1e6:0.0} of {total / 1e6:0.0} MB, {rate / 1e6:0.0} MB/s, {TimeSpan.FromSeconds(rate > 0 ? Math.Min((total - done) / rate, 359_999) : 0):hh\\:mm\\:ss} left");
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
