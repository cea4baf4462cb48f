namespace OnnxGrad.Tests.Differentiation.Rules;

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
    ];
}
