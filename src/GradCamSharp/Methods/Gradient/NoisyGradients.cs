namespace GradCamSharp.Methods;

/// <summary>A method on the gradients of noisy inputs; methods of the same noise share the runs.</summary>
public abstract record NoisyGradients : WholeRunMethod
{
    private static readonly MethodParameter[] Own =
    [
        MethodParameter.Number<NoisyGradients>(
            "noise", m => m.Noise, (m, v) => m with { Noise = v }, 0, 100, "the noise's standard deviation, as a share of the input's " +
            "range"),
        MethodParameter.Integer<NoisyGradients>(
            "samples", m => m.Samples, (m, v) => m with { Samples = (int)v }, 1, 100_000, "how many noisy pictures"),
        MethodParameter.Integer<NoisyGradients>(
            "seed", m => m.Seed, (m, v) => m with { Seed = v }, 0, long.MaxValue, "the random numbers' seed"),
    ];

    /// <summary>The noise's standard deviation, as a share of the input's range.</summary>
    public double Noise { get; init; } = 0.15;

    /// <summary>How many noisy pictures.</summary>
    public int Samples { get; init; } = 50;

    /// <summary>The random numbers' seed.</summary>
    public long Seed { get; init; } = 1;

    /// <inheritdoc/>
    public sealed override MethodFamily Family => MethodFamily.Gradient;

    /// <inheritdoc/>
    public sealed override string Cost => "50 (F + B), of the whole network";

    /// <inheritdoc/>
    public sealed override bool IsPixelSpace => true;

    /// <inheritdoc/>
    public sealed override IReadOnlyList<MethodParameter> Parameters => Own;

    /// <inheritdoc/>
    public sealed override RawMap Map(RunContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var moments = context.MakeOnce(("noisy gradients", context.ClassPlace, Noise, Samples, Seed), () =>
        {
            var made = new Moments(context.Input.Length);
            context.Maps(new Saliency(), Samples, NoisyInputs.Writer(context, Noise, Seed), (_, gradient) => made.Add(gradient));
            return made;
        });
        double[] values = new double[context.Input.Length];
        for (int i = 0; i < values.Length; i++)
            values[i] = Value(moments.Mean[i], moments.Variance(i));
        return MapArithmetic.Map(context.InputShape, values);
    }

    /// <summary>The map's value of a pixel's channel.</summary>
    /// <param name="mean">The gradients' mean.</param>
    /// <param name="variance">Their variance, of the population.</param>
    protected abstract double Value(double mean, double variance);

    // Welford's: never the difference of large squares.
    private sealed class Moments(int size)
    {
        private readonly double[] squares = new double[size];
        private int count;

        public double[] Mean { get; } = new double[size];

        public double Variance(int i) => squares[i] / count;

        public void Add(ReadOnlySpan<float> gradient)
        {
            count++;
            for (int i = 0; i < squares.Length; i++)
            {
                double off = gradient[i] - Mean[i];
                Mean[i] += off / count;
                squares[i] += off * (gradient[i] - Mean[i]);
            }
        }
    }
}
