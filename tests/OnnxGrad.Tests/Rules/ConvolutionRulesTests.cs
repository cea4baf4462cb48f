namespace OnnxGrad.Tests.Rules;

internal static class ConvolutionRulesTests
{
    public static readonly RuleCase[] Cases =
    [
        Row("Conv", "plane", [2, 3, 5, 6], [4, 3, 3, 3], 4),
        Row("Conv", "1x1", [2, 3, 3, 4], [5, 3, 1, 1], 5),
        Row("Conv", "padded", [1, 2, 5, 4], [3, 2, 3, 3], 3, ("pads", Longs(1, 1, 1, 1))),
        Row("Conv", "uneven pads", [1, 2, 5, 4], [3, 2, 3, 2], 3, ("pads", Longs(0, 1, 2, 0))),
        Row("Conv", "pads wider than the kernel", [1, 2, 3, 3], [2, 2, 2, 2], 2, ("pads", Longs(3, 2, 2, 3))),
        Row("Conv", "strided", [1, 2, 7, 6], [3, 2, 3, 3], 3, ("strides", Longs(2, 2)), ("pads", Longs(1, 1, 1, 1))),
        Row("Conv", "strides that differ, elements left over", [1, 2, 8, 9], [3, 2, 3, 2], 3, ("strides", Longs(3, 2))),
        Row("Conv", "strided 1x1", [2, 3, 5, 6], [4, 3, 1, 1], 4, ("strides", Longs(2, 2))),
        Row("Conv", "strided 1x1, padded", [1, 3, 5, 6], [4, 3, 1, 1], 4, ("strides", Longs(2, 3)), ("pads", Longs(1, 1, 1, 1))),
        Row("Conv", "strided by more than the kernel", [1, 2, 9, 8], [3, 2, 2, 2], 3, ("strides", Longs(4, 3))),
        Row("Conv", "strided, pads wider than the kernel", [1, 2, 5, 5], [2, 2, 2, 2], 2,
            ("strides", Longs(2, 2)), ("pads", Longs(3, 2, 2, 3))),
        Row("Conv", "7x7 by 2", [1, 1, 12, 11], [2, 1, 7, 7], 2, ("strides", Longs(2, 2)), ("pads", Longs(3, 3, 3, 3))),
        Row("Conv", "dilated", [1, 2, 8, 7], [3, 2, 3, 2], 3, ("dilations", Longs(2, 3)), ("pads", Longs(1, 2, 0, 1))),
        Row("Conv", "dilated and strided", [1, 2, 9, 10], [3, 2, 3, 3], 3,
            ("dilations", Longs(2, 2)), ("strides", Longs(2, 3)), ("pads", Longs(1, 1, 2, 2))),
        Row("Conv", "groups", [2, 4, 5, 5], [6, 2, 3, 3], 6, ("group", 2L), ("pads", Longs(1, 1, 1, 1))),
        Row("Conv", "strided groups", [2, 4, 6, 5], [6, 2, 3, 3], 6, ("group", 2L), ("strides", Longs(2, 2)), ("pads", Longs(1, 1, 1, 1))),
        Row("Conv", "depthwise", [2, 4, 5, 5], [4, 1, 3, 3], 4, ("group", 4L), ("pads", Longs(1, 1, 1, 1))),
        Row("Conv", "strided depthwise", [2, 4, 6, 7], [4, 1, 3, 3], 4,
            ("group", 4L), ("strides", Longs(2, 2)), ("pads", Longs(1, 1, 1, 1))),
        Row("Conv", "strided dilated depthwise", [1, 2, 9, 9], [2, 1, 3, 3], 2,
            ("group", 2L), ("strides", Longs(2, 2)), ("dilations", Longs(3, 2))),
        Row("Conv", "depthwise, two maps a channel", [1, 3, 5, 5], [6, 1, 3, 3], 6, ("group", 3L)),
        Row("Conv", "strided depthwise, two maps a channel", [1, 3, 6, 5], [6, 1, 3, 3], 6, ("group", 3L), ("strides", Longs(2, 2))),
        Row("Conv", "SAME_UPPER", [1, 2, 6, 5], [3, 2, 4, 2], 3, ("auto_pad", "SAME_UPPER")),
        Row("Conv", "SAME_LOWER", [1, 2, 6, 5], [3, 2, 4, 2], 3, ("auto_pad", "SAME_LOWER")),
        Row("Conv", "strided SAME_UPPER", [1, 2, 6, 7], [3, 2, 3, 3], 3, ("auto_pad", "SAME_UPPER"), ("strides", Longs(2, 2))),
        Row("Conv", "strided SAME_LOWER", [1, 2, 6, 7], [3, 2, 3, 3], 3, ("auto_pad", "SAME_LOWER"), ("strides", Longs(2, 3))),
        Row("Conv", "VALID", [1, 2, 6, 5], [3, 2, 3, 2], 3, ("auto_pad", "VALID"), ("strides", Longs(2, 1))),
        Row("Conv", "signal", [2, 3, 9], [4, 3, 3], 4, ("pads", Longs(1, 1))),
        Row("Conv", "strided signal", [2, 4, 9], [4, 2, 4], 4, ("strides", Longs(3)), ("pads", Longs(1, 2)), ("group", 2L)),
        Row("Conv", "volume", [1, 2, 3, 4, 3], [2, 2, 2, 3, 2], 2, ("pads", Longs(1, 1, 0, 0, 1, 1))),
        Row("Conv", "strided volume", [1, 2, 4, 5, 4], [2, 2, 2, 3, 2], 2, ("strides", Longs(2, 2, 2)), ("pads", Longs(0, 1, 1, 1, 1, 0))),
        new("Conv", Operand.Any(1, 2, 4, 4), Operand.Any(3, 2, 3, 3)) { Note = "without bias" },

        Row("ConvTranspose", "plane", [2, 3, 4, 3], [3, 4, 3, 3], 4),
        Row("ConvTranspose", "padded", [1, 3, 4, 3], [3, 2, 3, 3], 2, ("pads", Longs(1, 1, 1, 1))),
        Row("ConvTranspose", "strided, uneven pads", [1, 3, 4, 3], [3, 2, 3, 3], 2, ("strides", Longs(2, 3)), ("pads", Longs(1, 0, 0, 2))),
        Row("ConvTranspose", "output_padding", [1, 3, 4, 3], [3, 2, 3, 3], 2,
            ("strides", Longs(2, 2)), ("pads", Longs(1, 1, 1, 1)), ("output_padding", Longs(1, 1))),
        Row("ConvTranspose", "output_padding without pads", [1, 2, 3, 3], [2, 2, 2, 2], 2,
            ("strides", Longs(3, 3)), ("output_padding", Longs(2, 1))),
        Row("ConvTranspose", "output_shape", [1, 2, 3, 4], [2, 2, 3, 3], 2, ("strides", Longs(2, 2)), ("output_shape", Longs(6, 8))),
        Row("ConvTranspose", "SAME_UPPER", [1, 2, 3, 4], [2, 2, 3, 3], 2, ("strides", Longs(2, 2)), ("auto_pad", "SAME_UPPER")),
        Row("ConvTranspose", "SAME_LOWER", [1, 2, 3, 4], [2, 2, 3, 3], 2, ("strides", Longs(2, 2)), ("auto_pad", "SAME_LOWER")),
        Row("ConvTranspose", "VALID", [1, 2, 3, 4], [2, 2, 3, 3], 2, ("strides", Longs(2, 1)), ("auto_pad", "VALID")),
        Row("ConvTranspose", "groups", [2, 4, 3, 3], [4, 3, 3, 2], 6, ("group", 2L), ("strides", Longs(2, 2))),
        Row("ConvTranspose", "depthwise", [2, 3, 3, 3], [3, 1, 4, 4], 3,
            ("group", 3L), ("strides", Longs(2, 2)), ("pads", Longs(1, 1, 1, 1))),
        Row("ConvTranspose", "dilated", [1, 2, 4, 3], [2, 3, 2, 3], 3, ("dilations", Longs(3, 2)), ("pads", Longs(1, 1, 0, 2))),
        Row("ConvTranspose", "signal", [2, 3, 5], [3, 2, 4], 2, ("strides", Longs(3)), ("pads", Longs(1, 0))),
        Row("ConvTranspose", "volume", [1, 2, 2, 3, 2], [2, 2, 2, 2, 3], 2, ("strides", Longs(2, 1, 2)), ("pads", Longs(0, 1, 1, 1, 0, 1))),
    ];

    private static RuleCase Row(string op, string note, long[] x, long[] weight, long bias, params (string, object)[] attributes) =>
        new(op, Operand.Any(x), Operand.Any(weight), Operand.Any(bias)) { Note = note, Attributes = attributes, Tolerance = (1e-6, 2e-4) };

    private static long[] Longs(params long[] values) => values;
}
