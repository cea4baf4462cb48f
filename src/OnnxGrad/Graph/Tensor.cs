namespace OnnxGrad;

/// <summary>
/// A value of a graph, as an expression: its operators append nodes. What it holds exists only when the graph runs;
/// its type and shape are known now.
/// </summary>
/// <remarks>
/// A <em>mapped</em> tensor carries one more axis in front, which <see cref="Shape"/> does not show and no operator's axes count: the
/// same computation for several cotangents at once (one for each class to be explained). An operator with a mapped operand has a mapped
/// result; values that are not mapped are shared by all. So one backward pass serves every class, and no gradient rule knows of it.
/// </remarks>
public readonly partial struct Tensor : IEquatable<Tensor>
{
    // How many cotangents there are.
    private static readonly Dimension MappedLength = new("mapped");

    internal Tensor(Graph graph, string name, ElementType type, Shape shape, bool mapped = false)
    {
        Graph = graph;
        Name = name;
        Type = type;
        Shape = shape;
        IsMapped = mapped;
    }

    /// <summary>The graph the value belongs to.</summary>
    public Graph Graph { get; }

    /// <summary>The value's name in the graph.</summary>
    public string Name { get; }

    /// <summary>The element type.</summary>
    public ElementType Type { get; }

    /// <summary>The shape, without the mapped axis.</summary>
    public Shape Shape { get; }

    /// <summary>The number of axes, without the mapped one.</summary>
    public int Rank => Shape.Rank;

    /// <summary>Whether one more axis, in front, runs over several cotangents.</summary>
    public bool IsMapped { get; }

    /// <summary>Turns the first axis into the mapped one: [M, ...] becomes [...], mapped.</summary>
    public Tensor Map() => IsMapped
        ? throw new InvalidOperationException("The tensor is mapped already.")
        : new(Graph, Name, Type, Shape.Slice(1, Rank - 1), mapped: true);

    /// <summary>
    /// Makes the mapped axis an ordinary one, at <paramref name="axis"/> of the result; a tensor that is not
    /// mapped gets a length of 1 there.
    /// </summary>
    public Tensor Unmap(int axis)
    {
        if (!IsMapped)
            return Unsqueeze(axis);
        var plain = new Tensor(Graph, Name, Type, new Shape([MappedLength, .. Shape]));
        if (axis == 0)
            return plain;
        long[] order = [.. Enumerable.Range(1, Rank).Select(i => (long)i)];
        return plain.Transpose([.. order[..axis], 0, .. order[axis..]]);
    }

    /// <inheritdoc/>
    public bool Equals(Tensor other) => ReferenceEquals(Graph, other.Graph) && Name == other.Name;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Tensor other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => Name?.GetHashCode(StringComparison.Ordinal) ?? 0;

    /// <summary>Whether two handles stand for the same value.</summary>
    public static bool operator ==(Tensor left, Tensor right) => left.Equals(right);

    /// <summary>Whether two handles stand for different values.</summary>
    public static bool operator !=(Tensor left, Tensor right) => !left.Equals(right);

    /// <summary>The value's name, type and shape.</summary>
    public override string ToString() => $"{Name}: {Type}{Shape}{(IsMapped ? " mapped" : "")}";

    /// <summary>Appends a node whose axes are counted with the mapped one, and names its result.</summary>
    private static Tensor Raw(
        string op, ReadOnlySpan<Tensor?> inputs, ElementType type, Shape shape, bool mapped,
        params ReadOnlySpan<(string Name, object Value)> attributes)
    {
        var result = inputs[0]!.Value.Graph.Append(op, inputs, type, shape, attributes);
        return new(result.Graph, result.Name, type, shape, mapped);
    }

    /// <summary>An axis as the node must name it: from 0, past the mapped axis.</summary>
    private long Placed(long axis) => Shape.Axis(axis) + (IsMapped ? 1 : 0);

    private long[] Placed(ReadOnlySpan<long> axes)
    {
        long[] placed = new long[axes.Length];
        for (int i = 0; i < axes.Length; i++)
            placed[i] = Placed(axes[i]);
        return placed;
    }

    /// <summary>The shape without some axes, or with length 1 there.</summary>
    /// <param name="placed">The axes, as the node names them.</param>
    /// <param name="keep">Whether they stay, with length 1.</param>
    private Shape Without(long[] placed, bool keep)
    {
        var lengths = new List<Dimension>();
        for (int i = 0; i < Rank; i++)
        {
            if (!placed.Contains(Placed(i)))
                lengths.Add(Shape[i]);
            else if (keep)
                lengths.Add(1);
        }

        return new Shape([.. lengths]);
    }

    /// <summary>
    /// The mapped axis merged into the first one, for operators that know only [N, C, spatial...]; <see cref="Unfold"/> is the way back.
    /// </summary>
    private Tensor Fold()
    {
        if (!IsMapped)
            return this;
        var (folded, rest) = (Shape.With(0, MappedLength * Shape[0]), Shape.Slice(1, Rank - 1));
        var target = rest.IsStatic
            ? Graph.Constant([-1, .. rest.ToArray()])
            : Concat(0, Graph.Constant(-1), RuntimeShape(2));
        return Raw("Reshape", [this, target], Type, folded, mapped: false);
    }

    /// <summary>Undoes <see cref="Fold"/> on the result of an operator that kept the first axis.</summary>
    /// <param name="folded">The operator's result, [M N, ...].</param>
    private Tensor Unfold(Tensor folded)
    {
        if (!IsMapped)
            return folded;
        var shape = folded.Shape.With(0, Shape[0]);
        var rest = shape.Slice(1, shape.Rank - 1);
        var target = shape.IsStatic
            ? Graph.Constant([-1, .. shape.ToArray()])
            : Concat(0, RuntimeShape(0, 2), rest.IsStatic ? Graph.Constant(rest.ToArray()) : folded.RuntimeShape(1));
        return Raw("Reshape", [folded, target], folded.Type, shape, mapped: true);
    }

    /// <summary>
    /// The lengths of the axes from <paramref name="start"/> on, the mapped one counted, as a vector of integers at run time.
    /// </summary>
    private Tensor RuntimeShape(int start, int end = int.MaxValue)
    {
        int rank = Rank + (IsMapped ? 1 : 0);
        int stop = Math.Min(end, rank);
        return Raw("Shape", [this], ElementType.Int64, new Shape(stop - start), mapped: false, ("start", (long)start), ("end", (long)stop));
    }
}
