using System.Diagnostics.Metrics;

namespace GradCamSharp.Web.Serving;

/// <summary>What a running server counts beside ASP.NET's own figures on requests.</summary>
internal sealed class ServerMetrics : IDisposable
{
    public const string MeterName = "GradCamSharp.Web";
    private readonly Meter meter;
    private readonly Histogram<double> runs;

    public ServerMetrics(IMeterFactory factory, ExplainQueue queue)
    {
        meter = factory.Create(MeterName);
        runs = meter.CreateHistogram("gradcam.run.duration", "s", "Time from the first byte decoded to the maps, of one request.",
            advice: new InstrumentAdvice<double>
            {
                HistogramBucketBoundaries = [0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30],
            });
        meter.CreateObservableGauge("gradcam.queue.requests", () => queue.Present, "{request}", "Requests that wait or run.");
    }

    /// <summary>Counts a run that ended well.</summary>
    public void Ran(string model, TimeSpan duration) =>
        runs.Record(duration.TotalSeconds, new KeyValuePair<string, object?>("model", model));

    public void Dispose() => meter.Dispose();
}
