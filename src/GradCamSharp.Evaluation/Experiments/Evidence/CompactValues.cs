using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Numerics.Tensors;

namespace GradCamSharp.Evaluation.Experiments.Evidence;

/// <summary>Values of which the largest magnitude is known exactly, and all others to 11 bits of it: two bytes a value.</summary>
public sealed class CompactValues
{
    private const int Size = 2;

    private readonly ImmutableArray<Half> shares;

    private CompactValues(float scale, ImmutableArray<Half> shares) => (Scale, this.shares) = (scale, shares);

    /// <summary>The largest magnitude; 0 where all values are 0.</summary>
    public float Scale { get; }

    /// <summary>The number of values.</summary>
    public int Count => shares.Length;

    /// <summary>Keeps values.</summary>
    /// <param name="values">The values; finite.</param>
    public static CompactValues Of(ReadOnlySpan<float> values)
    {
        float scale = values.IsEmpty ? 0 : Math.Abs(TensorPrimitives.MaxMagnitude(values));
        var shares = ImmutableArray.CreateBuilder<Half>(values.Length);
        foreach (float value in values)
            shares.Add(scale > 0 ? (Half)(value / scale) : default);
        return new CompactValues(scale, shares.MoveToImmutable());
    }

    /// <summary>The values over <see cref="Scale"/>, -1 to 1.</summary>
    public float[] Shares()
    {
        float[] values = new float[shares.Length];
        for (int i = 0; i < values.Length; i++)
            values[i] = (float)shares[i];
        return values;
    }

    /// <summary>Whether every value is a finite number.</summary>
    internal bool IsFinite => float.IsFinite(Scale) && shares.All(Half.IsFinite);

    /// <summary>The shares as text: 16-bit floats, little-endian, Base64.</summary>
    internal string ToText()
    {
        byte[] bytes = new byte[Size * shares.Length];
        for (int i = 0; i < shares.Length; i++)
            BinaryPrimitives.WriteHalfLittleEndian(bytes.AsSpan(Size * i), shares[i]);
        return Convert.ToBase64String(bytes);
    }

    /// <summary>Reads what <see cref="ToText"/> has written.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    internal static CompactValues Parse(float scale, string text)
    {
        byte[] bytes = Convert.FromBase64String(text);
        if (bytes.Length % Size != 0)
            throw new FormatException("Half a value is missing.");
        var shares = ImmutableArray.CreateBuilder<Half>(bytes.Length / Size);
        for (int i = 0; i < bytes.Length; i += Size)
            shares.Add(BinaryPrimitives.ReadHalfLittleEndian(bytes.AsSpan(i)));
        return new CompactValues(scale, shares.MoveToImmutable());
    }
}
