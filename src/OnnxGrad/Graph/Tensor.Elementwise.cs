namespace OnnxGrad;

public readonly partial struct Tensor
{
    /// <summary>The elementwise sum, with broadcasting.</summary>
    public static Tensor operator +(Tensor a, Tensor b) => Elementwise("Add", a, b);

    /// <summary>The sum with a number.</summary>
    public static Tensor operator +(Tensor a, double b) => b == 0 ? a : a + a.Number(b);

    /// <summary>The sum with a number.</summary>
    public static Tensor operator +(double a, Tensor b) => b + a;

    /// <summary>The elementwise difference, with broadcasting.</summary>
    public static Tensor operator -(Tensor a, Tensor b) => Elementwise("Sub", a, b);

    /// <summary>The difference with a number.</summary>
    public static Tensor operator -(Tensor a, double b) => a - a.Number(b);

    /// <summary>The difference of a number and the tensor.</summary>
    public static Tensor operator -(double a, Tensor b) => b.Number(a) - b;

    /// <summary>The negative.</summary>
    public static Tensor operator -(Tensor a) => Elementwise("Neg", a);

    /// <summary>The elementwise product, with broadcasting.</summary>
    public static Tensor operator *(Tensor a, Tensor b) => Elementwise("Mul", a, b);

    /// <summary>The product with a number.</summary>
    public static Tensor operator *(Tensor a, double b) => b == 1 ? a : a * a.Number(b);

    /// <summary>The product with a number.</summary>
    public static Tensor operator *(double a, Tensor b) => b * a;

    /// <summary>The elementwise quotient, with broadcasting.</summary>
    public static Tensor operator /(Tensor a, Tensor b) => Elementwise("Div", a, b);

    /// <summary>The quotient by a number.</summary>
    public static Tensor operator /(Tensor a, double b) => b == 1 ? a : a / a.Number(b);

    /// <summary>The quotient of a number and the tensor.</summary>
    public static Tensor operator /(double a, Tensor b) => a == 1 ? b.Reciprocal() : b.Number(a) / b;

    /// <summary>Where the elements are greater; boolean.</summary>
    public static Tensor operator >(Tensor a, Tensor b) => Compare("Greater", a, b);

    /// <summary>Where the elements are less; boolean.</summary>
    public static Tensor operator <(Tensor a, Tensor b) => Compare("Less", a, b);

    /// <summary>Where the elements are greater or equal; boolean.</summary>
    public static Tensor operator >=(Tensor a, Tensor b) => Compare("GreaterOrEqual", a, b);

    /// <summary>Where the elements are less or equal; boolean.</summary>
    public static Tensor operator <=(Tensor a, Tensor b) => Compare("LessOrEqual", a, b);

    /// <summary>Where the elements are greater than a number; boolean.</summary>
    public static Tensor operator >(Tensor a, double b) => a > a.Number(b);

    /// <summary>Where the elements are less than a number; boolean.</summary>
    public static Tensor operator <(Tensor a, double b) => a < a.Number(b);

    /// <summary>Where the elements are at least a number; boolean.</summary>
    public static Tensor operator >=(Tensor a, double b) => a >= a.Number(b);

    /// <summary>Where the elements are at most a number; boolean.</summary>
    public static Tensor operator <=(Tensor a, double b) => a <= a.Number(b);

    /// <summary>Where two booleans both hold.</summary>
    public static Tensor operator &(Tensor a, Tensor b) => Elementwise("And", a, b);

    /// <summary>Where one of two booleans holds.</summary>
    public static Tensor operator |(Tensor a, Tensor b) => Elementwise("Or", a, b);

    /// <summary>Where a boolean does not hold.</summary>
    public static Tensor operator !(Tensor a) => Elementwise("Not", a);

    /// <summary>Where the elements are equal; boolean.</summary>
    public Tensor EqualTo(Tensor other) => Compare("Equal", this, other);

    /// <summary>Where the elements equal a number; boolean.</summary>
    public Tensor EqualTo(double value) => EqualTo(Number(value));

    /// <summary>Where the elements are not zero; boolean.</summary>
    public Tensor NotZero() => !EqualTo(0);

    /// <summary>One value where a condition holds, another where it does not, with broadcasting (NumPy's where).</summary>
    /// <param name="condition">Booleans.</param>
    /// <param name="a">The elements where the condition holds.</param>
    /// <param name="b">The elements where it does not; of the type of <paramref name="a"/>.</param>
    public static Tensor Where(Tensor condition, Tensor a, Tensor b) => Elementwise("Where", condition, a, b);

    /// <summary>A value where a condition holds, a number where it does not, with broadcasting.</summary>
    /// <param name="condition">Booleans.</param>
    /// <param name="a">The elements where the condition holds.</param>
    /// <param name="b">The number where it does not.</param>
    public static Tensor Where(Tensor condition, Tensor a, double b) => Where(condition, a, a.Number(b));

    /// <summary>max(x, 0).</summary>
    public Tensor Relu() => Elementwise("Relu", this);

    /// <summary>e to the power of x.</summary>
    public Tensor Exp() => Elementwise("Exp", this);

    /// <summary>The natural logarithm.</summary>
    public Tensor Log() => Elementwise("Log", this);

    /// <summary>The square root.</summary>
    public Tensor Sqrt() => Elementwise("Sqrt", this);

    /// <summary>The absolute value.</summary>
    public Tensor Abs() => Elementwise("Abs", this);

    /// <summary>-1, 0 or 1.</summary>
    public Tensor Sign() => Elementwise("Sign", this);

    /// <summary>1 / (1 + exp(-x)).</summary>
    public Tensor Sigmoid() => Elementwise("Sigmoid", this);

    /// <summary>max(x, least).</summary>
    internal Tensor ClipFrom(float least) => Raw("Clip", [this, Number(least)], Type, Shape, IsMapped);

    /// <summary>max(0, min(1, alpha x + beta)).</summary>
    internal Tensor HardSigmoid(float alpha, float beta) =>
        Raw("HardSigmoid", [this], Type, Shape, IsMapped, ("alpha", alpha), ("beta", beta));

    /// <summary>The hyperbolic tangent.</summary>
    public Tensor Tanh() => Elementwise("Tanh", this);

    /// <summary>The error function.</summary>
    public Tensor Erf() => Elementwise("Erf", this);

    /// <summary>1 / x.</summary>
    public Tensor Reciprocal() => Elementwise("Reciprocal", this);

    /// <summary>x squared.</summary>
    public Tensor Square() => this * this;

    /// <summary>x to the power of y, with broadcasting.</summary>
    public Tensor Pow(Tensor exponent) => Elementwise("Pow", this, exponent);

    /// <summary>x to the power of a number.</summary>
    public Tensor Pow(double exponent) => Pow(Number(exponent));

    /// <summary>The larger of two, elementwise, with broadcasting.</summary>
    public Tensor Maximum(Tensor other) => Elementwise("Max", this, other);

    /// <summary>The smaller of two, elementwise, with broadcasting.</summary>
    public Tensor Minimum(Tensor other) => Elementwise("Min", this, other);

    /// <summary>The elements as another type.</summary>
    public Tensor Cast(ElementType type) => type == Type ? this : Raw("Cast", [this], type, Shape, IsMapped, ("to", (long)type));

    /// <summary>The elements as the type of another tensor.</summary>
    public Tensor CastLike(Tensor other) => Cast(other.Type);

    /// <summary>Any elementwise operator of one or more operands, with broadcasting; the result has the last operand's type.</summary>
    public static Tensor Elementwise(string op, params ReadOnlySpan<Tensor> operands) => Elementwise(op, operands[^1].Type, operands);

    /// <summary>An elementwise operator with a result of the given type.</summary>
    internal static Tensor Elementwise(string op, ElementType type, params ReadOnlySpan<Tensor> operands)
    {
        var shape = operands[0].Shape;
        bool mapped = operands[0].IsMapped;
        foreach (var operand in operands[1..])
        {
            shape = Shape.Broadcast(shape, operand.Shape);
            mapped |= operand.IsMapped;
        }

        var inputs = new Tensor?[operands.Length];
        for (int i = 0; i < operands.Length; i++)
            inputs[i] = operands[i].AlignedTo(shape.Rank);
        return Raw(op, inputs, type, shape, mapped);
    }

    /// <summary>
    /// A mapped tensor of fewer axes than the result gets them between the mapped axis and its own; without that, broadcasting from the
    /// right would pair the mapped axis with an ordinary one.
    /// </summary>
    private Tensor AlignedTo(int rank) =>
        !IsMapped || Rank == rank ? this : Unsqueeze([.. Enumerable.Range(0, rank - Rank).Select(i => (long)i)]);

    private static Tensor Compare(string op, Tensor a, Tensor b) => Elementwise(op, ElementType.Bool, a, b);

    private Tensor Number(double value) => Graph.Constant(value, Type);
}
