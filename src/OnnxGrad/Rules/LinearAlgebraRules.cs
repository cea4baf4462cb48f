namespace OnnxGrad.Rules;

/// <summary>Matrix products.</summary>
internal static class LinearAlgebraRules
{
    public static readonly Dictionary<string, VjpRule> Table = new()
    {
        ["Einsum"] = EinsumRule.Gradients,
        ["Gemm"] = Gemm,
        ["MatMul"] = MatMul,
    };

    // Y = A B: dA = dY B^T, dB = A^T dY. A vector is a matrix of one row on the left, of one column on the right.
    private static Tensor?[] MatMul(VjpContext c)
    {
        Tensor x = c.X(0), w = c.X(1), dy = c.Dy;
        bool row = x.Rank == 1, column = w.Rank == 1;
        if (column)
            (w, dy) = (w.Unsqueeze(-1), dy.Unsqueeze(-1));
        if (row)
            (x, dy) = (x.Unsqueeze(0), dy.Unsqueeze(-2));
        Tensor? dx = c.Needs(0) ? dy.MatMulTransposed(w) : null;
        Tensor? dw = c.Needs(1) ? x.TransposeMatrix().MatMul(dy) : null;
        return [row ? dx?.Squeeze(-2) : dx, column ? dw?.Squeeze(-1) : dw];
    }

    // Y = alpha A' B' + beta C, where A' and B' may be transposed; the product's gradient is read off without transposing a weight.
    private static Tensor?[] Gemm(VjpContext c)
    {
        bool left = c.Int("transA", 0) != 0, right = c.Int("transB", 0) != 0;
        var scaled = c.Dy * c.Float("alpha", 1);
        Tensor? da = null, db = null;
        if (c.Needs(0))
        {
            da = right ? scaled.MatMul(c.X(1)) : scaled.MatMulTransposed(c.X(1));
            da = left ? da.Value.TransposeMatrix() : da;
        }

        if (c.Needs(1))
        {
            db = (left ? c.X(0) : c.X(0).TransposeMatrix()).MatMul(scaled);
            db = right ? db.Value.TransposeMatrix() : db;
        }

        return [da, db, c.Needs(2) ? c.Dy * c.Float("beta", 1) : null];
    }
}
