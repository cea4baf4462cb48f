namespace OnnxGrad.Tests.Differentiation.Rules;

internal static class LinearAlgebraRulesTests
{
    public static readonly RuleCase[] Cases =
    [
        new("MatMul", Operand.Any(2, 3), Operand.Any(3, 4)),
        new("MatMul", Operand.Any(2, 5, 3), Operand.Any(3, 4)) { Note = "one matrix for all" },
        new("MatMul", Operand.Any(2, 3), Operand.Any(5, 3, 4)) { Note = "broadcast on the left" },
        new("MatMul", Operand.Any(2, 1, 4, 3), Operand.Any(5, 3, 2)) { Note = "broadcast both ways" },
        new("MatMul", Operand.Any(3), Operand.Any(3)) { Note = "vectors" },
        new("MatMul", Operand.Any(3), Operand.Any(2, 3, 4)) { Note = "vector on the left" },
        new("MatMul", Operand.Any(2, 4, 3), Operand.Any(3)) { Note = "vector on the right" },
        new("Gemm", Operand.Any(2, 3), Operand.Any(3, 4)),
        new("Gemm", Operand.Any(2, 3), Operand.Any(3, 4), Operand.Any(4)) { Note = "bias row", Attributes = [("alpha", 0.5f), ("beta", 2f)] },
        new("Gemm", Operand.Any(3, 2), Operand.Any(3, 4), Operand.Any(2, 1)) { Note = "transA", Attributes = [("transA", 1L), ("alpha", 3f)] },
        new("Gemm", Operand.Any(2, 3), Operand.Any(4, 3), Operand.Any(1)) { Note = "transB", Attributes = [("transB", 1L)] },
        new("Gemm", Operand.Any(3, 2), Operand.Any(4, 3), Operand.Any(2, 4)) { Note = "both", Attributes = [("transA", 1L), ("transB", 1L)] },
        new("Gemm", Operand.Any(2, 3), Operand.Any(3, 4), Operand.Any()) { Note = "scalar bias", Attributes = [("beta", 0.25f)] },
    ];
}
