using System.Diagnostics;
using System.Globalization;
using System.Threading.RateLimiting;
using GradCamSharp.Web.Hosting;
using Microsoft.AspNetCore.Http;

namespace GradCamSharp.Web.Serving;

/// <summary>
/// Lets a few requests run at once and a bounded number wait, the first come first; the rest is told when to come again. A place is taken
/// by a request whose picture has arrived.
/// </summary>
internal sealed class ExplainQueue(int runs, int length, TimeSpan timeout) : IDisposable
{
    private readonly ConcurrencyLimiter limiter = new(new ConcurrencyLimiterOptions { PermitLimit = runs, QueueLimit = length });
    private double secondsEach = 0.05;

    /// <summary>How many requests wait or run.</summary>
    public long Present => limiter.GetStatistics() is { } now ? runs - now.CurrentAvailablePermits + now.CurrentQueuedCount : 0;

    /// <summary>Waits for a turn, then does the work on another thread.</summary>
    /// <param name="work">Ends soon after its token is cancelled.</param>
    /// <param name="cancellationToken">The caller has gone.</param>
    /// <exception cref="RefusedException">There is no place, the turn did not come in time, or the work took too long.</exception>
    public async Task<T> Run<T>(Func<CancellationToken, T> work, CancellationToken cancellationToken)
    {
        using var turn = await Turn(cancellationToken);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(timeout);
        long start = Stopwatch.GetTimestamp();
        try
        {
            return await Task.Run(() => work(limit.Token), limit.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            string reason = string.Create(CultureInfo.InvariantCulture, $"The run was stopped after {timeout.TotalSeconds:0} s.");
            throw new RefusedException(
                StatusCodes.Status503ServiceUnavailable, $"{reason} Give a smaller picture or fewer methods and classes.");
        }
        finally
        {
            // A race between two writers loses one sample of an average.
            secondsEach = (0.9 * secondsEach) + (0.1 * Stopwatch.GetElapsedTime(start).TotalSeconds);
        }
    }

    /// <summary>A refusal that names when there may be room again.</summary>
    public RefusedException Full(string reason) => new(StatusCodes.Status429TooManyRequests, $"{reason} Try again later.")
    {
        RetryAfterSeconds = (int)Math.Clamp(Math.Ceiling(Present * secondsEach / runs), 1, 60),
    };

    public void Dispose() => limiter.Dispose();

    private async Task<RateLimitLease> Turn(CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(timeout);
        try
        {
            var lease = await limiter.AcquireAsync(1, limit.Token);
            if (lease.IsAcquired)
                return lease;
            lease.Dispose();
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw Full(string.Create(
                CultureInfo.InvariantCulture, $"The turn of this request did not come within {timeout.TotalSeconds:0} s."));
        }

        throw Full(string.Create(CultureInfo.InvariantCulture, $"{runs} requests run and {length} wait already."));
    }
}
