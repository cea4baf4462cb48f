namespace OnnxGrad.Tests.Differentiation.Rules;

internal static class ActivationRulesTests
{
    public static readonly RuleCase[] Cases =
    [
        new("Relu", Operand.Any(3, 4)),
        new("Sigmoid", Operand.Any(3, 4)),
        new("Tanh", Operand.Any(3, 4)),
    ];
}
