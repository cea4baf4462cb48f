namespace OnnxGrad.Tests.Rules;

/// <summary>One row of the table of gradient tests: an operator call whose gradient is compared with central differences.</summary>
/// <param name="Operator">The operator, with its domain where that is not the standard's.</param>
/// <param name="Inputs">What it reads; the gradient is checked with respect to every <see cref="Operand.Random"/>.</param>
public sealed record RuleCase(string Operator, params Operand?[] Inputs)
{
    /// <summary>Attributes: long, float, string, long[], float[].</summary>
    public (string Name, object Value)[] Attributes { get; init; } = [];

    /// <summary>The version of the standard's operator set.</summary>
    public long Opset { get; init; } = OnnxModel.OldestOpset;

    /// <summary>How many outputs the node has.</summary>
    public int Outputs { get; init; } = 1;

    /// <summary>The outputs to differentiate; other outputs are integers or masks.</summary>
    public int[] Differentiated { get; init; } = [0];

    /// <summary>What the row is about, where one operator has several.</summary>
    public string Note { get; init; } = "";

    /// <summary>The largest allowed difference, relative to the largest gradient (or 1): in double precision, then in single.</summary>
    public (double Double, double Single) Tolerance { get; init; } = (1e-6, 5e-3);

    /// <summary>Why the first length of the first differentiated input cannot be left open; null where it can.</summary>
    public string? FixesBatch { get; init; }

    /// <summary>Whether ONNX Runtime computes the operator in single precision even where its operands are in double.</summary>
    public bool SinglePrecision { get; init; }

    /// <summary>Whether the node is compared with differences of what it computes without rounding.</summary>
    public bool WithoutRounding { get; init; }

    /// <summary>Whether the first input is quantised, by the node's own scale and zero point, before the node reads it.</summary>
    public bool Quantized { get; init; }

    /// <summary>
    /// Whether what is compared is the first output brought back to floats by the node's second and third one, its scale and zero point.
    /// </summary>
    public bool Dequantized { get; init; }

    public override string ToString() => Note.Length > 0
        ? $"{Operator} ({Note})"
        : $"{Operator} [{string.Join(" x ", Inputs.OfType<Operand.Random>().Select(i => i.Shape))}]";
}

/// <summary>An input of a <see cref="RuleCase"/>.</summary>
public abstract record Operand
{
    /// <summary>
    /// Random numbers in a range, kept away from the points in <paramref name="Kinks"/> where the operator has no derivative.
    /// </summary>
    public sealed record Random(Shape Shape, double Low, double High, params double[] Kinks) : Operand
    {
        /// <summary>Whether the numbers are evenly spaced, in random order.</summary>
        public bool IsDistinct { get; init; }
    }

    /// <summary>Integer constants.</summary>
    public sealed record Integers(Shape Shape, params long[] Values) : Operand;

    /// <summary>Floating-point constants that are not differentiated.</summary>
    public sealed record Constant(Shape Shape, params double[] Values) : Operand;

    /// <summary>Integer constants of a type.</summary>
    public sealed record Whole(ElementType Type, Shape Shape, params double[] Values) : Operand;

    /// <summary>A vector of constants in single precision, whatever the precision of the others.</summary>
    public sealed record Floats(params double[] Values) : Operand;

    /// <summary>Boolean constants.</summary>
    public sealed record Booleans(Shape Shape, params double[] Values) : Operand;

    /// <summary>Random numbers between -2 and 2, away from 0.</summary>
    public static Random Any(params ReadOnlySpan<long> shape) => new(new Shape(shape), -2, 2, 0);

    /// <summary>Numbers that all differ by so much that no small step changes their order: for maxima.</summary>
    public static Random Distinct(params ReadOnlySpan<long> shape) => new(new Shape(shape), -2, 2) { IsDistinct = true };

    /// <summary>Random numbers in a range.</summary>
    public static Random Between(double low, double high, params ReadOnlySpan<long> shape) => new(new Shape(shape), low, high);

    /// <summary>A floating-point scalar that is not differentiated.</summary>
    public static Constant Number(double value) => new(default, value);

    /// <summary>A vector of integers.</summary>
    public static Integers Vector(params long[] values) => new(new Shape(values.Length), values);

    /// <summary>A single integer.</summary>
    public static Integers Scalar(long value) => new(default, value);
}
