using System.Collections;
using System.Collections.Immutable;
using System.Globalization;

namespace OnnxGrad;

/// <summary>
/// The shape of a value: one length an axis. A length that follows the batch, and so is known only when the model runs, is
/// <see cref="Dynamic"/>; every other length is known.
/// </summary>
public readonly struct Shape : IReadOnlyList<long>, IEquatable<Shape>
{
    /// <summary>Stands for a length that is known only when the model runs.</summary>
    public const long Dynamic = -1;

    private readonly ImmutableArray<long> lengths;

    /// <summary>Creates a shape.</summary>
    /// <param name="lengths">One length an axis; <see cref="Dynamic"/> where it is not known.</param>
    public Shape(params ReadOnlySpan<long> lengths) => this.lengths = [.. lengths];

    private ImmutableArray<long> Lengths => lengths.IsDefault ? [] : lengths;

    /// <summary>The number of axes; 0 for a scalar.</summary>
    public int Rank => Lengths.Length;

    /// <inheritdoc/>
    public int Count => Rank;

    /// <summary>Whether every length is known.</summary>
    public bool IsStatic => !Lengths.Contains(Dynamic);

    /// <summary>The number of elements; <see cref="Dynamic"/> if a length is not known.</summary>
    public long Size => Product(0, Rank);

    /// <summary>The length of an axis.</summary>
    /// <param name="axis">The axis; negative axes count from the end.</param>
    public long this[int axis] => Lengths[axis < 0 ? axis + Rank : axis];

    /// <summary>The axis as a number from 0.</summary>
    /// <param name="axis">The axis; negative axes count from the end.</param>
    /// <exception cref="ModelException">There is no such axis.</exception>
    public int Axis(long axis) => axis >= -Rank && axis < Rank
        ? (int)(axis < 0 ? axis + Rank : axis)
        : throw new ModelException($"Axis {axis} does not exist in a value of shape {this}.");

    /// <summary>The lengths as an array of its own.</summary>
    public long[] ToArray() => [.. Lengths];

    /// <summary>A part of the shape: <paramref name="length"/> axes from <paramref name="start"/> on.</summary>
    public Shape Slice(int start, int length) => new(Lengths.AsSpan().Slice(start, length));

    /// <summary>The shape with one length replaced.</summary>
    public Shape With(int axis, long length)
    {
        long[] copy = ToArray();
        copy[Axis(axis)] = length;
        return new(copy);
    }

    /// <summary>
    /// The product of the lengths of axes <paramref name="from"/> to <paramref name="to"/> (exclusive);
    /// <see cref="Dynamic"/> if one is not known.
    /// </summary>
    public long Product(int from, int to)
    {
        long product = 1;
        for (int i = from; i < to; i++)
        {
            if (Lengths[i] == Dynamic)
                return Dynamic;
            product = checked(product * Lengths[i]);
        }

        return product;
    }

    /// <summary>The shape of an elementwise operation's result (NumPy's rule, as ONNX has it).</summary>
    /// <exception cref="ModelException">The shapes do not go together.</exception>
    public static Shape Broadcast(Shape a, Shape b)
    {
        int rank = Math.Max(a.Rank, b.Rank);
        long[] result = new long[rank];
        for (int i = 1; i <= rank; i++)
        {
            long x = i <= a.Rank ? a[-i] : 1, y = i <= b.Rank ? b[-i] : 1;
            result[^i] = x == 1 ? y : y == 1 || x == y ? x : x == Dynamic ? y : y == Dynamic ? x
                : throw new ModelException($"Shapes {a} and {b} do not go together.");
        }

        return new(result);
    }

    /// <inheritdoc/>
    public bool Equals(Shape other) => Lengths.AsSpan().SequenceEqual(other.Lengths.AsSpan());

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Shape other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = default(HashCode);
        foreach (long length in Lengths)
            hash.Add(length);
        return hash.ToHashCode();
    }

    /// <summary>Whether two shapes have the same lengths.</summary>
    public static bool operator ==(Shape left, Shape right) => left.Equals(right);

    /// <summary>Whether two shapes differ.</summary>
    public static bool operator !=(Shape left, Shape right) => !left.Equals(right);

    /// <inheritdoc/>
    public IEnumerator<long> GetEnumerator() => ((IEnumerable<long>)Lengths).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>The shape in brackets, N for a length that follows the batch.</summary>
    public override string ToString() =>
        $"[{string.Join(", ", Lengths.Select(l => l == Dynamic ? "N" : l.ToString(CultureInfo.InvariantCulture)))}]";
}
