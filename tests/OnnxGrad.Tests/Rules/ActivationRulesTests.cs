namespace OnnxGrad.Tests.Rules;

internal static class ActivationRulesTests
{
    public static readonly RuleCase[] Cases =
    [
        new("Relu", Operand.Any(3, 4)),
        new("Clip", Away(-0.5, 1), Bound(-0.5), Bound(1)) { Note = "both bounds" },
        new("Clip", Away(0, 1.5), Operand.Number(0), Operand.Number(1.5)) { Note = "from 0, as ReLU6" },
        new("Clip", Away(-0.5), Bound(-0.5)) { Note = "lower bound alone" },
        new("Clip", Away(0.5), null, Bound(0.5)) { Note = "upper bound alone" },
        new("Clip", Away()) { Note = "no bounds" },
        new("Clip", Away(0.2, 0.7), Operand.Between(0.55, 0.65), Operand.Between(0.25, 0.35)) { Note = "crossed bounds" },
        new("LeakyRelu", Operand.Any(3, 4)) { Note = "default slope" },
        new("LeakyRelu", Operand.Any(3, 4)) { Attributes = [("alpha", 0.3f)], Note = "slope 0.3" },
        new("PRelu", Operand.Any(2, 3, 4), Operand.Any(3, 1)) { Note = "slope per channel" },
        new("PRelu", Operand.Any(2, 3), Operand.Any(2, 3)) { Note = "slope per element" },
        new("PRelu", Operand.Any(2, 3), Operand.Any(1)) { Note = "one slope" },
        new("ThresholdedRelu", Away(1)) { Note = "default threshold" },
        new("ThresholdedRelu", Away(0.4)) { Attributes = [("alpha", 0.4f)], Note = "threshold 0.4" },
        new("Elu", Operand.Any(3, 4)) { Note = "default alpha" },
        new("Elu", Operand.Any(3, 4)) { Attributes = [("alpha", 1.7f)], Note = "alpha 1.7" },
        new("Selu", Operand.Any(3, 4)) { Note = "default constants" },
        new("Selu", Operand.Any(3, 4)) { Attributes = [("alpha", 2f), ("gamma", 0.5f)], Note = "other constants" },
        new("Celu", Operand.Any(3, 4)) { Note = "default alpha" },
        new("Celu", Operand.Any(3, 4)) { Attributes = [("alpha", 0.6f)], Note = "alpha 0.6" },
        new("Shrink", Away(-0.5, 0.5)) { SinglePrecision = true, Note = "hard" },
        new("Shrink", Away(-0.75, 0.75)) { SinglePrecision = true, Attributes = [("lambd", 0.75f), ("bias", 0.75f)], Note = "soft" },
        new("Sigmoid", Operand.Any(3, 4)),
        new("HardSigmoid", Away(-2.5, 2.5)) { Note = "default line" },
        new("HardSigmoid", Away(-0.8, 1.2)) { Attributes = [("alpha", 0.5f), ("beta", 0.4f)], Note = "other line" },
        new("Tanh", Operand.Any(3, 4)),
        new("Softplus", Operand.Any(3, 4)),
        new("Softsign", Operand.Any(3, 4)),
        new("Erf", Operand.Any(3, 4)),
        new("Gelu", Operand.Any(3, 4)) { Opset = 20, Note = "exact" },
        new("Gelu", Operand.Any(3, 4)) { Opset = 20, Attributes = [("approximate", "tanh")], Note = "tanh" },
        new("HardSwish", new Operand.Random(new Shape(3, 8), -5, 5, -3, 3)),
        new("Mish", Operand.Any(3, 4)),
        new("Swish", Operand.Any(3, 4)) { Opset = 24, Note = "default alpha" },
        new("Swish", Operand.Any(3, 4)) { Opset = 24, Attributes = [("alpha", 1.5f)], Note = "alpha 1.5" },
        new("com.microsoft.BiasGelu", Operand.Any(2, 3, 4), Operand.Any(4)),
        new("com.microsoft.FastGelu", Operand.Any(2, 3, 4)) { Note = "without bias" },
        new("com.microsoft.FastGelu", Operand.Any(2, 3, 4), Operand.Any(4)) { Note = "with bias" },
        new("com.microsoft.Gelu", Operand.Any(3, 4)),
        new("com.microsoft.QuickGelu", Operand.Any(3, 4)) { Note = "default alpha" },
        new("com.microsoft.QuickGelu", Operand.Any(3, 4)) { Attributes = [("alpha", 1f)], Note = "alpha 1" },
    ];

    private static Operand.Random Away(params double[] kinks) => new(new Shape(3, 4), -2, 2, kinks);

    /// <summary>A differentiated scalar, too near its value for any element to cross it.</summary>
    private static Operand.Random Bound(double value) => new(default, value - 1e-3, value + 1e-3);
}
