using GradCamSharp.Methods;

namespace GradCamSharp.Evaluation.Metrics;

/// <summary>
/// Remove and debias (Rong et al. 2022, arXiv 2202.00449): the class's probability while more and more pixels are removed, those of most
/// evidence first (MoRF) or those of least (LeRF), and filled in from what is around them.
/// </summary>
/// <remarks>
/// road = mean of LeRF - mean of MoRF, the symmetric relevance gain (arXiv 2401.06654); comprehensiveness = Y - mean of MoRF and
/// sufficiency = Y - mean of LeRF (ERASER, arXiv 1911.03429), Y the probability on the whole picture.
/// </remarks>
public static class Road
{
    /// <summary>The shares of pixels that are removed, in percent.</summary>
    public static IReadOnlyList<int> Percentages { get; } = [10, 20, 30, 40, 50, 70, 90];

    /// <summary>The standard deviation of the noise on what is filled in, as a share of a pixel's range.</summary>
    public const double Noise = 0.01;

    /// <summary>
    /// Pixels by falling evidence. Equal ones go in random order, so that no side of the picture is preferred; read from its end it is the
    /// order of LeRF.
    /// </summary>
    /// <param name="map">The map at the network's input, [H, W] from 0 to 1.</param>
    /// <param name="ties">The picture's pixels in random order, the same for all maps (<see cref="RandomNumbers.Order"/>).</param>
    /// <exception cref="ArgumentException">They are not as many as the map's.</exception>
    public static int[] Falling(ReadOnlySpan<float> map, ReadOnlySpan<int> ties)
    {
        if (ties.Length != map.Length)
            throw new ArgumentException($"An order of {ties.Length} pixels is none of a map of {map.Length}.", nameof(ties));
        // The bits of floats that are not negative ascend as they do; behind them the place in the random order.
        ulong[] keys = new ulong[map.Length];
        for (int i = 0; i < keys.Length; i++)
            keys[i] = ((ulong)~BitConverter.SingleToUInt32Bits(Math.Max(map[ties[i]], 0f)) << 32) | (uint)i;
        int[] falling = ties.ToArray();
        Array.Sort(keys, falling);
        return falling;
    }

    /// <inheritdoc cref="Falling(ReadOnlySpan{float}, ReadOnlySpan{int})"/>
    public static int[] Falling(ReadOnlySpan<double> map, ReadOnlySpan<int> ties)
    {
        if (ties.Length != map.Length)
            throw new ArgumentException($"An order of {ties.Length} pixels is none of a map of {map.Length}.", nameof(ties));
        (double Negated, int Place)[] keys = new (double, int)[map.Length];
        for (int i = 0; i < keys.Length; i++)
            keys[i] = (-map[ties[i]], i);
        int[] falling = ties.ToArray();
        Array.Sort(keys, falling);
        return falling;
    }

    /// <summary>The number of pixels removed at a percentage.</summary>
    public static int Count(int pixels, int percentage) => (int)((long)pixels * percentage / 100);
}
