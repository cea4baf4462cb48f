namespace GradCamSharp.Runs;

/// <summary>
/// The scores of changed layers behind a <see cref="MapHead"/>, without running it: each class's map is a sum over channels.
/// </summary>
/// <param name="head">The head.</param>
/// <param name="maps">The convolution's output of the item, [C, P].</param>
/// <param name="weights">[C, K].</param>
/// <param name="bias">[C].</param>
/// <param name="activation">The layer's values, [K, P].</param>
internal sealed class MapHeadRuns(MapHead head, float[] maps, float[] weights, float[] bias, float[] activation)
{
    private readonly int classes = bias.Length;
    private readonly int positions = maps.Length / bias.Length;
    private readonly int channels = weights.Length / bias.Length;

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
        {
            double sum = (positions - count) * (double)Rectified(bias[c]);
            for (int i = 0; i < count; i++)
                sum += Rectified((factors[kept[i]] * (maps[(c * positions) + kept[i]] - bias[c])) + bias[c]);
            scores[c] = (float)(sum / positions);
        }
    }

    /// <summary>A class's score where channels have factors.</summary>
    /// <param name="factors">[K].</param>
    /// <param name="class">The class.</param>
    public float OfChannels(ReadOnlySpan<float> factors, int @class)
    {
        double[] map = new double[positions];
        for (int p = 0; p < positions; p++)
            map[p] = maps[(@class * positions) + p];
        for (int k = 0; k < channels; k++)
        {
            double change = (factors[k] - 1.0) * weights[(@class * channels) + k];
            if (change == 0)
                continue;
            for (int p = 0; p < positions; p++)
                map[p] += change * activation[(k * positions) + p];
        }

        double sum = 0;
        foreach (double value in map)
            sum += head.IsRectified ? Math.Max(0, value) : value;
        return (float)(sum / positions);
    }

    private float Rectified(float value) => head.IsRectified ? Math.Max(0, value) : value;
}
