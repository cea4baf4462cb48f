using GradCamSharp.Layers;
using GradCamSharp.Methods;
using OnnxGrad;

namespace GradCamSharp.Benchmarking;

/// <summary>How often a method runs a network for one map, counted without running it.</summary>
/// <param name="Whole">Runs of the whole network, forward or forward and back.</param>
/// <param name="Tail">Runs of what follows the layer alone.</param>
/// <remarks>Methods that stop when they are precise enough are counted as if they were so at once.</remarks>
public readonly record struct RunCount(long Whole, long Tail)
{
    /// <summary>Counts the runs of a method on a classifier, for one class.</summary>
    /// <param name="explainer">The model.</param>
    /// <param name="method">The method, with its parameters.</param>
    /// <param name="layer">The layer.</param>
    /// <exception cref="ArgumentException">The method's parameters do not suit the model.</exception>
    public static RunCount Of(Explainer explainer, ExplanationMethod method, Layer layer)
    {
        ArgumentNullException.ThrowIfNull(explainer);
        ArgumentNullException.ThrowIfNull(layer);
        var input = new Shape(explainer.Input.Shape.ToArray(unknown: 1)).With(0, 1);
        var values = new Shape(layer.Shape.ToArray(unknown: 1));
        // Computed without runs, or by runs of what follows the pooling, which cost next to nothing.
        bool isFree = explainer.Tail(input, layer) is { IsLinear: true } or { MapHead: not null } or { IsPooled: true };
        return Of(method, ItemOf(input, explainer.Input.IsChannelsLast), values.Slice(1, values.Rank - 1), isFree);
    }

    /// <summary>Counts the runs of a method on a model with any outputs, for one target.</summary>
    /// <param name="explainer">The model.</param>
    /// <param name="method">The method, with its parameters.</param>
    /// <exception cref="ArgumentException">The method's parameters do not suit the model.</exception>
    public static RunCount Of(TargetExplainer explainer, ExplanationMethod method)
    {
        ArgumentNullException.ThrowIfNull(explainer);
        var input = new Shape(explainer.Input.Shape.ToArray(unknown: 1));
        return Of(method, ItemOf(input, explainer.Input.IsChannelsLast), new Shape(1, 1, 1), isTailFree: false);
    }

    private static RunCount Of(ExplanationMethod method, Shape item, Shape layer, bool isTailFree)
    {
        ArgumentNullException.ThrowIfNull(method);
        method.Check();
        switch (method)
        {
            case WholeRunMethod whole:
                // What gradients at the input are averaged over does not depend on how large it is: a small one is soon counted.
                var runs = new CountedRuns(
                    method.Family == MethodFamily.Gradient ? Small(item) : item, layer, method.Family == MethodFamily.Perturbation);
                try
                {
                    whole.Map(runs);
                }
                catch (CountedException)
                {
                    // The runs are known; what would be made of them is not.
                }

                return new RunCount(1 + runs.Count, 0);
            case TailRunMethod tail:
                var ends = new CountedTails(layer, isTailFree);
                tail.Map(ends);
                return new RunCount(1, ends.Count);
            default:
                return new RunCount(1, 0);
        }
    }

    private static Shape Small(Shape item) => new([item[0], .. Enumerable.Repeat<Dimension>(8, item.Rank - 1)]);

    private static Shape ItemOf(Shape input, bool isChannelsLast) => isChannelsLast
        ? new Shape([input[-1], .. input.Slice(1, input.Rank - 2)]) : input.Slice(1, input.Rank - 1);

    // Values that differ from one another: what is constant some methods leave out.
    private static float[] Values(Shape shape)
    {
        float[] values = new float[shape.Size.Value];
        for (int i = 0; i < values.Length; i++)
            values[i] = (i * 0.618034f) % 1;
        return values;
    }

    private sealed class CountedException : Exception;

    /// <param name="item">The input's shape.</param>
    /// <param name="layer">The layer's shape.</param>
    /// <param name="areAllAtOnce">Whether the first runs are all there are.</param>
    private sealed class CountedRuns(Shape item, Shape layer, bool areAllAtOnce) : RunContext
    {
        private readonly float[] input = Values(item), activation = Values(layer);

        public long Count { get; private set; }

        public override Shape InputShape => item;

        public override ReadOnlySpan<float> Input => input;

        public override Shape LayerShape => layer;

        public override ReadOnlySpan<float> Activation => activation;

        public override int ClassPlace => 0;

        public override int ClassCount => 1;

        public override float Score(ScoreKind kind) => 0;

        public override RunScores Scores(int runs, InputWriter write)
        {
            Count += runs;
            return areAllAtOnce ? throw new CountedException() : new RunScores(runs, 1);
        }

        public override void Maps(GraphMethod method, int runs, InputWriter write, AnswerReader read)
        {
            Count += runs;
            float[] zeros = new float[method.IsPixelSpace ? input.Length
                : method is LayerGradientMethod ? activation.Length : activation.Length / layer[0].Value];
            for (int run = 0; run < runs; run++)
                read(run, zeros);
        }

        public override T MakeOnce<T>(object key, Func<T> make) => make();
    }

    private sealed class CountedTails(Shape layer, bool isFree) : TailContext
    {
        private readonly float[] activation = Values(layer);

        public long Count { get; private set; }

        public override Shape LayerShape => layer;

        public override ReadOnlySpan<float> Activation => activation;

        public override int ClassPlace => 0;

        public override float Score(ScoreKind kind) => 0;

        public override RunScores Scores(object key, int runs, ScoreKind kind, LayerChange change)
        {
            Count += isFree ? 0 : runs;
            return new RunScores(runs, 1);
        }
    }
}
