using System.Collections.Frozen;
using GradCamSharp.Errors;
using OnnxGrad;

namespace GradCamSharp.Methods;

/// <summary>
/// The rules of transformer attribution. What travels is the relevance itself and no coefficient of it: a rule gives each computed input
/// its share of the relevance that arrives. Dense layers share by positive contributions (z+ with both signs), without their bias.
/// </summary>
internal sealed class AttributionRules
{
    // Relevance moves as the values do; a value that was copied adds up what its copies get.
    private static readonly FrozenSet<string> Moves =
    [
        "Cast", "Concat", "Dropout", "Expand", "Flatten", "Gather", "Identity", "Pad", "Reshape", "Slice", "Split", "Squeeze", "Transpose",
        "Unsqueeze", "Where",
    ];

    // All goes to the first input.
    private static readonly FrozenSet<string> Passing =
    [
        "Abs", "BatchNormalization", "Celu", "Clip", "Elu", "Erf", "Exp", "Gelu", "GroupNormalization", "HardSigmoid", "HardSwish",
        "InstanceNormalization", "LayerNormalization", "LeakyRelu", "Log", "Mish", "Neg", "PRelu", "Pow", "RMSNormalization", "Reciprocal",
        "Relu", "Selu", "Sigmoid", "Softmax", "Softplus", "Softsign", "Sqrt", "Swish", "Tanh", "com.microsoft.BiasGelu",
        "com.microsoft.FastGelu", "com.microsoft.Gelu", "com.microsoft.QuickGelu",
    ];

    private readonly MapContext context;
    private readonly AttentionLayers layers;

    /// <param name="context">What the method draws on.</param>
    /// <param name="layers">The network's attention.</param>
    public AttributionRules(MapContext context, AttentionLayers layers)
    {
        this.context = context;
        this.layers = layers;
        var rules = context.Operators.Definitions.Where(d => d.Rule is not null && !Moves.Contains(d.Name))
            .ToDictionary(d => d.Name, VjpRule (_) => Refused);
        foreach (string op in Passing)
            rules[op] = c => To(c, 0);
        foreach (string op in (string[])["MatMul", "Einsum", "Gemm", "Conv"])
            rules[op] = Product;
        foreach (string op in (string[])["AveragePool", "GlobalAveragePool", "ReduceMean", "ReduceSum"])
            rules[op] = static c => [c.X() * c.With(Quotient(c.Dy, c.Y())).Derivative()[0]!.Value];
        rules["Add"] = c => Sum(c, 1);
        rules["Sub"] = c => Sum(c, -1);
        rules["Mul"] = Multiplied;
        rules["Div"] = c => To(c, IsComputed(c, 0) ? 0 : 1);
        Set = new RuleSet("transformer attribution", rules);
    }

    /// <summary>The rules.</summary>
    public RuleSet Set { get; }

    private static IReadOnlyList<Tensor?> Refused(VjpContext c) => throw new ExplanationException(
        ExplanationError.UnsuitableMethod, $"'transformer-attribution' has no rule for {c.Node}.",
        "Choose attention-generic, which takes gradients alone.");

    /// <summary>a / b, and 0 where b is 0.</summary>
    private static Tensor Quotient(Tensor a, Tensor b) => Tensor.Where(b.NotZero(), a / b, 0);

    // Constants take no relevance.
    private bool IsComputed(VjpContext c, int input) => c.HasInput(input) && layers.Path.Contains(c.Node.Inputs[input]);

    /// <summary>All relevance to one input; to others that want an answer, nothing.</summary>
    private static Tensor?[] To(VjpContext c, int input) =>
        [.. Enumerable.Range(0, c.InputCount).Select(i => i == input ? c.Dy : c.Needs(i) ? c.Zero(i) : (Tensor?)null)];

    /// <summary>
    /// Of a computed value and weights: z+ of both signs. Of two computed values: each by its contributions, and half of all to each.
    /// </summary>
    private IReadOnlyList<Tensor?> Product(VjpContext c)
    {
        bool first = IsComputed(c, 0), second = IsComputed(c, 1);
        if (first && second)
        {
            var shares = c.With(Quotient(c.Dy, c.Y())).Derivative();
            return [.. Enumerable.Range(0, 2).Select(i => c.Needs(i) ? c.X(i) * shares[i]!.Value * 0.5 : (Tensor?)null)];
        }

        int signal = first ? 0 : 1;
        Tensor x = c.X(signal), w = c.X(1 - signal), none = c.Number(0);
        Tensor?[] bias = c.HasInput(2) ? [c.X(2).ZerosLike()] : [];
        var parts = new List<(Tensor X, VjpContext Node)>();
        foreach (var (part, weights) in ((Tensor, Tensor)[])[(x.Maximum(none), w.Maximum(none)), (x.Minimum(none), w.Minimum(none))])
            parts.Add((part, c.At([.. signal == 0 ? (Tensor?[])[part, weights] : [weights, part], .. bias])));
        var share = Quotient(c.Dy, parts[0].Node.Y() + parts[1].Node.Y());
        var given = parts.Select(p => p.X * p.Node.With(share).Derivative()[signal]!.Value).Aggregate((a, b) => a + b);
        return signal == 0 ? [given] : [null, given];
    }

    /// <summary>Two branches share what arrives as the magnitudes of their sums over the picture do.</summary>
    private Tensor?[] Sum(VjpContext c, double sign)
    {
        if (!IsComputed(c, 0) || !IsComputed(c, 1))
            return To(c, IsComputed(c, 0) ? 0 : 1);
        // What is centred keeps all; the mean is no branch.
        if (sign < 0 && c.Graph.Producer(c.Node.Inputs[1]) is { Operator: "ReduceMean" } mean && mean.Inputs[0] == c.Node.Inputs[0])
            return To(c, 0);
        if (c.Y().Shape[0] != layers.Pictures)
            throw c.Unsupported($"its first axis is not the pictures', so what a picture's branches sum up to is not known");
        var shared = Quotient(c.Dy, c.Y());
        Tensor a = c.X(0) * shared, b = c.X(1) * shared * sign;
        long[] axes = [.. Enumerable.Range(1, c.Y().Rank - 1).Select(i => (long)i)];
        Tensor sumA = a.Sum(axes), sumB = b.Sum(axes), both = sumA.Abs() + sumB.Abs(), total = c.Dy.Sum(axes);
        return [Scaled(0, a, sumA), Scaled(1, b, sumB)];

        Tensor? Scaled(int input, Tensor own, Tensor sum) =>
            c.Needs(input) ? own * Quotient(Quotient(sum.Abs(), both) * total, sum) : null;
    }

    /// <summary>Behind a gate or a scale the signal keeps all; where neither is a gate, half goes to each.</summary>
    private Tensor?[] Multiplied(VjpContext c)
    {
        if (!IsComputed(c, 0) || !IsComputed(c, 1))
            return To(c, IsComputed(c, 0) ? 0 : 1);
        return Gates.Find(context.Graph, layers.Path, c.Node) is { } gate ? To(c, 1 - gate) : [c.Dy * 0.5, c.Dy * 0.5];
    }
}
