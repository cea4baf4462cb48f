namespace OnnxGrad.Tests.Rules;

/// <summary>
/// Rounding has no useful differences: these rows are compared with those of the same node without rounding
/// (<see cref="OnnxModel.WithoutRounding"/>).
/// </summary>
internal static class QuantizationRulesTests
{
    public static readonly RuleCase[] Cases =
    [
        Row("QuantizeLinear", Operand.Number(0.02), Whole(ElementType.UInt8, 100)) with { Note = "unsigned, some saturate" },
        Row("QuantizeLinear", Operand.Number(0.02), Whole(ElementType.UInt8, 0)) with { Note = "least integer for 0: a rectifier" },
        Row("QuantizeLinear", Operand.Number(0.01), Whole(ElementType.Int8, -20)) with { Note = "signed, some saturate" },
        Row("QuantizeLinear", Operand.Number(0.02)) with { Note = "no zero point" },
        Row("QuantizeLinear", Operand.Number(0.001), Whole(ElementType.Int16, 7)) with { Opset = 21, Note = "16 bits" },
        Row("QuantizeLinear", new Operand.Constant(new Shape(3), 0.02, 0.015, 0.05), Whole(ElementType.Int8, 3, -20, 0)) with
        {
            Note = "along axis 1",
        },
        Row("QuantizeLinear", new Operand.Constant(new Shape(4), 0.02, 0.015, 0.05, 0.01), Whole(ElementType.UInt8, 3, 20, 0, 128)) with
        {
            Attributes = [("axis", -1L)], Note = "along the last axis",
        },
        Row("DequantizeLinear", Operand.Number(0.02), Whole(ElementType.UInt8, 100)) with { Quantized = true, Note = "unsigned" },
        Row("DequantizeLinear", Operand.Number(0.01), Whole(ElementType.Int8, -20)) with { Quantized = true, Note = "signed" },
        Row("DequantizeLinear", Operand.Number(0.02)) with { Quantized = true, Note = "no zero point" },
        Row("DequantizeLinear", new Operand.Constant(new Shape(3), 0.02, 0.015, 0.05), Whole(ElementType.Int8, 3, -20, 0)) with
        {
            Quantized = true, Note = "along axis 1",
        },
        new("DynamicQuantizeLinear", Operand.Any(2, 3)) { SinglePrecision = true, WithoutRounding = true, Dequantized = true },
    ];

    // Away from where the rows' integers saturate: -2, -1.08, 0, 1.47, 2.55 and so on.
    private static RuleCase Row(string op, params Operand[] parameters) =>
        new(op, [Values(), .. parameters]) { SinglePrecision = true, WithoutRounding = true };

    private static Operand.Random Values() => new(
        new Shape(2, 3, 4), -4, 4,
        0, -2, 3.1, -1.08, 1.47, 5.1, -2.5, 2.55, -1.875, 2.25, -1.28, 1.27, -1.62, 2.205, -2.62, 2.48, -0.06, -0.3, 3.525);

    private static Operand.Whole Whole(ElementType type, params double[] values) =>
        new(type, values.Length == 1 ? default : new Shape(values.Length), values);
}
