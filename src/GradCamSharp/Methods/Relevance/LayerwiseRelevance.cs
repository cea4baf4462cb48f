using OnnxGrad;

namespace GradCamSharp.Methods;

/// <summary>Where the relevance of a map is shown.</summary>
public enum RelevancePlace
{
    /// <summary>At the network's input, a value a channel of the picture.</summary>
    Input,

    /// <summary>At the explained layer, summed over its channels: a class activation map of relevance.</summary>
    Layer,
}

/// <summary>
/// Layer-wise relevance propagation (Bach et al., PLOS ONE 2015): the score is shared out backward, layer by layer, by a rule for each kind
/// of operator. Each named method is a composite of rules; <see cref="RelevanceMethods"/> lists them.
/// </summary>
/// <remarks>
/// What the input gets and what the network keeps add up to the score: <see cref="RelevanceAccount"/>. A map whose account does not close
/// is refused, with the node where it breaks.
/// </remarks>
public sealed record LayerwiseRelevance : GraphMethod, IRelevanceRules
{
    private static readonly MethodParameter[] Own =
    [
        Rule("conv", m => m.Composite!.Convolution, (m, v) => m with { Composite = m.Composite! with { Convolution = v } },
            "the rule of convolutions"),
        Rule("dense", m => m.Composite!.Dense, (m, v) => m with { Composite = m.Composite! with { Dense = v } },
            "the rule of dense layers"),
        new MethodParameter<LayerwiseRelevance, FirstRule>(
            "first", $"none, or {RuleRange}", "the rule of layers that the input reaches through no other", m => new(m.Composite!.First),
            (m, v) => m with { Composite = m.Composite! with { First = v.Rule } },
            text => text.Equals("none", StringComparison.OrdinalIgnoreCase) ? new FirstRule(null)
                : LayerRule.TryParse(text, out var rule) ? new FirstRule(rule) : null,
            v => v.Rule?.ToString() ?? "none", v => v.Rule?.ToString() ?? "none"),
        MethodParameter.Choice<LayerwiseRelevance, LoneNormalizationRule>(
            "norm", m => m.Composite!.Normalization, (m, v) => m with { Composite = m.Composite! with { Normalization = v } },
            "what batch normalisations do that no layer takes in"),
        MethodParameter.Choice<LayerwiseRelevance, GateRule>(
            "gate", m => m.Composite!.Gates, (m, v) => m with { Composite = m.Composite! with { Gates = v } },
            "how a product with a gate shares out"),
        MethodParameter.Choice<LayerwiseRelevance, ProductRule>(
            "product", m => m.Composite!.Products, (m, v) => m with { Composite = m.Composite! with { Products = v } },
            "how a product of two computed matrices shares out"),
        MethodParameter.Choice<LayerwiseRelevance, MaximumRule>(
            "maxpool", m => m.Composite!.Maximum, (m, v) => m with { Composite = m.Composite! with { Maximum = v } },
            "who takes the relevance of a maximum"),
        Place,
    ];

    private const string RuleRange = "a rule of layers: lrp-0, epsilon:E, epsilon-rms:E, gamma:G, zplus, alphabeta:A:B, flat, wsquare or " +
        "box:LOW:HIGH";

    private readonly string name, title, summary;

    internal LayerwiseRelevance(string name, string title, string summary, RelevanceComposite? composite)
    {
        (this.name, this.title, this.summary) = (name, title, summary);
        Composite = composite;
    }

    /// <summary>The rules; null where the network's kind decides, or <see cref="Rules"/> says all.</summary>
    public RelevanceComposite? Composite { get; init; }

    /// <summary>A table of rules of one's own, which goes before the composite; null without one.</summary>
    public RuleSet? Rules { get; init; }

    /// <summary>Where relevance is shown.</summary>
    public RelevancePlace At { get; init; }

    /// <summary>
    /// Whether a convolution hands on relevance in proportion to what a rectifier makes of its output, so that it fades where that
    /// closes. By LRP-0 and epsilon the coefficient itself goes on, and stops there at once, as a gradient does.
    /// </summary>
    internal bool IsContinuous => Rules is null
        && (Composite is null || Composite.Convolution is { Kind: LayerRuleKind.AlphaBeta }
            || (Composite.Convolution.Kind == LayerRuleKind.Gamma && Composite.Convolution != LayerRule.Gamma(0)));

    /// <inheritdoc/>
    public override string Name => name;

    /// <inheritdoc/>
    public override string Title => title;

    /// <inheritdoc/>
    public override string Equation => "R = c x: c = 1 at S, and back through every operator by its rule";

    /// <inheritdoc/>
    public override string Summary => summary;

    /// <inheritdoc/>
    public override MethodFamily Family => MethodFamily.Relevance;

    /// <inheritdoc/>
    public override string Cost => "F + 2 B, of the whole network";

    /// <inheritdoc/>
    public override bool IsPixelSpace => At == RelevancePlace.Input;

    /// <inheritdoc/>
    public override bool IsAttribution => true;

    /// <inheritdoc/>
    public override bool ShowsPositivePart => At == RelevancePlace.Layer;

    /// <inheritdoc/>
    public override string Peers =>
        "zennit adds 1e-6 to every denominator, captum changes weights only, and LXT adds its epsilon without a sign.";

    /// <inheritdoc/>
    public override IReadOnlyList<MethodParameter> Parameters => Composite is null ? [Place] : Own;

    private static MethodParameter Place => MethodParameter.Choice<LayerwiseRelevance, RelevancePlace>(
        "at", m => m.At, (m, v) => m with { At = v }, "whether relevance is shown at the input or, summed over channels, at the layer");

    /// <inheritdoc/>
    public override Tensor Map(MapContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var walk = context.Relevance(RulesFor(context), At == RelevancePlace.Layer);
        context.Account(this, [.. walk.Account(), (RelevanceAccount.Magnitude, walk.Magnitude())]);
        return At == RelevancePlace.Input ? context.InputToChannelsFirst(walk.Input)
            : (context.Activation * context.ToChannelsFirst(walk[context.LayerValue.Name] ?? throw context.NoRelevanceAtLayer(this)))
                .SumChannels();
    }

    RuleSet IRelevanceRules.RulesFor(MapContext context) => RulesFor(context);

    /// <summary>The table for a network: one's own, the composite's, or that of the network's kind.</summary>
    internal RuleSet RulesFor(MapContext context)
    {
        if (Rules is { } own)
            return own;
        if (Composite is { } composite)
            return composite.ToRuleSet(name);
        var choice = RelevanceChoice.For(context);
        context.Say(this, $"{choice.Method.Name}, since {choice.Reason}");
        return choice.Method.Composite!.ToRuleSet(choice.Method.Name);
    }

    private static MethodParameter<LayerwiseRelevance, FirstRule> Rule(
        string name, Func<LayerwiseRelevance, LayerRule> get, Func<LayerwiseRelevance, LayerRule, LayerwiseRelevance> set,
        string meaning) =>
        new MethodParameter<LayerwiseRelevance, FirstRule>(
            name, RuleRange, meaning, m => new(get(m)), (m, v) => set(m, v.Rule!),
            text => LayerRule.TryParse(text, out var rule) && !rule.IsForFirstLayers ? new FirstRule(rule) : null,
            v => v.Rule!.ToString(), v => v.Rule!.ToString());

    private readonly record struct FirstRule(LayerRule? Rule);
}
