using System.Diagnostics;

namespace GradCamSharp.Cli.Reporting;

/// <summary>How far something is, on standard error: one line that is redrawn on a terminal, a line now and then elsewhere.</summary>
internal sealed class StatusLine
{
    private readonly Stopwatch clock = Stopwatch.StartNew();
    private readonly TimeSpan pause;
    private TimeSpan shown;

    public StatusLine() => pause = TimeSpan.FromMilliseconds(IsTerminal ? 100 : 5000);

    /// <summary>Whether somebody watches; else it goes to a file or another program.</summary>
    public bool IsTerminal { get; } = !Console.IsErrorRedirected;

    /// <summary>Shows a line, unless the last one is too fresh.</summary>
    /// <param name="text">Makes the line; it is given the time since the start.</param>
    public void Show(Func<TimeSpan, string> text)
    {
        var now = clock.Elapsed;
        if (now - shown < pause)
            return;
        shown = now;
        if (IsTerminal)
            Console.Error.Write($"\r{text(now)}\u001b[K");
        else
            Console.Error.WriteLine(text(now));
    }

    /// <summary>Takes the line off the terminal, to make room for other lines.</summary>
    public void Clear()
    {
        if (IsTerminal && shown > TimeSpan.Zero)
            Console.Error.Write("\r\u001b[K");
    }
}
