namespace OnnxGrad.Tests.Rules;

internal static class PoolingRulesTests
{
    public static readonly RuleCase[] Cases =
    [
        Row("GlobalAveragePool", "plane", [2, 3, 4, 5]),
        Row("GlobalAveragePool", "signal", [2, 3, 4]),
        Row("GlobalAveragePool", "volume", [1, 2, 3, 2, 2]),
        Row("GlobalMaxPool", "plane", [2, 3, 4, 5]),
        Row("GlobalMaxPool", "volume", [2, 2, 3, 2, 2]),
        new("GlobalLpPool", Operand.Any(2, 3, 3, 4)) { Note = "Euclidean" },
        new("GlobalLpPool", Operand.Any(2, 3, 3, 4)) { Note = "p = 1", Attributes = [("p", 1L)] },
        new("GlobalLpPool", Operand.Any(2, 3, 5)) { Note = "p = 3", Attributes = [("p", 3L)] },

        Row("AveragePool", "2x2 by 2", [2, 3, 4, 6], Kernel(2, 2), Strides(2, 2)),
        Row("AveragePool", "2x2 by 2, elements left over", [1, 2, 5, 7], Kernel(2, 2), Strides(2, 2)),
        Row("AveragePool", "2x2 by 3", [1, 2, 9, 8], Kernel(2, 2), Strides(3, 3)),
        Row("AveragePool", "2x2 by 2, padded", [1, 2, 5, 4], Kernel(2, 2), Strides(2, 2), Pads(1, 0, 0, 0)),
        Row("AveragePool", "the whole plane", [2, 3, 4, 5], Kernel(4, 5)),
        Row("AveragePool", "3x3 by 1", [1, 2, 5, 6], Kernel(3, 3)),
        Row("AveragePool", "3x3 by 1, padded", [1, 2, 5, 6], Kernel(3, 3), Pads(1, 1, 1, 1)),
        Row("AveragePool", "3x3 by 1, padding counts", [1, 2, 5, 6], Kernel(3, 3), Pads(1, 1, 1, 1), ("count_include_pad", 1L)),
        Row("AveragePool", "3x2 by 2, uneven pads", [1, 2, 6, 7], Kernel(3, 2), Strides(2, 2), Pads(0, 1, 2, 0)),
        Row("AveragePool", "3x3 by 2, ceil", [1, 2, 6, 8], Kernel(3, 3), Strides(2, 2), ("ceil_mode", 1L)),
        Row("AveragePool", "3x3 by 2, ceil, padded, padding counts", [1, 2, 6, 7],
            Kernel(3, 3), Strides(2, 2), Pads(1, 1, 1, 1), ("ceil_mode", 1L), ("count_include_pad", 1L)),
        Row("AveragePool", "3x3 by 2, SAME_UPPER", [1, 2, 6, 7], Kernel(3, 3), Strides(2, 2), ("auto_pad", "SAME_UPPER")),
        Row("AveragePool", "3x3 by 2, SAME_LOWER", [1, 2, 6, 7], Kernel(3, 3), Strides(2, 2), ("auto_pad", "SAME_LOWER")),
        Row("AveragePool", "SAME_UPPER, padding counts", [1, 2, 6, 7], Kernel(3, 3), Strides(2, 2),
            ("auto_pad", "SAME_UPPER"), ("count_include_pad", 1L)),
        Row("AveragePool", "VALID", [1, 2, 6, 7], Kernel(3, 3), Strides(2, 2), ("auto_pad", "VALID")),
        Row("AveragePool", "dilated", [1, 2, 7, 8], Kernel(3, 2), ("dilations", Longs(2, 3))) with { Opset = 19 },
        Row("AveragePool", "dilated, padded", [1, 2, 7, 8], Kernel(3, 2), Strides(2, 1), Pads(1, 1, 2, 1),
            ("dilations", Longs(2, 3))) with { Opset = 19 },
        Row("AveragePool", "signal", [2, 3, 8], Kernel(3), Strides(2), Pads(1, 0)),
        Row("AveragePool", "volume", [1, 2, 4, 5, 4], Kernel(2, 3, 2), Strides(2, 1, 2), Pads(0, 1, 0, 0, 1, 1)),

        Row("MaxPool", "2x2 by 2", [2, 3, 4, 6], Kernel(2, 2), Strides(2, 2)),
        Row("MaxPool", "2x2 by 2, elements left over", [2, 2, 5, 7], Kernel(2, 2), Strides(2, 2)),
        Row("MaxPool", "2x2 by 3", [1, 2, 9, 8], Kernel(2, 2), Strides(3, 3)),
        Row("MaxPool", "2x2 by 2, padded", [1, 2, 5, 4], Kernel(2, 2), Strides(2, 2), Pads(1, 0, 0, 0)),
        Row("MaxPool", "2x2 by 2, ceil", [1, 2, 5, 7], Kernel(2, 2), Strides(2, 2), ("ceil_mode", 1L)),
        Row("MaxPool", "3x3 by 2", [2, 2, 7, 9], Kernel(3, 3), Strides(2, 2)),
        Row("MaxPool", "3x3 by 2, padded", [1, 2, 6, 8], Kernel(3, 3), Strides(2, 2), Pads(1, 1, 1, 1)),
        Row("MaxPool", "3x3 by 2, ceil", [1, 2, 6, 8], Kernel(3, 3), Strides(2, 2), ("ceil_mode", 1L)),
        Row("MaxPool", "3x3 by 2, ceil, padded", [1, 2, 6, 7], Kernel(3, 3), Strides(2, 2), Pads(1, 1, 1, 1), ("ceil_mode", 1L)),
        Row("MaxPool", "3x3 by 1, padded", [1, 2, 5, 6], Kernel(3, 3), Pads(1, 1, 1, 1)),
        Row("MaxPool", "5x5 by 1, padded", [1, 2, 6, 7], Kernel(5, 5), Pads(2, 2, 2, 2)),
        Row("MaxPool", "the whole plane", [2, 3, 4, 5], Kernel(4, 5)),
        Row("MaxPool", "uneven pads", [1, 2, 6, 7], Kernel(3, 2), Strides(2, 2), Pads(0, 1, 2, 0)),
        Row("MaxPool", "dilated", [1, 2, 7, 8], Kernel(3, 2), Strides(1, 2), ("dilations", Longs(2, 3))),
        Row("MaxPool", "dilated by the stride", [1, 2, 8, 8], Kernel(2, 2), Strides(2, 2), ("dilations", Longs(2, 2))),
        Row("MaxPool", "SAME_UPPER", [1, 2, 6, 7], Kernel(3, 3), Strides(2, 2), ("auto_pad", "SAME_UPPER")),
        Row("MaxPool", "SAME_LOWER", [1, 2, 6, 7], Kernel(3, 3), Strides(2, 2), ("auto_pad", "SAME_LOWER")),
        Row("MaxPool", "VALID", [1, 2, 6, 7], Kernel(3, 3), Strides(2, 2), ("auto_pad", "VALID")),
        Row("MaxPool", "signal", [2, 3, 9], Kernel(3), Strides(2), Pads(1, 1)),
        Row("MaxPool", "signal by its length", [2, 3, 9], Kernel(3), Strides(3)),
        Row("MaxPool", "volume", [1, 2, 4, 5, 4], Kernel(2, 3, 2), Strides(2, 1, 2), Pads(0, 1, 0, 0, 1, 1)),
        Row("MaxPool", "volume by its lengths", [2, 2, 4, 4, 4], Kernel(2, 2, 2), Strides(2, 2, 2)),
        Row("MaxPool", "with indices", [2, 2, 5, 6], Kernel(3, 3), Strides(2, 2)) with { Outputs = 2 },

        Lp("Euclidean", [1, 2, 5, 6], Kernel(3, 2), Strides(2, 2)),
        Lp("p = 1", [1, 2, 5, 6], Kernel(2, 2), ("p", 1L)),
        Lp("p = 3, padded", [1, 2, 5, 6], Kernel(3, 3), Strides(2, 1), Pads(1, 1, 1, 1), ("p", 3L)),
        Lp("2x2 by 2, elements left over", [1, 2, 5, 7], Kernel(2, 2), Strides(2, 2)),
        Lp("dilated", [1, 2, 7, 6], Kernel(3, 2), ("dilations", Longs(2, 2))),
        Lp("ceil", [1, 2, 6, 6], Kernel(3, 3), Strides(2, 2), ("ceil_mode", 1L)),
        Lp("SAME_UPPER", [1, 2, 6, 6], Kernel(3, 3), Strides(2, 2), ("auto_pad", "SAME_UPPER")),
        Lp("signal", [2, 2, 7], Kernel(3), Strides(2)),

        new("MaxUnpool", Operand.Any(1, 2, 2, 2), new Operand.Integers(new Shape(1, 2, 2, 2), 5, 2, 8, 15, 16, 19, 25, 30))
        {
            Note = "2x2 by 2",
            Attributes = [Kernel(2, 2), Strides(2, 2)],
        },
        new("MaxUnpool", Operand.Any(1, 1, 2, 2), new Operand.Integers(new Shape(1, 1, 2, 2), 5, 7, 13, 24), Operand.Vector(1, 1, 5, 5))
        {
            Note = "output_shape", FixesBatch = "the shape names it",
            Attributes = [Kernel(2, 2), Strides(2, 2)],
        },
    ];

    private static RuleCase Row(string op, string note, long[] x, params (string, object)[] attributes) =>
        new(op, Operand.Distinct(x)) { Note = note, Attributes = attributes, Tolerance = (1e-6, 2e-4) };

    private static RuleCase Lp(string note, long[] x, params (string, object)[] attributes) =>
        new("LpPool", Operand.Any(x)) { Note = note, Attributes = attributes };

    private static (string, object) Kernel(params long[] lengths) => ("kernel_shape", lengths);

    private static (string, object) Strides(params long[] steps) => ("strides", steps);

    private static (string, object) Pads(params long[] pads) => ("pads", pads);

    private static long[] Longs(params long[] values) => values;
}
