using System.Collections.Immutable;
using OnnxGrad;

namespace GradCamSharp.Methods;

/// <summary>One block's attention: a softmax that weighs values.</summary>
/// <param name="Value">The softmax's result, by its name in the graph.</param>
/// <param name="Shape">Its shape.</param>
/// <param name="Order">Which of its axes are pictures, heads, queries and keys, in this order; default where they lie so.</param>
internal sealed record AttentionMatrix(string Value, Shape Shape, ImmutableArray<long> Order = default)
{
    /// <summary>The number of queries, where it is known.</summary>
    public Dimension Queries => Axis(Shape.Rank - 2);

    /// <summary>The number of keys, where it is known.</summary>
    public Dimension Keys => Axis(Shape.Rank - 1);

    /// <summary>The number of heads; null where the leading axes are not pictures and heads, so that these are windows.</summary>
    /// <param name="pictures">The number of pictures.</param>
    public long? Heads(Dimension pictures)
    {
        if (Shape.Rank == 4)
            return Axis(0) == pictures && Axis(1).IsKnown ? Axis(1).Value : null;
        if (Shape.Rank != 3)
            return null;
        // Pictures and heads as one axis, the heads of a picture side by side.
        for (long heads = 1; heads <= 256; heads++)
        {
            if (pictures * heads == Shape[0])
                return heads;
        }

        return null;
    }

    /// <summary>The matrix, or its gradient, as [N, heads, queries, keys].</summary>
    /// <param name="value">A tensor of the matrix's shape.</param>
    /// <param name="pictures">The number of pictures.</param>
    public Tensor ByHead(Tensor value, Dimension pictures) =>
        !Order.IsDefault ? value.Transpose(Order.AsSpan())
        : Shape.Rank == 4 ? value
        : value.Reshape(new Shape(pictures, Heads(pictures)!.Value, Queries, Keys));

    private Dimension Axis(int axis) => Shape[Order.IsDefault ? axis : (int)Order[axis]];
}
