namespace OnnxGrad.Tests.Rules;

internal static class ReductionRulesTests
{
    private static readonly string[] Reductions =
    [
        "ReduceSum", "ReduceMean", "ReduceMax", "ReduceMin", "ReduceProd", "ReduceL1", "ReduceL2",
        "ReduceSumSquare", "ReduceLogSum", "ReduceLogSumExp",
    ];

    public static readonly RuleCase[] Cases =
    [
        .. Reductions.SelectMany(Variants),
        new("CumSum", Operand.Any(2, 4), Operand.Scalar(1)) { Note = "inclusive" },
        new("CumSum", Operand.Any(2, 4), Operand.Scalar(-2)) { Attributes = [("exclusive", 1L)], Note = "exclusive, negative axis" },
        new("CumSum", Operand.Any(2, 4), Operand.Scalar(1)) { Attributes = [("reverse", 1L)], Note = "reverse" },
        new("CumSum", Operand.Any(2, 4), Operand.Scalar(1))
        {
            Attributes = [("exclusive", 1L), ("reverse", 1L)], Note = "exclusive, reverse",
        },
        new("Softmax", Operand.Any(2, 3, 4)) { Note = "last axis" },
        new("Softmax", Operand.Any(2, 3, 4)) { Attributes = [("axis", 1L)], Note = "axis 1" },
        new("LogSoftmax", Operand.Any(2, 3, 4)) { Note = "last axis" },
        new("LogSoftmax", Operand.Any(2, 3, 4)) { Attributes = [("axis", -2L)], Note = "axis -2" },
        new("LpNormalization", Operand.Any(2, 3, 4)) { Note = "Euclidean, last axis" },
        new("LpNormalization", Operand.Any(2, 3, 4)) { Attributes = [("axis", 1L)], Note = "Euclidean, axis 1" },
        new("LpNormalization", Operand.Any(2, 3, 4)) { Attributes = [("axis", 1L), ("p", 1L)], Note = "absolute, axis 1" },
        new("TopK", Distinct, Operand.Vector(2)) { Outputs = 2, Note = "largest, last axis" },
        new("TopK", Distinct, Operand.Vector(1))
        {
            Outputs = 2, Attributes = [("axis", 0L), ("largest", 0L), ("sorted", 0L)], Note = "smallest, axis 0",
        },
    ];

    /// <summary>Random numbers of so wide a range that no two come near each other.</summary>
    private static Operand.Random Distinct => new(new Shape(2, 4), -200, 200);

    private static IEnumerable<RuleCase> Variants(string op)
    {
        // Logarithms of sums need positive ones; extremes elements that do not tie.
        Operand x = op switch
        {
            "ReduceLogSum" => Operand.Between(0.5, 2, 2, 3, 4),
            "ReduceMax" or "ReduceMin" => Distinct with { Shape = new Shape(2, 3, 4) },
            _ => Operand.Any(2, 3, 4),
        };
        yield return new(op, x) { Note = "all axes" };
        yield return new(op, x) { Attributes = [("keepdims", 0L)], Note = "all axes, gone" };
        yield return new(op, x, Operand.Vector(1)) { Note = "axis 1" };
        yield return new(op, x, Operand.Vector(-1, 0)) { Attributes = [("keepdims", 0L)], Note = "axes -1 and 0, gone" };
        yield return new(op, x, Operand.Vector()) { Note = "empty axes: all" };
        yield return new(op, x, Operand.Vector()) { Attributes = [("noop_with_empty_axes", 1L)], Note = "empty axes: none" };
    }
}
