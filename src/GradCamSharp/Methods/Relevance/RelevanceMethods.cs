using OnnxGrad;

namespace GradCamSharp.Methods;

/// <summary>The named composites of layer-wise relevance propagation.</summary>
public static class RelevanceMethods
{
    private static readonly LayerRule Quarter = LayerRule.Gamma(0.25), Little = LayerRule.Gamma(0.05);

    private static readonly LayerRule Twice = LayerRule.AlphaBeta(2, 1), Share = LayerRule.EpsilonRms(0.1);

    /// <summary>The composite that suits the network's kind; the result says which, and why.</summary>
    public static LayerwiseRelevance Auto { get; } = new(
        "lrp", "LRP", "Relevance by the composite that suits the network's kind; the result says which it is, and why.", null);

    /// <summary>LRP-0 everywhere.</summary>
    public static LayerwiseRelevance Zero { get; } = Of(
        "lrp-0", "LRP-0", "Relevance in proportion to contributions; in ReLU networks gradient x input. Noisy: a baseline for others.",
        new());

    /// <summary>Plain and residual convolutional networks: LRP-CMP (Kohlbrenner et al., arXiv 1910.09840).</summary>
    public static LayerwiseRelevance EpsilonPlusFlat { get; } = Of(
        "lrp-epsilon-plus-flat", "LRP epsilon-plus-flat",
        "Dense layers by LRP-0, convolutions by z+, the first one flat. For plain and residual convolutional networks.",
        new() { Convolution = LayerRule.Positive, First = LayerRule.Flat });

    /// <summary>Networks like VGG: the composite of Montavon et al. 2019.</summary>
    public static LayerwiseRelevance EpsilonGammaBox { get; } = Of(
        "lrp-epsilon-gamma-box", "LRP epsilon-gamma-box",
        "Dense layers by LRP-0, convolutions by gamma, the first one by the box of possible inputs. For networks like VGG.",
        new() { Convolution = Quarter, First = LayerRule.Box(-4, 4) });

    /// <summary>AttnLRP (Achtibat et al., arXiv 2402.05602).</summary>
    public static LayerwiseRelevance Attention { get; } = Of(
        "attnlrp", "AttnLRP", "For transformers: products share in halves, softmax by its derivative, layers by LRP-0.", new());

    /// <summary>AttnLRP with gamma in layers.</summary>
    public static LayerwiseRelevance AttentionGamma { get; } = Of(
        "attnlrp-gamma", "AttnLRP gamma", "AttnLRP with the gamma rule in layers, which takes the noise out. For vision transformers.",
        new() { Convolution = Quarter, Dense = Little });

    /// <summary>The methods, in the order in which they are shown.</summary>
    public static IReadOnlyList<LayerwiseRelevance> All { get; } =
    [
        Auto,
        Zero,
        Of("lrp-epsilon", "LRP epsilon", "A small epsilon of each layer's scale swallows weak and contradictory contributions.",
            new() { Convolution = Share, Dense = Share }),
        Of("lrp-gamma", "LRP gamma", "Contributions of the output's sign count more, everywhere. Smooth, and little tuned.",
            new() { Convolution = Quarter, Dense = Little }),
        Of("lrp-zplus", "LRP z+", "Positive contributions alone (deep Taylor, excitation backpropagation). Stable, not very specific.",
            new() { Convolution = LayerRule.Positive, Dense = LayerRule.Positive }),
        Of("lrp-epsilon-plus", "LRP epsilon-plus", "Dense layers by LRP-0, convolutions by z+.",
            new() { Convolution = LayerRule.Positive }),
        EpsilonPlusFlat,
        Of("lrp-epsilon-plus-wsquare", "LRP epsilon-plus-wsquare",
            "Dense layers by LRP-0, convolutions by z+, the first one by squared weights. For inputs without bounds.",
            new() { Convolution = LayerRule.Positive, First = LayerRule.WSquare }),
        Of("lrp-epsilon-alpha2-beta1", "LRP epsilon-alpha2-beta1",
            "Negative contributions count too, and all twice. Sharp in plain networks, unstable in deep ones.",
            new() { Convolution = Twice }),
        Of("lrp-epsilon-alpha2-beta1-flat", "LRP epsilon-alpha2-beta1-flat", "The same with a flat first layer.",
            new() { Convolution = Twice, First = LayerRule.Flat }),
        EpsilonGammaBox,
        Attention,
        AttentionGamma,
        Of("cp-lrp", "CP-LRP", "For transformers: attention weights are held constant, the values take all (Ali et al., arXiv 2202.07304).",
            new() { Products = ProductRule.Value }),
        Of("cp-lrp-gamma", "CP-LRP gamma", "CP-LRP with the gamma rule in layers. For vision transformers.",
            new() { Convolution = Quarter, Dense = Little, Products = ProductRule.Value }),
    ];

    private static LayerwiseRelevance Of(string name, string title, string summary, RelevanceComposite composite) =>
        new(name, title, summary, composite);
}
