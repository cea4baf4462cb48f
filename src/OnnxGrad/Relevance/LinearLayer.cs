using OnnxGrad.Relevance;

namespace OnnxGrad;

/// <summary>The kinds of layers that relevance is shared out by.</summary>
public enum LayerKind
{
    /// <summary>A convolution, also a transposed one.</summary>
    Convolution,

    /// <summary>A matrix product with weights.</summary>
    Dense,

    /// <summary>A batch normalisation that no layer takes in: a depthwise convolution of one element.</summary>
    Normalization,
}

/// <summary>
/// A layer y = W x + b as a rule sees it: a convolution, a product with a constant matrix, or a batch normalisation. One that the layer is
/// the only one to feed is folded into W and b, and so is an added constant vector.
/// </summary>
public sealed class LinearLayer
{
    private readonly VjpContext context;
    private readonly IReadOnlyList<Node> followers;
    private Tensor? weight;
    private Tensor? bias;
    private bool isBiasMade;

    private LinearLayer(VjpContext context, LayerKind kind, IReadOnlyList<Node> followers)
    {
        this.context = context;
        this.followers = followers;
        Kind = kind;
        Output = followers.Count == 0 ? context.Y() : context.Graph[followers[^1].Outputs[0]];
    }

    /// <summary>What the layer is.</summary>
    public LayerKind Kind { get; }

    /// <summary>What it reads, x.</summary>
    public Tensor Input => context.X();

    /// <summary>What it makes, y, with batch normalisation and bias.</summary>
    public Tensor Output { get; }

    /// <summary>Whether no element of what it reads is ever negative, as after a rectifier.</summary>
    public bool IsInputNonNegative => context.IsNonNegative(Input);

    /// <summary>The relevance that arrives, R = c y; <see cref="VjpContext.Dy"/> is c.</summary>
    public Tensor Relevance => Rectified is { } made
        ? (context.Walk.Arrived(made.Name) ?? context.Dy) * made : context.Dy * Output;

    /// <summary>
    /// What a rectifier makes of the output where nothing else reads it; null without one. Its derivative lets nothing through elsewhere,
    /// so that relevance can be read off it, with the coefficient that arrives there, and the runtime has it at hand.
    /// </summary>
    internal Tensor? Rectified
    {
        get
        {
            string made = Output.Name;
            bool isSeen = context.Graph.Outputs.Contains(made) || context.Walk.Wanted.Contains(made);
            return !isSeen && Kind != LayerKind.Normalization && context.Graph.SoleReader(made) is { QualifiedOperator: "Relu" } relu
                && context.Walk.Rules?.For(relu) is null ? context.Graph[relu.Outputs[0]] : null;
        }
    }

    /// <summary>The weights W, with the factor of a batch normalisation that was folded in.</summary>
    public Tensor Weight => weight ??= MakeWeight();

    /// <summary>The bias b, of a shape that broadcasts to y; null where there is none.</summary>
    public Tensor? Bias
    {
        get
        {
            if (!isBiasMade)
                (bias, isBiasMade) = (MakeBias(), true);
            return bias;
        }
    }

    /// <summary>Whether the input reaches the layer through no other convolution or dense layer.</summary>
    public bool IsFirst
    {
        get
        {
            var seen = new HashSet<string>();
            var open = new Stack<string>([context.Node.Inputs[0]]);
            while (open.TryPop(out string? value))
            {
                if (!seen.Add(value) || context.Graph.Producer(value) is not { } node)
                    continue;
                if (CanonicalForm.IsLayer(context, node))
                    return false;
                foreach (string input in node.Inputs.Where(context.IsOnPath))
                    open.Push(input);
            }

            return true;
        }
    }

    /// <summary>Reads the layer off a node.</summary>
    /// <param name="c">The node.</param>
    /// <returns>The layer; null where the node is none, or belongs to the layer before it.</returns>
    public static LinearLayer? Of(VjpContext c)
    {
        ArgumentNullException.ThrowIfNull(c);
        var node = c.Node;
        if (node.QualifiedOperator == "BatchNormalization")
        {
            return CanonicalForm.IsFolded(c, node) || node.Inputs.Skip(1).Any(c.IsOnPath) || node.Int("training_mode", 0) != 0
                ? null : new LinearLayer(c, LayerKind.Normalization, []);
        }

        if (!CanonicalForm.IsLayer(c, node))
            return null;
        return new LinearLayer(
            c, node.Operator is "Conv" or "ConvTranspose" ? LayerKind.Convolution : LayerKind.Dense, CanonicalForm.FollowersOf(c, node));
    }

    /// <summary>What the layer makes without its bias of another input by other weights: W x.</summary>
    /// <param name="input">The input, of the shape of <see cref="Input"/>; not mapped.</param>
    /// <param name="weights">The weights, of the shape of <see cref="Weight"/>.</param>
    public Tensor Apply(Tensor input, Tensor weights) => Kind == LayerKind.Normalization
        ? input * AlongChannels(weights)
        : context.Graph.Repeat(context.Node, [input, weights]);

