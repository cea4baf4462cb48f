namespace OnnxGrad.Rules;

/// <summary>Sums, products, powers, roots, choices and elementary functions, with broadcasting.</summary>
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
        ["Abs"] = static c => [c.Dy * c.X().Sign()],
        ["Reciprocal"] = static c => [-c.Dy * c.Y().Square()],
        ["Pow"] = Pow,
        // The root has no derivative at 0; an infinity there would turn a gradient of 0 into NaN.
        ["Sqrt"] = static c => [Tensor.Where(c.Y() > 0, c.Dy / (c.Y() * 2), 0)],
        ["Exp"] = static c => [c.Dy * c.Y()],
        ["Log"] = static c => [c.Dy / c.X()],
        ["Sum"] = static c => ToAll(c, c.Dy),
        ["Mean"] = static c => ToAll(c, c.Dy / c.InputCount),
        ["Max"] = ToExtreme,
        ["Min"] = ToExtreme,
        ["Where"] = static c => [null, Tensor.Where(c.X(), c.Dy, 0), Tensor.Where(!c.X(), c.Dy, 0)],
        // y = x - trunc(x / d) d for floating-point numbers.
        ["Mod"] = static c => [c.Dy, c.Dy * (c.Y() - c.X()) / c.X(1)],
        ["Cast"] = static c => [Cast(c)],
        ["CastLike"] = static c => [Cast(c)],
        ["Dropout"] = static c => [DropsNothing(c) ? c.Dy : throw c.Unsupported("it drops values at random (training_mode)")],
        ["Sin"] = static c => [c.Dy * Tensor.Elementwise("Cos", c.X())],
        ["Cos"] = static c => [-c.Dy * Tensor.Elementwise("Sin", c.X())],
        ["Tan"] = static c => [c.Dy * (1 + c.Y().Square())],
        ["Asin"] = static c => [c.Dy / (1 - c.X().Square()).Sqrt()],
        ["Acos"] = static c => [-c.Dy / (1 - c.X().Square()).Sqrt()],
        ["Atan"] = static c => [c.Dy / (1 + c.X().Square())],
        ["Sinh"] = static c => [c.Dy * Tensor.Elementwise("Cosh", c.X())],
        ["Cosh"] = static c => [c.Dy * Tensor.Elementwise("Sinh", c.X())],
        ["Asinh"] = static c => [c.Dy / (c.X().Square() + 1).Sqrt()],
        ["Acosh"] = static c => [c.Dy / (c.X().Square() - 1).Sqrt()],
        ["Atanh"] = static c => [c.Dy / (1 - c.X().Square())],
    };

    private static Tensor?[] ToAll(VjpContext c, Tensor gradient) => [.. Enumerable.Repeat<Tensor?>(gradient, c.InputCount)];

    /// <summary>To the largest (or smallest) operand; between equal ones it is split evenly, as PyTorch's maximum and minimum do.</summary>
    private static Tensor?[] ToExtreme(VjpContext c)
    {
        if (c.InputCount == 1)
            return [c.Dy];
        Tensor[] chosen = [.. Enumerable.Range(0, c.InputCount).Select(i => c.X(i).EqualTo(c.Y()))];
        var share = c.Dy / chosen.Select(t => t.Cast(c.Dy.Type)).Aggregate((a, b) => a + b);
        return [.. chosen.Select(t => (Tensor?)Tensor.Where(t, share, 0))];
    }

    /// <summary>
    /// y = x^e: e x^(e-1), and 0 where e = 0 (x = 0 included); for the exponent y log x, and 0 where x is not positive, where the
    /// power has no derivative along e.
    /// </summary>
    private static Tensor?[] Pow(VjpContext c)
    {
        var x = c.X();
        if (!c.Needs(1) && c.Graph.ConstantFloats(c.Node.Inputs[1]) is [2])
            return [c.Dy * x * 2];
        var e = c.X(1).CastLike(x);
        // A root has no derivative at 0; an infinity there would turn a gradient of 0 into NaN.
        var dx = Tensor.Where(e.NotZero() & !(x.EqualTo(0) & e < 1), c.Dy * e * x.Pow(e - 1), 0);
        var de = c.Needs(1) ? Tensor.Where(x > 0, c.Dy * c.Y() * Tensor.Where(x > 0, x, 1).Log(), 0).CastLike(c.X(1)) : (Tensor?)null;
        return [dx, de];
    }

    private static bool DropsNothing(VjpContext c) =>
        (c.HasInput(1) && c.Graph.ConstantFloats(c.Node.Inputs[1]) is [0]) || c.Integers(2) is not [not 0];

    /// <summary>
    /// A gradient is cast back to the floating-point type that was read. At integers, which only quantisation leads to, it stays in floats.
    /// A cast to integers rounds: its derivative is zero.
    /// </summary>
    private static Tensor Cast(VjpContext c) =>
        !c.Y().Type.IsFloatingPoint() ? c.Zero(0) : c.X().Type.IsFloatingPoint() ? c.Dy.CastLike(c.X()) : c.Dy;
}
