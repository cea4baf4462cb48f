using System.Collections;
using System.Collections.Immutable;

namespace OnnxGrad;

/// <summary>The shape of a value: one length an axis. A length may be a symbol, known only when the model runs.</summary>
public readonly struct Shape : IReadOnlyList<Dimension>, IEquatable<Shape>
{
    private readonly ImmutableArray<Dimension> lengths;

    /// <summary>Creates a shape of known lengths.</summary>
    /// <param name="lengths">One length an axis.</param>
    public Shape(params ReadOnlySpan<long> lengths)
    {
        var known = ImmutableArray.CreateBuilder<Dimension>(lengths.Length);
        foreach (long length in lengths)
            known.Add(length);
        this.lengths = known.MoveToImmutable();
    }

    /// <summary>Creates a shape.</summary>
    /// <param name="lengths">One length an axis.</param>
    public Shape(params ReadOnlySpan<Dimension> lengths) => this.lengths = [.. lengths];

    private ImmutableArray<Dimension> Lengths => lengths.IsDefault ? [] : lengths;

    /// <summary>The number of axes; 0 for a scalar.</summary>
    public int Rank => Lengths.Length;

    /// <inheritdoc/>
    public int Count => Rank;

    /// <summary>Whether every length is known.</summary>
    public bool IsStatic => UnknownCount == 0;

    /// <summary>The number of axes whose length is not known.</summary>
    public int UnknownCount => Lengths.Count(l => !l.IsKnown);

    /// <summary>The number of elements.</summary>
    public Dimension Size => Product(0, Rank);

    /// <summary>The length of an axis.</summary>
    /// <param name="axis">The axis; negative axes count from the end.</param>
    public Dimension this[int axis] => Lengths[axis < 0 ? axis + Rank : axis];

    /// <summary>The axis as a number from 0.</summary>
    /// <param name="axis">The axis; negative axes count from the end.</param>
    /// <exception cref="ModelException">There is no such axis.</exception>
    public int Axis(long axis) => axis >= -Rank && axis < Rank
        ? (int)(axis < 0 ? axis + Rank : axis)
        : throw new ModelException($"Axis {axis} does not exist in a value of shape {this}.");

    /// <summary>The lengths as an array of its own.</summary>
    /// <exception cref="UnknownLengthException">A length is not known.</exception>
    public long[] ToArray() => [.. Lengths.Select(l => l.Value)];

    /// <summary>The lengths as an array of its own, a number in the place of those that are not known.</summary>
    /// <param name="unknown">The number: -1 as in ONNX Runtime's own shapes, 1 for one item.</param>
    public long[] ToArray(long unknown) => [.. Lengths.Select(l => l.GetValueOrDefault(unknown))];

    /// <summary>A part of the shape.</summary>
    /// <param name="start">Its first axis.</param>
    /// <param name="length">The number of its axes.</param>
    public Shape Slice(int start, int length) => new(Lengths.AsSpan().Slice(start, length));

    /// <summary>The shape with one length replaced.</summary>
    /// <param name="axis">The axis; negative axes count from the end.</param>
    /// <param name="length">Its new length.</param>
    public Shape With(int axis, Dimension length) => new(Lengths.SetItem(Axis(axis), length).AsSpan());

    /// <summary>The product of the lengths of some axes.</summary>
    /// <param name="from">The first axis.</param>
    /// <param name="to">The axis after the last one.</param>
    public Dimension Product(int from, int to)
    {
        Dimension product = 1;
        for (int i = from; i < to; i++)
            product *= Lengths[i];
        return product;
    }

    /// <summary>The shape of an elementwise operation's result (NumPy's rule, as ONNX has it).</summary>
    /// <param name="a">The shape of one operand.</param>
    /// <param name="b">The shape of the other.</param>
    /// <exception cref="ModelException">
    /// The shapes do not go together, or do so only where two symbols happen to stand for the same length.
    /// </exception>
    public static Shape Broadcast(Shape a, Shape b)
    {
        int rank = Math.Max(a.Rank, b.Rank);
        var result = new Dimension[rank];
        for (int i = 1; i <= rank; i++)
        {
            Dimension x = i <= a.Rank ? a[-i] : 1, y = i <= b.Rank ? b[-i] : 1;
            result[^i] = x == 1 ? y : y == 1 || x == y ? x
                : x.IsKnown && y.IsKnown ? throw new ModelException($"Shapes {a} and {b} do not go together.")
                : x.IsKnown ? x : y.IsKnown ? y
                : throw new ModelException($"Shapes {a} and {b} go together only where '{x}' and '{y}' are the same length. " +
                    "Give both axes one symbol, or known lengths.");
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
        foreach (var length in Lengths)
            hash.Add(length);
        return hash.ToHashCode();
    }

    /// <summary>Whether two shapes have the same lengths.</summary>
    public static bool operator ==(Shape left, Shape right) => left.Equals(right);

    /// <summary>Whether two shapes differ, or may differ.</summary>
    public static bool operator !=(Shape left, Shape right) => !left.Equals(right);

    /// <inheritdoc/>
    public IEnumerator<Dimension> GetEnumerator() => ((IEnumerable<Dimension>)Lengths).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>The shape in brackets; symbols by their names.</summary>
    public override string ToString() => $"[{string.Join(", ", Lengths)}]";
}
