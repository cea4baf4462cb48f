using OnnxGrad.Rules;

namespace OnnxGrad;

/// <summary>
/// A vector-Jacobian product: from the gradient at a node's outputs to the gradients at its inputs, null where there is none.
/// </summary>
/// <param name="c">The node, its values and the gradient that arrives.</param>
/// <returns>
/// One gradient an input, in the inputs' order; trailing ones may be left out. An elementwise rule may answer in the result's shape.
/// </returns>
public delegate IReadOnlyList<Tensor?> VjpRule(VjpContext c);

/// <summary>The table of contents of all gradient rules: which operators can be differentiated.</summary>
public static class VjpRules
{
    private static readonly (string Name, Dictionary<string, VjpRule> Rules)[] Families =
    [
        ("Activations", ActivationRules.Table),
        ("Arithmetic", ArithmeticRules.Table),
        ("Convolutions", ConvolutionRules.Table),
        ("Indexing", IndexingRules.Table),
        ("Linear algebra", LinearAlgebraRules.Table),
        ("Normalizations", NormalizationRules.Table),
        ("Padding", PaddingRules.Table),
        ("Pooling", PoolingRules.Table),
        ("Quantization", QuantizationRules.Table),
        ("Reductions", ReductionRules.Table),
        ("Resampling", ResamplingRules.Table),
        ("Shapes", ShapeRules.Table),
    ];

    private static readonly Dictionary<string, (string Family, VjpRule Rule)> Table = Families
        .SelectMany(f => f.Rules, (f, r) => (Operator: r.Key, f.Name, r.Value))
        .ToDictionary(r => r.Operator, r => (r.Name, r.Value), StringComparer.Ordinal);

    // Their derivative is zero wherever it exists: no gradient flows through.
    private static readonly HashSet<string> PiecewiseConstant =
    [
        "And", "ArgMax", "ArgMin", "BitwiseAnd", "BitwiseNot", "BitwiseOr", "BitwiseXor", "BitShift", "Ceil", "ConstantOfShape",
        "Equal", "EyeLike", "Floor", "Greater", "GreaterOrEqual", "Hardmax", "IsInf", "IsNaN", "Less", "LessOrEqual",
        "NonMaxSuppression", "NonZero", "Not", "OneHot", "Or", "RandomNormalLike", "RandomUniformLike", "Round", "Shape", "Sign",
        "Size", "Xor",
    ];

    /// <summary>Operators of the standard that are refused on purpose, with the reason.</summary>
    public static IReadOnlyDictionary<string, string> Refused { get; } = new SortedDictionary<string, string>(StringComparer.Ordinal)
    {
        ["GRU"] = "a recurrent network; its steps would have to be unrolled",
        ["If"] = "which branch runs is known only at run time",
        ["LSTM"] = "a recurrent network; its steps would have to be unrolled",
        ["Loop"] = "how often its body runs is known only at run time",
        ["RNN"] = "a recurrent network; its steps would have to be unrolled",
        ["Scan"] = "its body would have to be unrolled",
        ["SequenceMap"] = "its body would have to be unrolled",
    };

    /// <summary>The operators that have a rule, in alphabetical order.</summary>
    public static IReadOnlyList<string> Operators { get; } = [.. Table.Keys.Order(StringComparer.Ordinal)];

    /// <summary>
    /// The operators through which no gradient flows because their derivative is zero wherever it exists, in alphabetical order.
    /// </summary>
    public static IReadOnlyList<string> PiecewiseConstantOperators { get; } = [.. PiecewiseConstant.Order(StringComparer.Ordinal)];

    /// <summary>The rule of a node's operator, or null.</summary>
    public static VjpRule? For(Node node) => Table.GetValueOrDefault(node.QualifiedOperator).Rule;

    /// <summary>The family that an operator's rule belongs to: the file it stands in.</summary>
    /// <exception cref="KeyNotFoundException">The operator has no rule.</exception>
    public static string FamilyOf(string op) => Table[op].Family;

    internal static bool IsPiecewiseConstant(Node node) => PiecewiseConstant.Contains(node.QualifiedOperator) || IsCastToInteger(node);

    // A cast to integers rounds: a staircase. (CastLike to integers is stopped by its rule, which knows the types.)
    private static bool IsCastToInteger(Node node) =>
        node.QualifiedOperator == "Cast" && !((ElementType)node.Int("to", 1)).IsFloatingPoint();
}
