namespace OnnxGrad.Tests.Rules;

internal static class ShapeRulesTests
{
    private const string Named = "the shape names it";

    public static readonly RuleCase[] Cases =
    [
        new("Reshape", Operand.Any(2, 3, 4), Operand.Vector(4, 6)) { FixesBatch = Named },
        new("Reshape", Operand.Any(2, 3, 4), Operand.Vector(0, -1)) { Note = "copied and inferred lengths" },
        new("Reshape", Operand.Any(2, 3), Operand.Vector(3, 2))
        {
            Note = "allowzero", Attributes = [("allowzero", 1L)], FixesBatch = Named,
        },
        new("Flatten", Operand.Any(2, 3, 4)),
        new("Flatten", Operand.Any(2, 3, 4)) { Note = "axis -1", Attributes = [("axis", -1L)] },
        new("Flatten", Operand.Any(2, 3, 4)) { Note = "axis 0", Attributes = [("axis", 0L)] },
        new("Squeeze", Operand.Any(2, 1, 3, 1)) { FixesBatch = "a batch of one item is squeezed too" },
        new("Squeeze", Operand.Any(2, 1, 3, 1), Operand.Vector(-1)) { Note = "one axis" },
        new("Unsqueeze", Operand.Any(2, 3), Operand.Vector(0, -1)),
        new("Transpose", Operand.Any(2, 3, 4)),
        new("Transpose", Operand.Any(2, 3, 4)) { Note = "cycle", Attributes = [("perm", new long[] { 1, 2, 0 })] },
        new("Expand", Operand.Any(3, 1), Operand.Vector(2, 3, 4)) { FixesBatch = Named },
        new("Expand", Operand.Any(2, 1, 3), Operand.Vector(4, 1)) { Note = "to fewer axes" },
        new("Concat", Operand.Any(2, 3), Operand.Any(2, 1), Operand.Any(2, 2)) { Attributes = [("axis", 1L)] },
        new("Concat", Operand.Any(2, 3), Operand.Any(1, 3)) { Note = "negative axis", Attributes = [("axis", -2L)] },
        new("Concat", Operand.Any(2, 3)) { Note = "one part", Attributes = [("axis", 0L)] },
        new("Split", Operand.Any(2, 6)) { Attributes = [("axis", 1L), ("num_outputs", 3L)], Outputs = 3, Differentiated = [0, 1, 2] },
        new("Split", Operand.Any(5, 2))
        {
            Note = "uneven", Attributes = [("num_outputs", 2L)], Outputs = 2, Differentiated = [1],
            FixesBatch = "a batch of one item has no second part",
        },
        new("Split", Operand.Any(2, 6), Operand.Vector(1, 3, 2))
        {
            Note = "lengths", Attributes = [("axis", -1L)], Outputs = 3, Differentiated = [0, 2],
        },
        new("Slice", Operand.Any(5, 6), Operand.Vector(1), Operand.Vector(4)),
        new("Slice", Operand.Any(5, 6), Operand.Vector(1, 0), Operand.Vector(100, -1), Operand.Vector(-1, 0)) { Note = "axes" },
        new("Slice", Operand.Any(5, 7), Operand.Vector(0, 1), Operand.Vector(5, 7), Operand.Vector(0, 1), Operand.Vector(2, 3))
        {
            Note = "steps", FixesBatch = "the slice of a batch of one item is empty",
        },
        new("Slice", Operand.Any(5, 7), Operand.Vector(-1, 100), Operand.Vector(-100, 0), Operand.Vector(0, 1), Operand.Vector(-1, -2))
        {
            Note = "backwards",
        },
        new("Slice", Operand.Any(5, 7), Operand.Vector(3), Operand.Vector(0), Operand.Vector(1), Operand.Vector(-3))
        {
            Note = "one element backwards",
        },
        new("Tile", Operand.Any(2, 3), Operand.Vector(2, 1)),
        new("Tile", Operand.Any(2, 1, 3), Operand.Vector(3, 4, 2)) { Note = "every axis" },
        new("Tile", Operand.Any(1, 3), Operand.Vector(4, 1)) { Note = "length 1" },
        new("Trilu", Operand.Any(3, 4)),
        new("Trilu", Operand.Any(2, 4, 3), Operand.Scalar(-1)) { Note = "lower", Attributes = [("upper", 0L)] },
        new("Trilu", Operand.Any(3, 4), Operand.Scalar(1)) { Note = "upper, above the diagonal" },
        new("ReverseSequence", Operand.Any(4, 3, 2), Operand.Vector(1, 4, 2)),
        new("ReverseSequence", Operand.Any(3, 4), Operand.Vector(2, 3, 4))
        {
            Note = "batch first", Attributes = [("batch_axis", 0L), ("time_axis", 1L)],
        },
    ];
}
