namespace OnnxGrad.Tests.Rules;

internal static class ArithmeticRulesTests
{
    public static readonly RuleCase[] Cases =
    [
        new("Add", Operand.Any(2, 3), Operand.Any(3)),
        new("Sub", Operand.Any(2, 1, 3), Operand.Any(4, 1)),
        new("Mul", Operand.Any(2, 3), Operand.Any(2, 3)),
        new("Mul", Operand.Any(3), Operand.Any(4, 2, 1)) { Note = "broadcast both ways" },
        new("Div", Operand.Any(2, 3), Operand.Between(0.5, 2, 1)),
        new("Neg", Operand.Any(5)),
        new("Identity", Operand.Any(5)),
        new("Abs", Operand.Any(2, 3)),
        new("Reciprocal", Operand.Between(0.5, 2, 2, 3)),
        new("Pow", Operand.Between(0.5, 2, 2, 3), Operand.Between(-2, 3, 3)) { Note = "base and exponent" },
        new("Pow", Operand.Any(2, 3), Operand.Number(2)) { Note = "square" },
        new("Pow", Operand.Between(0.5, 2, 2, 3), Operand.Between(2, 2)) { Note = "exponent that is 2" },
        new("Pow", Operand.Any(2, 3), Operand.Number(3)) { Note = "cube of negatives" },
        new("Pow", Operand.Any(2, 3), Operand.Vector(3, 0, -1)) { Note = "integer exponents, 0 included" },
        new("Pow", Operand.Between(0.5, 2, 1, 3), new Operand.Constant(new Shape(4, 1), 0.5, -1.5, 0, 1))
        {
            Note = "broadcast both ways", FixesBatch = "it is repeated to the constant's length",
        },
        new("Pow", new Operand.Constant(new Shape(3), 0, 0.5, 2), Operand.Between(1, 2, 2, 3)) { Note = "exponent of 0" },
        new("Sqrt", Operand.Between(0.5, 2, 2, 3)),
        new("Exp", Operand.Any(2, 3)),
        new("Log", Operand.Between(0.5, 2, 2, 3)),
        new("Sum", Operand.Any(2, 3)) { Note = "one operand" },
        new("Sum", Operand.Any(2, 3), Operand.Any(3), Operand.Any(4, 1, 1)) { Note = "three operands, broadcast" },
        new("Mean", Operand.Any(2, 3), Operand.Any(3), Operand.Any(4, 1, 1)),
        new("Max", Operand.Any(2, 3)) { Note = "one operand" },
        new("Max", Operand.Any(2, 3), Operand.Between(2.5, 3, 1, 1), Operand.Between(-4, -3, 3)) { Note = "constant winner" },
        new("Max", Operand.Any(2, 8), Operand.Number(0)) { Note = "with 0" },
        new("Max", Apart(-2), Apart(1), Apart(0)) { Note = "three operands" },
        new("Min", Apart(2), Apart(0), Operand.Between(-0.1, 0.1, 1)) { Note = "three operands, broadcast" },
        new("Min", Operand.Any(2, 8), Operand.Number(0)) { Note = "with 0" },
        new("Where", new Operand.Booleans(new Shape(2, 1), 1, 0), Operand.Any(2, 3), Operand.Any(3))
        {
            FixesBatch = "the condition has as many rows",
        },
        new("Mod", Operand.Between(2.2, 2.8, 2, 3), Operand.Between(0.95, 1.05, 3)) { Attributes = [("fmod", 1L)] },
        new("Mod", Operand.Between(-2.8, -2.2, 2, 3), Operand.Between(0.95, 1.05, 1)) { Attributes = [("fmod", 1L)], Note = "negative" },
        new("Cast", Operand.Any(2, 3)) { Attributes = [("to", (long)ElementType.Double)] },
        new("CastLike", Operand.Any(2, 3), Operand.Number(0)) { Opset = 19 },
        new("Dropout", Operand.Any(2, 3)) { Note = "ratio by default" },
        new("Dropout", Operand.Any(2, 3), Operand.Number(0.5), new Operand.Booleans(default, 0))
        {
            Outputs = 2, Note = "all inputs, with mask",
        },
        new("Dropout", Operand.Any(2, 3), Operand.Number(0), new Operand.Booleans(default, 1)) { Note = "in training, none dropped" },
        new("Sin", Operand.Any(2, 3)),
        new("Cos", Operand.Any(2, 3)),
        new("Tan", Operand.Between(-1, 1, 2, 3)),
        new("Asin", Operand.Between(-0.8, 0.8, 2, 3)),
        new("Acos", Operand.Between(-0.8, 0.8, 2, 3)),
        new("Atan", Operand.Any(2, 3)),
        new("Sinh", Operand.Any(2, 3)),
        new("Cosh", Operand.Any(2, 3)),
        new("Asinh", Operand.Any(2, 3)),
        new("Acosh", Operand.Between(1.5, 3, 2, 3)),
        new("Atanh", Operand.Between(-0.8, 0.8, 2, 3)),
    ];

    /// <summary>Numbers near a centre: operands whose centres differ never tie.</summary>
    private static Operand.Random Apart(double centre) => new(new Shape(2, 3), centre - 0.3, centre + 0.3);
}
