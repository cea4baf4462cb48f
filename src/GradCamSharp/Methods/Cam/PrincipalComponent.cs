using OnnxGrad;

namespace GradCamSharp.Methods;

/// <summary>First principal components, as operators of a graph: by squaring a matrix again and again, which every runtime can.</summary>
internal static class PrincipalComponent
{
    // 2^10 steps of the power method: the second component falls below 1e-9 of the first where their ratio is 0.98.
    private const int Squarings = 10;

    // Of a kernel matrix, which is shifted so that its most negative eigenvalue does not count, and is computed in double.
    private const int KernelSquarings = 20;

    /// <summary>
    /// The projection of each position's channels on the first right singular vector of X [P, K]: X v_1. The entry of the largest magnitude
    /// is positive, of equals the first. Zeros where X is 0.
    /// </summary>
    /// <param name="channels">[N, K, spatial...].</param>
    /// <param name="centred">Whether each channel's mean over positions is subtracted first.</param>
    /// <returns>[N, spatial...].</returns>
    public static Tensor Of(Tensor channels, bool centred)
    {
        var spatial = channels.Shape.Slice(2, channels.Rank - 2);
        var X = Matrix(channels, centred);                                      // [N, K, P]
        long channelCount = X.Shape[1].Value, positions = X.Shape[2].Value;
        Tensor map;
        if (channelCount < positions)
        {
            var v = First(X.MatMul(X.TransposeMatrix()), Squarings);            // [N, K, 1]
            map = v.TransposeMatrix().MatMul(X);                                // [N, 1, P]
        }
        else
        {
            var u = First(X.TransposeMatrix().MatMul(X), Squarings);            // [N, P, 1]
            map = u.TransposeMatrix() * X.MatMul(u).Square().Sum([1]).Sqrt();
        }

        return Signed(map).Reshape(new Shape([channels.Shape[0], .. spatial]));
    }

    /// <summary>The first eigenvector of a kernel matrix, times the root of its eigenvalue; zeros where that is not positive.</summary>
    /// <param name="kernel">[N, P, P], symmetric, in double.</param>
    /// <param name="shape">The map's shape.</param>
    public static Tensor OfKernel(Tensor kernel, Shape shape)
    {
        long size = kernel.Shape[2].Value;
        // No eigenvalue is larger than the root of the sum of squares, so the shifted matrix has none below 0.
        var bound = kernel.Square().Sum([1, 2]).Sqrt();
        var u = First(kernel + (Identity(kernel, size) * bound), KernelSquarings);
        var value = u.TransposeMatrix().MatMul(kernel.MatMul(u));               // [N, 1, 1]
        return Signed(u.TransposeMatrix() * value.Relu().Sqrt()).Reshape(shape);
    }

    /// <summary>The channels of each position as a matrix, [N, K, P].</summary>
    /// <param name="channels">[N, K, spatial...].</param>
    /// <param name="centred">Whether each channel's mean over positions is subtracted.</param>
    public static Tensor Matrix(Tensor channels, bool centred)
    {
        var X = channels.Reshape(new Shape(channels.Shape[0], channels.Shape[1], channels.Shape.Product(2, channels.Rank)));
        return centred ? X - X.Mean([2]) : X;
    }

    // The unit eigenvector of the largest eigenvalue of a matrix without negative ones, [N, n, 1]; zeros of a matrix of zeros.
    private static Tensor First(Tensor matrix, int squarings)
    {
        long size = matrix.Shape[2].Value;
        var unit = Identity(matrix, size);
        var power = Ratio(matrix, (matrix * unit).Sum([1, 2]));
        for (int i = 0; i < squarings; i++)
        {
            var square = power.MatMul(power);
            power = Ratio(square, (square * unit).Sum([1, 2]));
        }

        // Every column is a multiple of it; the one with the largest diagonal entry is the longest.
        var chosen = (power * unit).Sum([1]).ArgMax(2).Squeeze(1, 2).OneHot(size, axis: 1, ElementType.Float);
        var column = power.MatMul(chosen.Unsqueeze(2).CastLike(power));
        return Ratio(column, column.Square().Sum([1, 2]).Sqrt());
    }

    private static Tensor Signed(Tensor map)
    {
        var strongest = map.GatherElements(map.Abs().ArgMax(2), axis: 2);
        return Tensor.Where(strongest < 0, -map, map);
    }

    private static Tensor Identity(Tensor like, long size)
    {
        long[] places = [.. Enumerable.Range(0, (int)size).Select(i => (long)i)];
        return like.Graph.Constant(places).OneHot(size, axis: 1, ElementType.Float).CastLike(like);
    }

    private static Tensor Ratio(Tensor values, Tensor total) => Tensor.Where(total.NotZero(), values / total, 0);
}
