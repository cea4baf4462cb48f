using System.Runtime.CompilerServices;

namespace GradCamSharp.Runs;

/// <summary>
/// The scores of changed layers behind a <see cref="MapHead"/>, without running it: each class's map is a sum over channels.
/// </summary>
/// <param name="head">The head.</param>
/// <param name="maps">The convolution's output of the item, [C, P].</param>
/// <param name="weights">[C, K].</param>
/// <param name="bias">[C].</param>
/// <param name="activation">The layer's values, [K, P].</param>
internal ref struct MapHeadRuns(MapHead head, ReadOnlySpan<float> maps, float[] weights, float[] bias, float[] activation)
{
    private readonly int positions = maps.Length / bias.Length;
    private readonly int channels = weights.Length / bias.Length;
    private readonly bool isRectified = head.IsRectified;
    private readonly ReadOnlySpan<float> maps = maps;
    private readonly double[] sums = new double[bias.Length];
    private float[]? byPosition;

    /// <summary>All scores where positions have factors.</summary>
    /// <param name="factors">[P].</param>
    /// <param name="scores">[C].</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void OfPositions(ReadOnlySpan<float> factors, Span<float> scores)
    {
        byPosition ??= ByPosition();
        double[] sums = this.sums;
        float[] shifts = bias;
        Array.Clear(sums);
        int kept = 0;
        for (int p = Factors.NextOtherThan(0, factors, 0); p < positions; p = Factors.NextOtherThan(0, factors, p + 1), kept++)
        {
            float factor = factors[p];
            var here = byPosition.AsSpan(p * sums.Length, sums.Length);
            for (int c = 0; c < sums.Length; c++)
                sums[c] += Rectified((factor * (here[c] - shifts[c])) + shifts[c]);
        }

        // Most positions have the factor 0, and there the bias alone is left.
        for (int c = 0; c < sums.Length; c++)
            scores[c] = (float)((sums[c] + ((positions - kept) * (double)Rectified(shifts[c]))) / positions);
    }

    /// <summary>A class's score where channels have factors.</summary>
    /// <param name="factors">[K].</param>
    /// <param name="class">The class.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public readonly float OfChannels(ReadOnlySpan<float> factors, int @class)
    {
        double[] map = new double[positions];
        for (int p = 0; p < positions; p++)
            map[p] = maps[(@class * positions) + p];
        for (int k = Factors.NextOtherThan(1, factors, 0); k < factors.Length; k = Factors.NextOtherThan(1, factors, k + 1))
        {
            double change = (factors[k] - 1.0) * weights[(@class * channels) + k];
            var channel = activation.AsSpan(k * positions, positions);
            for (int p = 0; p < channel.Length; p++)
                map[p] += change * channel[p];
        }

        double sum = 0;
        foreach (double value in map)
            sum += isRectified ? Math.Max(0, value) : value;
        return (float)(sum / positions);
    }

    private readonly float[] ByPosition()
    {
        float[] turned = new float[maps.Length];
        ChannelOrder.ToLast(maps, bias.Length, turned);
        return turned;
    }

    private readonly float Rectified(float value) => isRectified ? Math.Max(0, value) : value;
}
