namespace GradCamSharp.Evaluation.Sampling;

/// <summary>Seeded random numbers, the same on every machine and in every .NET: xoshiro256** (Blackman and Vigna).</summary>
/// <remarks>
/// Every picture has a stream of its own, derived from the data set's seed and the picture's index, so a picture does not depend on how
/// many are drawn or in what order.
/// </remarks>
public sealed class SeededRandom
{
    private readonly ulong[] state = new ulong[4];

    /// <summary>A stream of a seed; <paramref name="purpose"/> separates different uses of one stream number.</summary>
    public SeededRandom(long seed, long stream, int purpose = 0)
    {
        var mix = Mix((ulong)seed) ^ Mix((ulong)stream + 0x9E3779B97F4A7C15) ^ Mix((ulong)purpose + 0xD1B54A32D192ED03);
        for (var i = 0; i < state.Length; i++)
            state[i] = Mix(mix += 0x9E3779B97F4A7C15);
    }

    /// <summary>64 random bits.</summary>
    public ulong NextBits()
    {
        var result = ulong.RotateLeft(state[1] * 5, 7) * 9;
        var t = state[1] << 17;
        state[2] ^= state[0];
        state[3] ^= state[1];
        state[1] ^= state[2];
        state[0] ^= state[3];
        state[2] ^= t;
        state[3] = ulong.RotateLeft(state[3], 45);
        return result;
    }

    /// <summary>Uniform in [0, 1).</summary>
    public float Next() => (NextBits() >> 40) * (1f / (1 << 24));

    /// <summary>Uniform in [<paramref name="low"/>, <paramref name="high"/>).</summary>
    public float Range(float low, float high) => low + ((high - low) * Next());

    /// <summary>A whole number in [0, <paramref name="count"/>).</summary>
    public int Below(int count) => (int)(Next() * count);

    /// <summary>True with the probability given.</summary>
    public bool Chance(float probability) => Next() < probability;

    /// <summary>One of the items, each as likely as the others.</summary>
    public T Pick<T>(params ReadOnlySpan<T> items) => items[Below(items.Length)];

    /// <summary>-1 or 1.</summary>
    public float Sign() => Chance(0.5f) ? -1 : 1;

    /// <summary>The numbers 0 .. <paramref name="count"/> - 1 in random order (Fisher and Yates).</summary>
    public int[] Permutation(int count)
    {
        var order = Enumerable.Range(0, count).ToArray();
        for (var i = count - 1; i > 0; i--)
        {
            var j = Below(i + 1);
            (order[i], order[j]) = (order[j], order[i]);
        }

        return order;
    }

    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
