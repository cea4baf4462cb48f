namespace OnnxGrad.Tests.Rules;

internal static class PaddingRulesTests
{
    private const string Repeats = "what is repeated of it depends on its length";

    public static readonly RuleCase[] Cases =
    [
        Pad("constant", [2, 3, 4], [1, 0, 2, 0, 3, 1]),
        Pad("constant, cut off", [2, 3, 4], [0, -1, 2, 1, 0, -2]),
        Pad("reflect", [2, 4, 5], [0, 2, 4, 0, 3, 1]),
        Pad("reflect, cut off", [2, 4, 5], [0, -1, 2, 0, 2, -1]),
        Pad("edge", [2, 3, 4], [1, 0, 2, 0, 3, 1]) with { FixesBatch = Repeats },
        Pad("wrap", [2, 3, 4], [1, 0, 2, 0, 3, 1]) with { Opset = 19, FixesBatch = Repeats },
        new("Pad", Operand.Any(2, 3, 4, 5), Operand.Vector(1, 2, 0, 3), new Operand.Constant(default, 0.5), Operand.Vector(-1, 1))
        {
            Note = "axes",
        },
        new("Pad", Operand.Any(2, 3, 4, 5), Operand.Vector(1, 2, 0, 3), null, Operand.Vector(3, 2))
        {
            Note = "reflect, axes", Attributes = [("mode", "reflect")],
        },
        new("Pad", Operand.Any(2, 3), Operand.Vector(1, -1, 0, 2), Operand.Between(-1, 1)) { Note = "the value too" },
        new("Pad", Operand.Any(5), Operand.Vector(2, 3)) { Note = "edge, one axis", Attributes = [("mode", "edge")], FixesBatch = Repeats },

        new("DepthToSpace", Operand.Any(2, 8, 2, 3)) { Note = "DCR", Attributes = [("blocksize", 2L)] },
        new("DepthToSpace", Operand.Any(2, 18, 2, 1)) { Note = "CRD", Attributes = [("blocksize", 3L), ("mode", "CRD")] },
        new("SpaceToDepth", Operand.Any(2, 3, 4, 6)) { Attributes = [("blocksize", 2L)] },
    ];

    private static RuleCase Pad(string note, long[] x, long[] pads) => new("Pad", Operand.Any(x), Operand.Vector(pads))
    {
        Note = note,
        Attributes = [("mode", note.Split(',')[0])],
    };
}
