using System.Diagnostics;
using System.Globalization;
using GradCamSharp.Web.Hosting;
using Microsoft.AspNetCore.Http;

namespace GradCamSharp.Web.Serving;

/// <summary>Lets a few requests run at once and a bounded number wait; the rest is told when to come again.</summary>
internal sealed class ExplainQueue(int runs, int length, TimeSpan patience) : IDisposable
{
    private readonly SemaphoreSlim slots = new(runs, runs);
    private int present;
    private double secondsEach = 0.05;

    /// <summary>How many requests wait or run.</summary>
    public int Present => Volatile.Read(ref present);

    /// <summary>
    /// A place in the queue, to be disposed when the request ends. Taken before the body is read: what waits holds its picture in memory.
    /// </summary>
    /// <exception cref="RefusedException">The queue is full.</exception>
    public Place Enter()
    {
        if (Interlocked.Increment(ref present) > runs + length)
        {
            Interlocked.Decrement(ref present);
            throw Full(string.Create(CultureInfo.InvariantCulture, $"{runs} requests run and {length} wait already."));
        }

        return new Place(this);
    }

    /// <summary>Waits for a turn, then does the work on another thread.</summary>
    /// <param name="work">Ends soon after its token is cancelled.</param>
    /// <param name="cancellationToken">The caller has gone.</param>
    /// <exception cref="RefusedException">The turn did not come in time, or the work took too long.</exception>
    public async Task<T> Run<T>(Func<CancellationToken, T> work, CancellationToken cancellationToken)
    {
        if (!await slots.WaitAsync(patience, cancellationToken))
            throw Full(string.Create(
                CultureInfo.InvariantCulture, $"The turn of this request did not come within {patience.TotalSeconds:0} s."));
        try
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            limit.CancelAfter(patience);
            long start = Stopwatch.GetTimestamp();
            try
            {
                return await Task.Run(() => work(limit.Token), limit.Token);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                string reason = string.Create(CultureInfo.InvariantCulture, $"The run was stopped after {patience.TotalSeconds:0} s.");
                throw new RefusedException(
                    StatusCodes.Status503ServiceUnavailable, $"{reason} Give a smaller picture or fewer methods and classes.");
            }
            finally
            {
                // A race between two writers loses one sample of an average.
                secondsEach = (0.9 * secondsEach) + (0.1 * Stopwatch.GetElapsedTime(start).TotalSeconds);
            }
        }
        finally
        {
            slots.Release();
        }
    }

    public void Dispose() => slots.Dispose();

    private RefusedException Full(string reason) => new(StatusCodes.Status429TooManyRequests, $"{reason} Try again later.")
    {
        RetryAfterSeconds = (int)Math.Clamp(Math.Ceiling(Present * secondsEach / runs), 1, 60),
    };

    public readonly struct Place(ExplainQueue queue) : IDisposable
    {
        public void Dispose() => Interlocked.Decrement(ref queue.present);
    }
}
