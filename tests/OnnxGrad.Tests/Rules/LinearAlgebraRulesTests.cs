namespace OnnxGrad.Tests.Rules;

internal static class LinearAlgebraRulesTests
{
    public static readonly RuleCase[] Cases =
    [
        new("MatMul", Operand.Any(2, 3), Operand.Any(3, 4)),
        new("MatMul", Operand.Any(2, 5, 3), Operand.Any(3, 4)) { Note = "one matrix for all" },
        new("MatMul", Operand.Any(2, 3), Operand.Any(5, 3, 4)) { Note = "broadcast on the left" },
        new("MatMul", Operand.Any(2, 1, 4, 3), Operand.Any(5, 3, 2)) { Note = "broadcast both ways" },
        new("MatMul", Operand.Any(3), Operand.Any(3)) { Note = "vectors" },
        new("MatMul", Operand.Any(3), Operand.Any(2, 3, 4)) { Note = "vector on the left", FixesBatch = "the matrix has as many rows" },
        new("MatMul", Operand.Any(2, 4, 3), Operand.Any(3)) { Note = "vector on the right" },
        new("Gemm", Operand.Any(2, 3), Operand.Any(3, 4)),
        new("Gemm", Operand.Any(2, 3), Operand.Any(3, 4), Operand.Any(4))
        {
            Note = "bias row", Attributes = [("alpha", 0.5f), ("beta", 2f)],
        },
        new("Gemm", Operand.Any(3, 2), Operand.Any(3, 4), Operand.Any(2, 1))
        {
            Note = "transA", Attributes = [("transA", 1L), ("alpha", 3f)],
        },
        new("Gemm", Operand.Any(2, 3), Operand.Any(4, 3), Operand.Any(1)) { Note = "transB", Attributes = [("transB", 1L)] },
        new("Gemm", Operand.Any(3, 2), Operand.Any(4, 3), Operand.Any(2, 4))
        {
            Note = "both", Attributes = [("transA", 1L), ("transB", 1L)], FixesBatch = "the other matrix has as many columns",
        },
        new("Gemm", Operand.Any(2, 3), Operand.Any(3, 4), Operand.Any()) { Note = "scalar bias", Attributes = [("beta", 0.25f)] },
        Einsum("ij,jk->ik", Operand.Any(2, 3), Operand.Any(3, 4)),
        Einsum("bij, bjk", Operand.Any(2, 3, 4), Operand.Any(2, 4, 2)),
        Einsum("bhid,bhjd->bhij", Operand.Any(2, 2, 3, 4), Operand.Any(2, 2, 5, 4)),
        Einsum("...ij,...jk->...ik", Operand.Any(2, 1, 3, 2), Operand.Any(1, 4, 2, 3)),
        Einsum("ij->ji", Operand.Any(2, 3)),
        Einsum("ij->i", Operand.Any(2, 3)),
        Einsum("ij->", Operand.Any(2, 3)),
        Einsum("i,i", Operand.Any(4), Operand.Any(4)),
        Einsum("ijk,l->il", Operand.Any(2, 3, 2), Operand.Any(3)),
        Einsum("i,j,k->kji", Operand.Any(2), Operand.Any(3), Operand.Any(4)),
        Einsum("...ii->...i", Operand.Any(2, 3, 3)),
        Einsum("iji,j->i", Operand.Any(2, 3, 2), Operand.Any(3)),
        Einsum("ii", Operand.Any(3, 3)) with { FixesBatch = "both axes have the same letter" },
        Einsum("...a,a->...", Operand.Any(2, 3, 4), Operand.Any(4)),
    ];

    private static RuleCase Einsum(string equation, params Operand[] operands) =>
        new("Einsum", operands) { Note = equation, Attributes = [("equation", equation)] };
}