    /// <summary>The transposed layer: W^T s, from what the layer makes back to what it reads.</summary>
    /// <param name="values">s, of the shape of <see cref="Output"/>; may be mapped.</param>
    /// <param name="weights">The weights.</param>
    public Tensor Transposed(Tensor values, Tensor weights) => Kind == LayerKind.Normalization
        ? values * AlongChannels(weights)
        : Entered(context.At(null, weights).With(values).Derivative()[0]!.Value.SumTo(Input.Shape));

    /// <summary>The shares of the layer's inputs: a coefficient for what it reads, nothing for weights and bias.</summary>
    /// <param name="coefficient">The coefficient, of the shape of <see cref="Input"/>; null where it was delivered or stopped.</param>
    public IReadOnlyList<Tensor?> Answer(Tensor? coefficient = null) =>
        [coefficient, .. context.Node.Inputs.Skip(1).Select(_ => (Tensor?)null)];

    /// <summary>An input of ones, of one item where the layer does not mix items.</summary>
    internal Tensor Ones()
    {
        var shape = Input.Shape.With(0, 1);
        var one = context.Graph.Constant(1, Input.Type);
        return shape.IsStatic && Input.Rank > 1 ? one.ExpandTo(shape) : one.ExpandLike(Input);
    }

    /// <summary><see cref="Apply"/> to <see cref="Ones"/>, with the shape that it has then.</summary>
    /// <param name="weights">The weights.</param>
    internal Tensor ApplyToOnes(Tensor weights)
    {
        var ones = Ones();
        var made = Apply(ones, weights);
        return ones.Shape[0] == Input.Shape[0] ? made : context.Graph.Declare(made.Name, made.Type, made.Shape.With(0, 1));
    }

    // The runtime makes a transposed convolution, which windows of longer strides take, outside the layout of its convolutions; every sum
    // with a shortcut up to the next one would leave it too.
    private Tensor Entered(Tensor values) => Kind == LayerKind.Convolution && (context.Ints("strides") ?? [1]).Any(s => s != 1)
        ? LayerRules.Blocked(values) : values;

    private Tensor MakeWeight()
    {
        if (Kind == LayerKind.Normalization)
            return SlopeOf(context.Node);
        var own = context.X(1);
        foreach (var follower in followers)
        {
            if (FactorOf(follower) is not { } factor)
                continue;
            own *= context.Node.Operator switch
            {
                "ConvTranspose" => factor.Unsqueeze(Axes(own.Rank - 2)),
                "Gemm" when context.Int("transB", 0) == 0 => factor,
                _ => factor.Unsqueeze(Axes(own.Rank - 1)),
            };
        }

        return own;
    }

    private Tensor? MakeBias()
    {
        if (Kind == LayerKind.Normalization)
            return AlongChannels(ShiftOf(context.Node));
        Tensor? own = context.Node.Operator != "MatMul" && context.HasInput(2) ? context.X(2) : null;
        if (own is { } c && context.Node.Operator == "Gemm" && context.Float("beta", 1) != 1)
            own = c * context.Float("beta", 1);
        foreach (var follower in followers)
        {
            if (own is { } before && FactorOf(follower) is { } factor)
                own = before * factor;
            if (follower.Operator != "Mul")
                own = Plus(own, follower.Operator == "Add" ? ConstantOf(follower) : ShiftOf(follower));
        }

        return own is { } values && Kind == LayerKind.Convolution ? AlongChannels(values) : own;
    }

    // What multiplies each channel, [C]; null where nothing does.
    private Tensor? FactorOf(Node follower) => follower.Operator switch
    {
        "Mul" => ConstantOf(follower),
        "Add" => null,
        _ => SlopeOf(follower),
    };

    // [C], whatever axes of length 1 it was given.
    private Tensor ConstantOf(Node follower)
    {
        var constant = context.Graph[follower.Inputs.First(i => !context.IsOnPath(i))];
        return constant.Reshape(new Shape(constant.Shape.Size));
    }

    private Tensor SlopeOf(Node normalization) => context.Graph[normalization.Inputs[1]]
        / (context.Graph[normalization.Inputs[4]] + normalization.Float("epsilon", 1e-5f)).Sqrt();

    private Tensor ShiftOf(Node normalization) =>
        context.Graph[normalization.Inputs[2]] - (SlopeOf(normalization) * context.Graph[normalization.Inputs[3]]);

    // [C] against [N, C, spatial...].
    private Tensor AlongChannels(Tensor values) => values.Unsqueeze(Axes(Output.Rank - 2));

    private static Tensor Plus(Tensor? sum, Tensor more) => sum is { } before ? before + more : more;

    private static long[] Axes(int count) => [.. Enumerable.Range(1, count).Select(i => (long)i)];
}
