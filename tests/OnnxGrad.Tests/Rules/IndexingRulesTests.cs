namespace OnnxGrad.Tests.Rules;

internal static class IndexingRulesTests
{
    private static readonly Operand.Integers Pairs = new(new Shape(3, 2), 0, 1, -1, 2, 0, 0);
    private static readonly Operand.Integers Repeated = new(new Shape(2, 2), 0, -1, 0, 1);

    private const string Indices = "the indices name its positions";

    public static readonly RuleCase[] Cases =
    [
        new("Gather", Operand.Any(4, 3), Operand.Vector(0, 2, 0)) { FixesBatch = Indices },
        new("Gather", Operand.Any(2, 4, 3), Operand.Scalar(-1)) { Note = "class token", Attributes = [("axis", 1L)] },
        new("Gather", Operand.Any(2, 4), Operand.Vector(1)) { Note = "one index", Attributes = [("axis", -1L)] },
        new("Gather", Operand.Any(2, 4, 3), new Operand.Integers(new Shape(2, 2), 0, -1, 3, 0))
        {
            Note = "matrix of indices", Attributes = [("axis", 1L)],
        },
        new("Gather", Operand.Any(2, 4, 3), new Operand.Integers(new Shape(1, 1), 2))
        {
            Note = "matrix of one index", Attributes = [("axis", 1L)],
        },
        new("GatherElements", Operand.Any(3, 2), Repeated) { FixesBatch = Indices },
        new("GatherElements", Operand.Any(2, 3), Repeated) { Note = "axis 1", Attributes = [("axis", -1L)], FixesBatch = Indices },
        new("GatherND", Operand.Any(2, 3), Pairs),
        new("GatherND", Operand.Any(2, 3, 2), new Operand.Integers(new Shape(2, 1), 1, 1)) { Note = "slices", FixesBatch = Indices },
        new("GatherND", Operand.Any(2, 3, 2), new Operand.Integers(new Shape(2, 2, 1), 1, -1, 2, 2))
        {
            Note = "batch", Attributes = [("batch_dims", 1L)],
        },
        new("GatherND", Operand.Any(2, 2, 3), new Operand.Integers(new Shape(2, 2, 1), 1, 0, 2, 2))
        {
            Note = "two batch axes", Attributes = [("batch_dims", 2L)],
        },
        new("OneHot", Operand.Vector(2, 0, 1), Operand.Scalar(4), Operand.Between(-1, 1, 2))
        {
            Note = "values", FixesBatch = "there are two values",
        },
        new("OneHot", Operand.Vector(2, 0), Operand.Scalar(3), Operand.Between(-1, 1, 2))
        {
            Note = "first axis", FixesBatch = "there are two values",
            Attributes = [("axis", 0L)],
        },
        new("ScatterElements", Operand.Any(3, 2), new Operand.Integers(new Shape(2, 2), 0, -1, 2, 0), Operand.Any(2, 2)),
        .. new[] { "add", "mul", "max", "min" }.SelectMany(r => new RuleCase[]
        {
            new("ScatterElements", Operand.Any(3, 3), Repeated, Operand.Any(2, 2))
            {
                Note = r, Attributes = [("reduction", r), ("axis", 1L)],
            },
            new("ScatterND", Operand.Any(2, 3), new Operand.Integers(new Shape(3, 2), 0, 1, 1, 2, 0, 1), Operand.Any(3))
            {
                Note = r, Attributes = [("reduction", r)],
            },
        }),
        new("ScatterElements", Operand.Any(3), Operand.Vector(0, 0, 2), new Operand.Constant(new Shape(3), 0, 3, 0))
        {
            Note = "mul by zero", Attributes = [("reduction", "mul")],
        },
        new("ScatterND", Operand.Any(3, 2), new Operand.Integers(new Shape(2, 1), 2, 0), Operand.Any(2, 2)),
        new("Compress", Operand.Any(3, 4), new Operand.Booleans(new Shape(4), 0, 1, 1, 0)) { Attributes = [("axis", 1L)] },
        new("Compress", Operand.Any(2, 3), new Operand.Booleans(new Shape(5), 0, 1, 0, 0, 1)) { Note = "flattened" },
    ];
}
