namespace OnnxGrad.Rules;

/// <summary>Sums, products, quotients and powers, with broadcasting.</summary>
internal static class ArithmeticRules
{
    public static readonly Dictionary<string, VjpRule> Table = new()
    {
        ["Add"] = static c => [c.Dy, c.Dy],
        ["Sub"] = static c => [c.Dy, -c.Dy],
        ["Mul"] = static c => [c.Dy * c.X(1), c.Dy * c.X(0)],
        ["Div"] = static c => [c.Dy / c.X(1), -c.Dy * c.Y() / c.X(1)],
        ["Neg"] = static c => [-c.Dy],
        ["Identity"] = static c => [c.Dy],
    };
}
