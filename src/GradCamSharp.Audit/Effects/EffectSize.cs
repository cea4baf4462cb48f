using GradCamSharp.Audit.Results;
using GradCamSharp.Evaluation.Metrics;

namespace GradCamSharp.Audit.Effects;

/// <summary>How much a class's probability falls by two changes of the same pictures.</summary>
/// <param name="Taken">By the change that is looked at.</param>
/// <param name="Turned">By the one that it is compared with.</param>
/// <param name="Difference">The difference, picture by picture.</param>
/// <param name="P">The probability that the difference is no more than <see cref="Least"/>, by bootstrap over pictures.</param>
internal readonly record struct EffectSize(MeanWithInterval Taken, MeanWithInterval Turned, MeanWithInterval Difference, double P)
{
    /// <summary>A difference of probability that counts.</summary>
    public const double Least = 0.05;

    /// <summary>Of each picture's falls.</summary>
    /// <param name="taken">One a picture; at least one.</param>
    /// <param name="turned">One a picture.</param>
    /// <param name="seed">The seed of the bootstrap.</param>
    /// <param name="least">The difference that counts.</param>
    public static EffectSize Of(double[] taken, double[] turned, long seed, double least = Least)
    {
        double[] difference = [.. taken.Zip(turned, (a, b) => a - b)];
        var means = new Bootstrap(taken.Length, unchecked((ulong)seed)).Means([taken, turned, difference]);
        double p = (1.0 + means[2].Count(m => m <= least)) / (1 + means[2].Length);
        return new EffectSize(Interval(taken, means[0]), Interval(turned, means[1]), Interval(difference, means[2]), p);
    }

    private static MeanWithInterval Interval(double[] values, double[] draws)
    {
        var interval = Bootstrap.Of(Bootstrap.Mean(values), draws);
        return new MeanWithInterval(interval.Mean ?? 0, interval.Low ?? 0, interval.High ?? 0);
    }
}
