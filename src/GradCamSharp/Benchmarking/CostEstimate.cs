using System.Diagnostics;
using GradCamSharp.Methods;
using OnnxGrad;

namespace GradCamSharp.Benchmarking;

/// <summary>
/// What a map of a method of many runs takes on a model: the method goes through its work with a network that answers 0 at once, which
/// counts its runs; one batch of each kind of run is measured.
/// </summary>
public sealed class CostEstimate
{
    private readonly MeasuredRuns measured;

    /// <summary>Prepares estimates for a model; what is measured once serves all methods.</summary>
    /// <param name="explainer">The model.</param>
    /// <param name="cancellationToken">Stops what is measured.</param>
    /// <exception cref="ModelException">The model cannot be run.</exception>
    public CostEstimate(Explainer explainer, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(explainer);
        measured = new MeasuredRuns(explainer, cancellationToken);
    }

    /// <summary>Estimates the time of one map; of a method of the graph it is measured.</summary>
    /// <param name="method">The method.</param>
    /// <returns>Milliseconds.</returns>
    /// <exception cref="ModelException">The model cannot be explained by the method.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public double Milliseconds(ExplanationMethod method)
    {
        ArgumentNullException.ThrowIfNull(method);
        if (method is GraphMethod graph)
            return measured.OfMap(graph, batch: 1);
        double once = measured.OfPass(batch: 1);
        long start = Stopwatch.GetTimestamp();
        if (method is TailRunMethod tail)
        {
            var runs = new CountedTailRuns(measured);
            tail.Map(runs);
            return once + runs.Milliseconds + Math.Max(0, Stopwatch.GetElapsedTime(start).TotalMilliseconds - runs.Waited);
        }

        // What was waited for while a batch was measured is no part of the method's own work.
        var counted = new CountedRuns(measured);
        ((WholeRunMethod)method).Map(counted);
        return once + counted.Milliseconds + Math.Max(0, Stopwatch.GetElapsedTime(start).TotalMilliseconds - counted.Waited);
    }

    /// <summary>Runs that are counted, and answered by 0.</summary>
    private sealed class CountedRuns(MeasuredRuns measured) : RunContext
    {
        // So many inputs are written; the others take as long.
        private const int Written = 8;

        private readonly Dictionary<object, object> made = [];

        public double Milliseconds { get; private set; }

        public double Waited { get; private set; }

        public override Shape InputShape => measured.InputShape;

        public override ReadOnlySpan<float> Input => measured.Input;

        public override Shape LayerShape => measured.Layer.Shape;

        public override ReadOnlySpan<float> Activation => measured.Layer.Activation;

        public override int ClassPlace => 0;

        public override int ClassCount => 1;

        public override float Score(ScoreKind kind) => 0;

        public override RunScores Scores(int runs, InputWriter write)
        {
            Write(runs, write);
            Add(runs, () => measured.OfPass(Math.Min(runs, measured.BatchSize)));
            return new RunScores(runs, 1);
        }

        public override void Maps(GraphMethod method, int runs, InputWriter write, AnswerReader read)
        {
            Write(runs, write);
            Add(runs, () => measured.OfMap(method, Math.Min(runs, measured.BatchSize)));
            float[] answer = new float[measured.SizeOf(method)];
            for (int run = 0; run < runs; run++)
                read(run, answer);
        }

        public override T MakeOnce<T>(object key, Func<T> make)
        {
            if (!made.TryGetValue(key, out object? found))
                made[key] = found = make();
            return (T)found;
        }

        private void Write(int runs, InputWriter write)
        {
            float[] input = new float[measured.Input.Length];
            var clock = Stopwatch.StartNew();
            int written = Math.Min(runs, Written);
            for (int run = 0; run < written; run++)
                write(run, input);
            Milliseconds += clock.Elapsed.TotalMilliseconds * (runs - written) / written;
        }

        private void Add(int runs, Func<double> one)
        {
            var clock = Stopwatch.StartNew();
            Milliseconds += runs * one();
            Waited += clock.Elapsed.TotalMilliseconds;
        }
    }

    /// <summary>The same of the part behind the layer.</summary>
    private sealed class CountedTailRuns(MeasuredRuns measured) : TailContext
    {
        public double Milliseconds { get; private set; }

        public double Waited { get; private set; }

        public override Shape LayerShape => measured.Layer.Shape;

        public override ReadOnlySpan<float> Activation => measured.Layer.Activation;

        public override int ClassPlace => 0;

        public override float Score(ScoreKind kind) => 0;

        public override RunScores Scores(object key, int runs, ScoreKind kind, LayerChange change)
        {
            long start = Stopwatch.GetTimestamp();
            Milliseconds += runs * measured.OfTail(kind, change.Axis);
            Waited += Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            return new RunScores(runs, 1);
        }
    }
}
