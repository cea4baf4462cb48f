using OnnxGrad.Rules;

namespace OnnxGrad;

/// <summary>The operators that the library defines: one table of rules a family, and what the rules do not answer for.</summary>
public static class StandardOperators
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
        ("Sampling", SamplingRules.Table),
        ("Shapes", ShapeRules.Table),
    ];

    private static readonly string[] PiecewiseConstant =
    [
        "And", "ArgMax", "ArgMin", "BitwiseAnd", "BitwiseNot", "BitwiseOr", "BitwiseXor", "BitShift", "Ceil", "ConstantOfShape",
        "Equal", "EyeLike", "Floor", "Greater", "GreaterOrEqual", "Hardmax", "IsInf", "IsNaN", "Less", "LessOrEqual",
        "NonMaxSuppression", "NonZero", "Not", "Or", "RandomNormalLike", "RandomUniformLike", "Round", "Shape", "Sign", "Size", "Xor",
    ];

    private static readonly (string Name, string Reason)[] Refused =
    [
        ("GRU", "a recurrent network; its steps would have to be unrolled"),
        ("If", "which branch runs is known only at run time"),
        ("LSTM", "a recurrent network; its steps would have to be unrolled"),
        ("Loop", "how often its body runs is known only at run time"),
        ("RNN", "a recurrent network; its steps would have to be unrolled"),
        ("Scan", "its body would have to be unrolled"),
        ("SequenceMap", "its body would have to be unrolled"),
    ];

    // Inputs that only say how much, how large or of which type.
    private static readonly (string Name, int[] Inputs)[] ZeroInputs =
    [
        ("CastLike", [1]),
        ("Dropout", [1, 2]),
        ("DequantizeLinear", [2]),
        ("OneHot", [0, 1]),
        ("QuantizeLinear", [2]),
        ("Resize", [1, 2, 3]),
        ("RoiAlign", [1, 2]),
    ];

    private static readonly (string Name, int Input, string Reason)[] RefusedInputs =
    [
        ("QuantizeLinear", 1, "its scale is taken as a constant, and here it depends on the explained value"),
    ];

    private static readonly (OperatorProperties Property, string[] Operators)[] Properties =
    [
        (OperatorProperties.MakesNoFeatures,
        [
            "MaxPool", "AveragePool", "GlobalAveragePool", "GlobalMaxPool", "LpPool", "Dropout", "Identity", "Reshape", "Flatten",
            "Transpose", "Pad", "Squeeze", "Unsqueeze", "Slice", "Split", "Cast", "Expand", "Shape", "Resize", "ReduceMean", "ReduceMax",
            "ReduceSum", "Gather", "QuantizeLinear", "DequantizeLinear", "Tile", "DepthToSpace", "SpaceToDepth", "LRN", "ReduceL2",
            "Softmax",
        ]),
        (OperatorProperties.KeepsClasses,
        [
            "Relu", "LeakyRelu", "Sigmoid", "Tanh", "Clip", "Elu", "Softplus", "HardSigmoid", "HardSwish", "Identity", "Dropout", "Neg",
            "Exp", "Log", "Sqrt", "Abs", "GlobalAveragePool", "GlobalMaxPool", "AveragePool", "MaxPool", "Mul", "Div", "Add", "Sub",
            "Reshape", "Flatten", "Squeeze", "Unsqueeze", "ReduceMean", "ReduceMax", "ReduceSum", "ReduceLogSumExp", "ReduceL2", "Resize",
        ]),
        (OperatorProperties.PoolsPositions,
        [
            "GlobalAveragePool", "GlobalMaxPool", "AveragePool", "ReduceMean", "ReduceMax", "ReduceLogSumExp", "Reshape", "Flatten",
            "Squeeze", "Unsqueeze", "Dropout", "Identity", "Mul", "Div", "Add",
        ]),
        (OperatorProperties.NeverNegative,
        [
            "Relu", "Sigmoid", "HardSigmoid", "Softmax", "Softplus", "Exp", "Abs", "Sqrt", "ReduceL1", "ReduceL2", "ReduceSumSquare",
        ]),
        (OperatorProperties.NonNegativeByInputs,
        [
            "Identity", "Concat", "Add", "Mul", "Sum", "Max", "Min", "MaxPool", "AveragePool", "GlobalMaxPool", "GlobalAveragePool",
        ]),
        (OperatorProperties.NonNegativeByFirstInput,
        [
            "Dropout", "Reshape", "Flatten", "Transpose", "Squeeze", "Unsqueeze", "Slice", "Gather", "Expand", "ReduceSum", "ReduceMean",
            "ReduceMax", "ReduceMin",
        ]),
        (OperatorProperties.HasKinks,
        [
            "Relu", "LeakyRelu", "PRelu", "ThresholdedRelu", "Clip", "HardSigmoid", "HardSwish", "Abs", "Max", "Min", "MaxPool",
            "GlobalMaxPool", "ReduceMax", "ReduceMin", "Elu", "Selu", "Celu", "Shrink", "Where", "TopK", "QuantizeLinear",
            "DynamicQuantizeLinear",
        ]),
        (OperatorProperties.ReadsOnlyShapes, ["Shape", "Size"]),
    ];

    /// <summary>The registry of these operators. Its <see cref="OperatorRegistry.With"/> makes one that has more.</summary>
    public static OperatorRegistry Registry { get; } = OperatorRegistry.Empty.With(Make());

    /// <summary>
    /// The same operators for execution providers that compute a graph of 32-bit floats in 16 bits, as CoreML does: no rule uses a number
    /// that 16-bit floats cannot hold. On the processor <see cref="Registry"/> is faster.
    /// </summary>
    public static OperatorRegistry HalfPrecision { get; } = Registry.With(
        OperatorDefinition.Differentiable("Relu", ActivationRules.ComparedRelu, Registry.Find("Relu")!.Family) with
        {
            Properties = Registry.Find("Relu")!.Properties,
        });

    private static OperatorDefinition[] Make()
    {
        var all = Families.SelectMany(f => f.Rules, (f, r) => OperatorDefinition.Differentiable(r.Key, r.Value, f.Name))
            .Concat(PiecewiseConstant.Select(OperatorDefinition.PiecewiseConstant))
            .Concat(Refused.Select(r => OperatorDefinition.Refused(r.Name, r.Reason)))
            .ToDictionary(d => d.Name, StringComparer.Ordinal);
        foreach (var (name, inputs) in ZeroInputs)
            all[name] = all[name].WithZero(inputs);
        foreach (var (name, input, reason) in RefusedInputs)
            all[name] = all[name].WithRefused(input, reason);
        foreach (var (property, operators) in Properties)
        {
            foreach (string name in operators)
                all[name] = all[name] with { Properties = all[name].Properties | property };
        }

        return [.. all.Values];
    }
}
