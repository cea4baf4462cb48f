namespace OnnxGrad.Tests.Differentiation.Rules;

internal static class ShapeRulesTests
{
    public static readonly RuleCase[] Cases =
    [
        new("Reshape", Operand.Any(2, 3, 4), Operand.Vector(4, 6)),
        new("Reshape", Operand.Any(2, 3, 4), Operand.Vector(0, -1)) { Note = "copied and inferred lengths" },
        new("Reshape", Operand.Any(2, 3), Operand.Vector(3, 2)) { Note = "allowzero", Attributes = [("allowzero", 1L)] },
        new("Flatten", Operand.Any(2, 3, 4)),
        new("Flatten", Operand.Any(2, 3, 4)) { Note = "axis -1", Attributes = [("axis", -1L)] },
        new("Flatten", Operand.Any(2, 3, 4)) { Note = "axis 0", Attributes = [("axis", 0L)] },
        new("Squeeze", Operand.Any(2, 1, 3, 1)),
        new("Squeeze", Operand.Any(2, 1, 3, 1), Operand.Vector(-1)) { Note = "one axis" },
        new("Unsqueeze", Operand.Any(2, 3), Operand.Vector(0, -1)),
        new("Transpose", Operand.Any(2, 3, 4)),
        new("Transpose", Operand.Any(2, 3, 4)) { Note = "cycle", Attributes = [("perm", new long[] { 1, 2, 0 })] },
        new("Expand", Operand.Any(3, 1), Operand.Vector(2, 3, 4)),
        new("Expand", Operand.Any(2, 1, 3), Operand.Vector(4, 1)) { Note = "to fewer axes" },
        new("Concat", Operand.Any(2, 3), Operand.Any(2, 1), Operand.Any(2, 2)) { Attributes = [("axis", 1L)] },
        new("Concat", Operand.Any(2, 3), Operand.Any(1, 3)) { Note = "negative axis", Attributes = [("axis", -2L)] },
        new("Concat", Operand.Any(2, 3)) { Note = "one part", Attributes = [("axis", 0L)] },
        new("Split", Operand.Any(2, 6)) { Attributes = [("axis", 1L), ("num_outputs", 3L)], Outputs = 3, Differentiated = [0, 1, 2] },
        new("Split", Operand.Any(5, 2)) { Note = "uneven", Attributes = [("num_outputs", 2L)], Outputs = 2, Differentiated = [1] },
        new("Split", Operand.Any(2, 6), Operand.Vector(1, 3, 2)) { Note = "lengths", Attributes = [("axis", -1L)], Outputs = 3, Differentiated = [0, 2] },
    ];
}
