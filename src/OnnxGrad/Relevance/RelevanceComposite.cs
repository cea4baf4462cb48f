using OnnxGrad.Relevance;

namespace OnnxGrad;

/// <summary>What a batch normalisation does that no layer takes in, such as one after a sum or a concatenation.</summary>
public enum LoneNormalizationRule
{
    /// <summary>It is a layer, under the rule of convolutions.</summary>
    Layer,

    /// <summary>All relevance passes.</summary>
    Pass,
}

/// <summary>How a product of two computed values shares out where one of them is a gate.</summary>
public enum GateRule
{
    /// <summary>The gate is held constant: the signal takes all (Arras et al., arXiv 1909.12114).</summary>
    Constant,

    /// <summary>Each takes half, as of two values of one kind (AttnLRP, Proposition 3.2).</summary>
    Half,
}

/// <summary>How a product of two computed matrices shares out.</summary>
public enum ProductRule
{
    /// <summary>Each takes half (AttnLRP, arXiv 2402.05602, Proposition 3.3).</summary>
    Half,

    /// <summary>The values take all, the attention weights nothing (CP-LRP, arXiv 2202.07304).</summary>
    Value,
}

/// <summary>Who takes the relevance of a maximum.</summary>
public enum MaximumRule
{
    /// <summary>The largest takes all.</summary>
    Winner,

    /// <summary>Each takes its share of the window's sum; for values that are not negative.</summary>
    Proportional,
}

/// <summary>
/// Rules for every kind of operator of a network: how layer-wise relevance propagation shares out relevance. A value;
/// <see cref="ToRuleSet"/> makes the table that <see cref="ReverseMode"/> walks by.
/// </summary>
/// <remarks>
/// What travels is the coefficient c of the relevance R = c v of a value v. The walk begins with c = 1 at the score. Moves and linear
/// operators without weights keep their derivative.
/// </remarks>
public sealed record RelevanceComposite
{
    /// <summary>The rule of convolutions, transposed ones and lone batch normalisations among them.</summary>
    public LayerRule Convolution { get; init; } = LayerRule.Zero;

    /// <summary>The rule of products with constant matrices.</summary>
    public LayerRule Dense { get; init; } = LayerRule.Zero;

    /// <summary>The rule of layers that the input reaches through no other; null where they have none of their own.</summary>
    public LayerRule? First { get; init; }

    /// <summary>What lone batch normalisations do.</summary>
    public LoneNormalizationRule Normalization { get; init; }

    /// <summary>How products with a gate share out.</summary>
    public GateRule Gates { get; init; }

    /// <summary>How products of two computed matrices share out.</summary>
    public ProductRule Products { get; init; }

    /// <summary>Who takes the relevance of a maximum.</summary>
    public MaximumRule Maximum { get; init; }

    /// <summary>The rules as a table.</summary>
    /// <param name="name">The table's name, for messages.</param>
    public RuleSet ToRuleSet(string name)
    {
        var table = new Dictionary<string, VjpRule>(StringComparer.Ordinal)
        {
            ["Conv"] = c => OfLayer(c, Convolution),
            ["ConvTranspose"] = c => OfLayer(c, Convolution),
            ["Gemm"] = c => OfLayer(c, Dense),
            ["MatMul"] = c => CanonicalForm.IsLayer(c, c.Node) ? OfLayer(c, Dense) : ProductRelevance.Matrices(c, Products),
            ["BatchNormalization"] = OfNormalization,
            ["GlobalAveragePool"] = static c => [LayerRules.Blocked(c.Derivative()[0]!.Value.ExpandLike(c.X()))],
        };
        foreach (var (op, rule) in ActivationRelevance.Table.Concat(NormalizationRelevance.Table).Concat(ProductRelevance.Table(this))
            .Concat(Maximum == MaximumRule.Proportional ? PoolingRelevance.Proportional : []))
        {
            table.Add(op, rule);
        }

        return new RuleSet(name, table);
    }

    /// <summary>A rule of layers as a rule of the walk, for a table of one's own.</summary>
    /// <param name="rule">The rule; those of first layers are refused elsewhere.</param>
    /// <returns>
    /// A rule for Conv, ConvTranspose, Gemm, MatMul and BatchNormalization; nodes that are no layer keep their derivative.
    /// </returns>
    public static VjpRule RuleOf(LayerRule rule)
    {
        ArgumentNullException.ThrowIfNull(rule);
        return c => LinearLayer.Of(c) is { } layer ? LayerRules.Share(c, layer, rule)
            : c.Node.Operator == "BatchNormalization" ? Passed(c, c.Dy) : c.Derivative();
    }

    /// <summary>
    /// A rule of the walk by which all relevance passes an operator of one value, as it passes activations: c f(x) / x, and nothing where x
    /// is 0.
    /// </summary>
    /// <param name="c">The node.</param>
    public static IReadOnlyList<Tensor?> Passed(VjpContext c)
    {
        ArgumentNullException.ThrowIfNull(c);
        return Passed(c, ActivationRelevance.Quotient(c, 0));
    }

    private IReadOnlyList<Tensor?> OfLayer(VjpContext c, LayerRule rule) => LinearLayer.Of(c) is not { } layer
        ? ProductRelevance.Matrices(c, Products)
        : LayerRules.Share(c, layer, First is { } first && layer.IsFirst ? first : rule);

    private IReadOnlyList<Tensor?> OfNormalization(VjpContext c)
    {
        if (CanonicalForm.IsFolded(c, c.Node))
            return Passed(c, c.Dy);
        return Normalization == LoneNormalizationRule.Pass
            ? Passed(c, ActivationRelevance.Quotient(c, 0))
            : LinearLayer.Of(c) is { } layer ? LayerRules.Share(c, layer, Convolution) : c.Derivative();
    }

    // A batch normalisation that is folded hands on what arrives: the layer before it takes it for what it makes itself.
    private static Tensor?[] Passed(VjpContext c, Tensor coefficient) =>
        [coefficient, .. c.Node.Inputs.Skip(1).Select(_ => (Tensor?)null)];
}
