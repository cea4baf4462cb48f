using System.Text;

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

    /// <summary>
    /// The stream of a purpose, such as <c>road/a.jpg</c>: sub-stream <paramref name="seed"/> of the text's FNV-1a hash (64 bit, UTF-8).
    /// What is drawn for a picture then depends on its own name alone, not on how many others there are or in which order they come.
    /// </summary>
    /// <param name="seed">The run's seed.</param>
    /// <param name="purpose">What it is for, and of which picture.</param>
    public static RandomNumbers Named(ulong seed, string purpose)
    {
        ArgumentNullException.ThrowIfNull(purpose);
        ulong hash = 0xCBF29CE484222325;
        foreach (byte part in Encoding.UTF8.GetBytes(purpose))
            hash = unchecked((hash ^ part) * 0x100000001B3);
        return new RandomNumbers(Mix(hash, seed));
    }

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

    /// <summary>The numbers 0 to count - 1 in random order; the first k of them are a random subset.</summary>
    /// <param name="count">How many, 0 or more.</param>
    public int[] Order(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        // No two indices have the same bits: the mixture turns different numbers into different ones.
        ulong[] keys = new ulong[count];
        int[] order = new int[count];
        for (int i = 0; i < count; i++)
            (keys[i], order[i]) = (Bits(i), i);
        Array.Sort(keys, order);
        return order;
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
