using System.Globalization;
using GradCamSharp.Cli.Reporting;

namespace GradCamSharp.Cli.Zoo;

/// <summary>How far a download is, as a <see cref="StatusLine"/>.</summary>
/// <param name="name">What is fetched.</param>
/// <param name="start">How many bytes were there before.</param>
/// <param name="total">How many there will be.</param>
internal sealed class DownloadProgress(string name, long start, long total)
{
    private static readonly TimeSpan Longest = new(23, 59, 59);

    private readonly StatusLine line = new();

    public void Report(long done) => line.Show(elapsed =>
    {
        double rate = (done - start) / elapsed.TotalSeconds;
        var left = TimeSpan.FromSeconds(rate > 0 ? Math.Min((total - done) / rate, Longest.TotalSeconds) : 0);
        return string.Create(CultureInfo.InvariantCulture,
            $"{name}: {done / 1e6:0.0} of {total / 1e6:0.0} MB, {rate / 1e6:0.0} MB/s, {left:hh\\:mm\\:ss} left");
    });

    public void Clear() => line.Clear();
}
