namespace GradCamSharp.Methods;

/// <summary>
/// The random numbers of stochastic methods: a function of seed and index, without state, so that they are the same on every machine and
/// in any order. SplitMix64 (Steele, Lea and Flood 2014).
/// </summary>
/// <param name="seed">The stream's seed. A seed is drawn from or divided into sub-streams, never both.</param>
public readonly struct RandomNumbers(ulong seed)
{
    /// <summary>A sub-stream: that of one sample of a method.</summary>
    /// <param name="number">Its number, from 0.</param>
    public RandomNumbers this[long number] => new(Mix(seed, (ulong)number));

    /// <summary>The 64 bits at an index.</summary>
    /// <param name="index">From 0.</param>
    public ulong Bits(long index) => Mix(seed, (ulong)index);

    /// <summary>A number that is at least 0 and less than 1, exact in 32 bits.</summary>
    /// <param name="index">From 0.</param>
    public float Uniform(long index) => (Bits(index) >> 40) * (1f / (1 << 24));

    /// <summary>A number of the standard normal distribution (Box and Muller), rounded to 32 bits.</summary>
    /// <param name="index">From 0; two neighbours, an even one and the odd one after it, share their draws.</param>
    public float Normal(long index)
    {
        var (even, odd) = Pair(index / 2);
        return index % 2 == 0 ? even : odd;
    }

    /// <summary>Fills a span with normal numbers.</summary>
    /// <param name="values">Where to.</param>
    /// <param name="start">The index of the first.</param>
    public void FillNormal(Span<float> values, long start = 0)
    {
        int i = 0;
        if (start % 2 == 1 && values.Length > 0)
            values[i++] = Normal(start);
        for (; i < values.Length; i += 2)
        {
            var (even, odd) = Pair((start + i) / 2);
            values[i] = even;
            if (i + 1 < values.Length)
                values[i + 1] = odd;
        }
    }

    private (float Even, float Odd) Pair(long pair)
    {
        const double Unit = 1.0 / (1L << 53);
        double u1 = ((Bits(2 * pair) >> 11) + 1) * Unit, u2 = (Bits((2 * pair) + 1) >> 11) * Unit;
        double radius = Math.Sqrt(-2 * Math.Log(u1));
        var (sine, cosine) = (Math.Sin(2 * Math.PI * u2), Math.Cos(2 * Math.PI * u2));
        return ((float)(radius * cosine), (float)(radius * sine));
    }

    private static ulong Mix(ulong seed, ulong index)
    {
        ulong z = unchecked(seed + ((index + 1) * 0x9E3779B97F4A7C15));
        z = unchecked((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9);
        z = unchecked((z ^ (z >> 27)) * 0x94D049BB133111EB);
        return z ^ (z >> 31);
    }
}
