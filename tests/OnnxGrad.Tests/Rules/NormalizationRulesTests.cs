namespace OnnxGrad.Tests.Rules;

internal static class NormalizationRulesTests
{
    public static readonly RuleCase[] Cases =
    [
        new("BatchNormalization", Operand.Any(2, 3, 2, 2), Operand.Any(3), Operand.Any(3), Operand.Any(3), Operand.Between(0.5, 2, 3))
        {
            Note = "planes",
        },
        new("BatchNormalization", Operand.Any(2, 3), Operand.Any(3), Operand.Any(3), Operand.Any(3), Operand.Between(0.5, 2, 3))
        {
            Attributes = [("epsilon", 0.1f)],
            Note = "no spatial axes, epsilon 0.1",
        },
        new(
            "BatchNormalization", Operand.Any(2, 3, 4),
            Constants(1, -2, 0.5), Constants(0, 1, 2), Constants(0.3, -1, 0), Constants(1, 2, 0.5)) { Note = "stored" },
        new("InstanceNormalization", Operand.Any(2, 3, 2, 3), Operand.Any(3), Operand.Any(3)) { Note = "planes" },
        new("InstanceNormalization", Operand.Any(2, 3, 5), Operand.Any(3), Operand.Any(3))
        {
            Attributes = [("epsilon", 0.1f)], Note = "one spatial axis, epsilon 0.1",
        },
        new("LayerNormalization", Operand.Any(2, 3, 5), Operand.Any(5)) { Note = "without bias" },
        new("LayerNormalization", Operand.Any(2, 3, 5), Operand.Any(5), Operand.Any(5))
        {
            Attributes = [("epsilon", 0.1f)], Note = "with bias, epsilon 0.1",
        },
        new("LayerNormalization", Operand.Any(2, 3, 5), Operand.Any(3, 5), Operand.Any(5)) { Attributes = [("axis", 1L)], Note = "axis 1" },
        new("LayerNormalization", Operand.Any(2, 3, 5), Operand.Any(5), Operand.Any(5))
        {
            Outputs = 3, Note = "three outputs, one differentiated",
        },
        new("LayerNormalization", Operand.Any(2, 3, 5), Operand.Number(1))
        {
            Outputs = 3,
            Differentiated = [0, 1, 2],
            Attributes = [("axis", 1L), ("stash_type", 1L)],
            SinglePrecision = true,
            Note = "three outputs differentiated",
        },
        new("GroupNormalization", Operand.Any(2, 6, 3), Operand.Any(6), Operand.Any(6))
        {
            Opset = 21,
            Attributes = [("num_groups", 2L), ("stash_type", (long)ElementType.Double)],
            Note = "scale per channel",
        },
        new("GroupNormalization", Operand.Any(2, 6, 2, 2), Operand.Any(6), Operand.Any(6))
        {
            Opset = 21,
            Attributes = [("num_groups", 3L), ("epsilon", 0.1f)],
            SinglePrecision = true,
            Note = "planes, epsilon 0.1",
        },
        new("GroupNormalization", Operand.Any(2, 6, 3), Operand.Any(2), Operand.Any(2))
        {
            Opset = 18, Attributes = [("num_groups", 2L)], Note = "scale per group",
        },
        new("RMSNormalization", Operand.Any(2, 3, 5), Operand.Any(5)) { Opset = 23, Note = "last axis" },
        new("RMSNormalization", Operand.Any(2, 3, 5), Operand.Any(3, 5))
        {
            Opset = 23, Attributes = [("axis", 1L), ("epsilon", 0.1f)], Note = "axis 1",
        },
        new("MeanVarianceNormalization", Operand.Any(2, 3, 2, 3)) { Note = "axes by default" },
        new("MeanVarianceNormalization", Operand.Any(2, 3, 2, 3))
        {
            Attributes = [("axes", new long[] { 2, 3 })], Note = "each picture's channels",
        },
        new("LRN", Operand.Any(2, 6, 2, 3)) { Attributes = [("size", 5L), ("alpha", 0.5f)], Note = "odd size" },
        new("LRN", Operand.Any(1, 3, 2, 2)) { Attributes = [("size", 7L), ("alpha", 0.5f)], Note = "window over all channels" },
        new("LRN", Operand.Any(1, 3, 2, 2)) { Attributes = [("size", 1L), ("alpha", 0.5f)], Note = "one channel" },
    ];

    private static Operand.Constant Constants(params double[] values) => new(new Shape(values.Length), values);
}
