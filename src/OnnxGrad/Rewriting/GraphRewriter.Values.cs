using OnnxGrad.Protobuf;

namespace OnnxGrad.Rewriting;

internal sealed partial class GraphRewriter
{
    // A chain of nodes longer than this is followed no further; damaged files can hold cycles.
    private const int LongestTrace = 10_000;

    // Operators whose first output has the rank and type of their first input.
    private static readonly HashSet<string> Alike =
    [
        "Abs", "AveragePool", "BatchNormalization", "Ceil", "Celu", "Clip", "Concat", "Conv", "ConvTranspose", "DequantizeLinear",
        "Dropout", "Elu", "Erf", "Exp", "Floor", "GlobalAveragePool", "GlobalLpPool", "GlobalMaxPool", "HardSigmoid", "HardSwish",
        "Hardmax", "Identity", "InstanceNormalization", "LRN", "LayerNormalization", "LeakyRelu", "Log", "LogSoftmax", "LpPool",
        "MaxPool", "Mish", "Neg", "PRelu", "Pad", "QuantizeLinear", "Reciprocal", "Relu", "Resize", "Round", "Selu", "Sigmoid", "Slice",
        "Softmax", "Softplus", "Softsign", "Split", "Sqrt", "Tanh", "ThresholdedRelu", "Transpose", "Upsample",
    ];

    // Operators whose first output has the type of an input that is not the first.
    private static readonly Dictionary<string, int> TypeGivenBy = new(StringComparer.Ordinal)
    {
        ["Where"] = 1,
        ["DequantizeLinear"] = 1,
        ["CastLike"] = 1,
        ["OneHot"] = 2,
    };

    // Operators that answer with true and false.
    private static readonly HashSet<string> Conditions =
        ["And", "Equal", "Greater", "GreaterOrEqual", "IsInf", "IsNaN", "Less", "LessOrEqual", "Not", "Or", "Xor"];

    /// <summary>The content of a small integer constant; null for anything else.</summary>
    public long[]? Integers(string value) => Initializer(value) is { } tensor ? TensorData.ReadInts(tensor) : null;

    /// <summary>The content of a small floating-point constant; null for anything else.</summary>
    public double[]? Floats(string value) => Initializer(value) is { } tensor ? TensorData.ReadFloats(tensor) : null;

    /// <summary>The constant of that name, here or in a graph around; null if there is none.</summary>
    public TensorProto? Initializer(string value) => initializers.GetValueOrDefault(value) ?? outer?.Initializer(value);

    /// <summary>The number of axes of a value where it can be told without running the model; else null.</summary>
    public int? Rank(string value)
    {
        for (int i = 0; i < LongestTrace; i++)
        {
            if (Initializer(value) is { } tensor)
                return tensor.Dims.Count;
            if (Producer(value) is not { } node)
                return DeclaredRank(value);
            switch (node.OpType)
            {
                case "Flatten" or "Gemm":
                    return 2;
                case "Reshape" when node.Input.Count > 1 && Integers(node.Input[1]) is { } shape:
                    return shape.Length;
                case var op when node.IsStandard() && Alike.Contains(op) && node.Input.Count > 0 && node.Output[0] == value:
                    value = node.Input[0];
                    break;
                default:
                    return DeclaredRank(value);
            }
        }

        return null;
    }

    /// <summary>The element type of a value; float where nothing says another.</summary>
    public ElementType Type(string value)
    {
        for (int i = 0; i < LongestTrace; i++)
        {
            if (Initializer(value) is { } tensor)
                return (ElementType)tensor.DataType;
            if (Declared(value)?.TensorType is { ElemType: not 0 } type)
                return (ElementType)type.ElemType;
            if (Producer(value) is not { } node)
                return ElementType.Float;
            if (node.OpType is "Cast" or "EyeLike" or "RandomNormal" or "RandomUniform"
                && node.FindAttribute(node.OpType == "Cast" ? "to" : "dtype") is { } to)
                return (ElementType)to.I;
            if (node.IsStandard() && Conditions.Contains(node.OpType))
                return ElementType.Bool;
            if (node.OpType == "ConstantOfShape")
                return (ElementType)(node.FindAttribute("value")?.T?.DataType ?? (int)ElementType.Float);
            int input = TypeGivenBy.GetValueOrDefault(node.OpType);
            if (node.Input.Count <= input)
                return ElementType.Float;
            value = node.Input[input];
        }

        return ElementType.Float;
    }

    /// <summary>The length of an axis as the file declares it; null where it declares none.</summary>
    public long? DeclaredLength(string value, int axis) =>
        Declared(value)?.TensorType?.Shape?.Dim is { } lengths && axis < lengths.Count && lengths[axis].DimValue > 0
            ? lengths[axis].DimValue : null;

    private NodeProto? Producer(string value) =>
        producers.GetValueOrDefault(value) ?? (declared.ContainsKey(value) ? null : outer?.Producer(value));

    private TypeProto? Declared(string value) => declared.GetValueOrDefault(value) ?? outer?.Declared(value);

    private int? DeclaredRank(string value) => Declared(value)?.TensorType?.Shape?.Dim.Count;
}
