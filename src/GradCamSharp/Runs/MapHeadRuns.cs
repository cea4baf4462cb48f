namespace GradCamSharp.Runs;

/// <summary>
/// The scores of changed layers behind a <see cref="MapHead"/>, without running it: each class's map is a sum over channels.
/// </summary>
/// <param name="head">The head.</param>
/// <param name="maps">The convolution's output of the item, [C, P].</param>
/// <param name="weights">[C, K].</param>
/// <param name="bias">[C].</param>
/// <param name="activation">The layer's values, [K, P].</param>
internal sealed class MapHeadRuns(MapHead head, ReadOnlySpan<float> maps, float[] weights, float[] bias, float[] activation)
{
    private readonly int classes = bias.Length;
    private readonly int positions = maps.Length / bias.Length;
    private readonly int channels = weights.Length / bias.Length;
    private readonly float[] maps = maps.ToArray();
    private readonly double[] sums = new double[bias.Length];
    private float[]? byPosition;

    /// <summary>All scores where positions have factors.</summary>
    /// <param name="factors">[P].</param>
    /// <param name="scores">[C].</param>
    public void OfPositions(ReadOnlySpan<float> factors, Span<float> scores)
    {
        // Most positions have the factor 0, and there the bias alone is left.
        int[] kept = new int[positions];
        int count = 0;
        for (int p = 0; p < positions; p++)
        {
            if (factors[p] != 0)
                kept[count++] = p;
        }

        for (int c = 0; c < classes; c++)
            sums[c] = (positions - count) * (double)Rectified(bias[c]);
        byPosition ??= ByPosition();
        foreach (int p in kept.AsSpan(0, count))
        {
            float factor = factors[p];
            var here = byPosition.AsSpan(p * classes, classes);
            for (int c = 0; c < here.Length; c++)
                sums[c] += Rectified((factor * (here[c] - bias[c])) + bias[c]);
        }

        for (int c = 0; c < classes; c++)
            scores[c] = (float)(sums[c] / positions);
    }

    /// <summary>A class's score where channels have factors.</summary>
    /// <param name="factors">[K].</param>
    /// <param name="class">The class.</param>
    public float OfChannels(ReadOnlySpan<float> factors, int @class)
    {
        double[] map = new double[positions];
        for (int p = 0; p < positions; p++)
            map[p] = maps[(@class * positions) + p];
        for (int next, k = 0; (next = factors[k..].IndexOfAnyExcept(1f)) >= 0; k += next + 1)
        {
            double change = (factors[k + next] - 1.0) * weights[(@class * channels) + k + next];
            var channel = activation.AsSpan((k + next) * positions, positions);
            for (int p = 0; p < channel.Length; p++)
                map[p] += change * channel[p];
        }

        double sum = 0;
        foreach (double value in map)
            sum += head.IsRectified ? Math.Max(0, value) : value;
        return (float)(sum / positions);
    }

    private float[] ByPosition()
    {
        float[] turned = new float[maps.Length];
        ChannelOrder.ToLast(maps, classes, turned);
        return turned;
    }

    private float Rectified(float value) => head.IsRectified ? Math.Max(0, value) : value;
}
