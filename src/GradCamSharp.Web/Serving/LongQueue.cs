namespace GradCamSharp.Web.Serving;

/// <summary>The places of requests that take long: so few, that those that are soon done always find one.</summary>
internal sealed class LongQueue(ServeOptions options) : IDisposable
{
    private const int MostWaiting = 16;

    /// <summary>The places.</summary>
    public ExplainQueue Places { get; } = new(options.LongRuns, Math.Min(MostWaiting, options.QueueLength), options.LongTimeout);

    public void Dispose() => Places.Dispose();
}
