using System.Collections.Concurrent;
using System.Diagnostics;
using GradCamSharp.Runs;
using GradCamSharp.Web.Hosting;
using Microsoft.AspNetCore.Http;

namespace GradCamSharp.Web.Serving;

/// <summary>
/// Requests that their callers want to hear of while they run, and to stop: each under a name that its caller made up. It is also what
/// explainers tell their progress to, from the thread that runs.
/// </summary>
internal sealed class RunsUnderWay : IProgress<RunProgress>
{
    private const int ShortestName = 16, LongestName = 64;
    private const int MostRuns = 1024;

    private readonly ConcurrentDictionary<string, RunUnderWay> runs = new(StringComparer.Ordinal);
    private readonly AsyncLocal<RunUnderWay?> current = new();

    /// <summary>Begins a run.</summary>
    /// <param name="name">What its caller calls it; null of a caller who does not ask.</param>
    /// <param name="planned">How many runs of the network it takes, as far as that is known.</param>
    /// <param name="gone">The caller has gone.</param>
    /// <returns>The run; the caller disposes it when it has ended.</returns>
    /// <exception cref="RefusedException">The name is none, or another run has it.</exception>
    public RunUnderWay Begin(string? name, long planned, CancellationToken gone)
    {
        var run = new RunUnderWay(planned, r => End(name, r), gone);
        try
        {
            if (name is not null)
                Add(name, run);
        }
        catch
        {
            run.Dispose();
            throw;
        }

        current.Value = run;
        return run;
    }

    /// <summary>A run that has begun and has not ended.</summary>
    /// <exception cref="RefusedException">There is none of that name.</exception>
    public RunUnderWay Find(string name) => runs.TryGetValue(name, out var run) ? run
        : throw new RefusedException(StatusCodes.Status404NotFound, "No such run is under way: it has ended, or it never began.");

    /// <inheritdoc/>
    public void Report(RunProgress value) => current.Value?.Report(value);

    private void Add(string name, RunUnderWay run)
    {
        if (name.Length is < ShortestName or > LongestName || !name.All(c => char.IsAsciiLetterOrDigit(c) || c == '-'))
        {
            throw RefusedException.BadRequest(
                $"The parameter 'run' is a name of {ShortestName} to {LongestName} letters, digits and dashes that nobody guesses.");
        }

        if (runs.Count >= MostRuns || !runs.TryAdd(name, run))
            throw new RefusedException(StatusCodes.Status409Conflict, "A run of this name is under way. Make up another name.");
    }

    private void End(string? name, RunUnderWay run)
    {
        if (name is not null)
            runs.TryRemove(KeyValuePair.Create(name, run));
    }
}

/// <summary>A request that runs or waits for its turn.</summary>
internal sealed class RunUnderWay : IDisposable
{
    private readonly long planned;
    private readonly Action<RunUnderWay> ended;
    private readonly CancellationTokenSource stop;
    private readonly Lock gate = new();
    private long before, began;
    private RunProgress step;

    public RunUnderWay(long planned, Action<RunUnderWay> ended, CancellationToken gone)
    {
        this.planned = planned;
        this.ended = ended;
        stop = CancellationTokenSource.CreateLinkedTokenSource(gone);
    }

    /// <summary>Cancelled when the caller has gone or wants it stopped.</summary>
    public CancellationToken Stopped => stop.Token;

    /// <summary>Whether its caller stopped it.</summary>
    public bool IsStopped { get; private set; }

    /// <summary>Notes that its turn has come.</summary>
    public void Start()
    {
        lock (gate)
            began = Stopwatch.GetTimestamp();
    }

    /// <summary>Stops it, soon.</summary>
    public void Stop()
    {
        IsStopped = true;
        stop.Cancel();
    }

    public void Report(RunProgress value)
    {
        lock (gate)
        {
            // A step that begins anew: the one before is done.
            if (value.Done <= step.Done || value.Total != step.Total)
                before += step.Done;
            step = value;
        }
    }

    /// <summary>How far it is.</summary>
    public RunDocument Document()
    {
        lock (gate)
        {
            long done = before + step.Done, total = Math.Max(planned, before + step.Total);
            return began == 0 ? new RunDocument("waiting", 0, planned, 0)
                : new RunDocument("running", done, total, Math.Round(Stopwatch.GetElapsedTime(began).TotalSeconds, 2));
        }
    }

    public void Dispose()
    {
        ended(this);
        stop.Dispose();
    }
}

/// <summary>How far a request is.</summary>
/// <param name="State">waiting for its turn, or running.</param>
/// <param name="Done">How many runs of the network are done.</param>
/// <param name="Total">How many there are, as far as that is known.</param>
/// <param name="Seconds">How long it has been running.</param>
internal sealed record RunDocument(string State, long Done, long Total, double Seconds);
