using System.Diagnostics.Metrics;

namespace GradCamSharp.Web.Serving;

/// <summary>What a running server counts beside ASP.NET's own figures on requests.</summary>
internal sealed class ServerMetrics : IDisposable
{
    public const string MeterName = "GradCamSharp.Web";
    private readonly Meter meter;
    private readonly Histogram<double> runs;
    private readonly UpDownCounter<long> active;

    public ServerMetrics(IMeterFactory factory, ExplainQueue queue, LongQueue longQueue, PictureMemory memory)
    {
        meter = factory.Create(MeterName);
        runs = meter.CreateHistogram("gradcam.run.duration", "s", "Time from the first byte decoded to the maps, of one request.",
            advice: new InstrumentAdvice<double>
            {
                HistogramBucketBoundaries = [0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30],
            });
        active = meter.CreateUpDownCounter<long>("gradcam.run.active", "{request}", "Requests that run; those that wait left out.");
        meter.CreateObservableGauge(
            "gradcam.queue.requests", () => queue.Present + longQueue.Places.Present, "{request}", "Requests that wait or run.");
        meter.CreateObservableGauge("gradcam.picture.memory", () => memory.Used, "By", "Pictures that arrive, wait or are kept.");
    }

    /// <summary>Counts a run that has begun; to be disposed at its end, however it ends.</summary>
    public ActiveRun Run() => new(active);

    /// <summary>Counts a run that ended well.</summary>
    public void Ran(string model, TimeSpan duration) =>
        runs.Record(duration.TotalSeconds, new KeyValuePair<string, object?>("model", model));

    public void Dispose() => meter.Dispose();

    public readonly struct ActiveRun : IDisposable
    {
        private readonly UpDownCounter<long> active;

        public ActiveRun(UpDownCounter<long> active)
        {
            this.active = active;
            active.Add(1);
        }

        public void Dispose() => active.Add(-1);
    }
}
