using OnnxGrad;

namespace GradCamSharp.Methods;

/// <summary>DeepLIFT by the rescale rule: shares of the score's change from a baseline (Shrikumar et al., arXiv 1704.02685).</summary>
/// <remarks>The shares sum to the change; by how much they do not, in 32-bit floats, is reported.</remarks>
public sealed record DeepLiftRescale : GraphMethod
{
    private static readonly MethodParameter[] Own =
    [
        new MethodParameter<DeepLiftRescale, BaselineInput>(
            "baseline", BaselineInput.Range, Methods.Baseline.Meaning, m => m.Baseline, (m, v) => m with { Baseline = v },
            BaselineInput.Parse, v => v.ToString(), v => v.Values.Count == 1 ? v.Values[0] : v.ToString()),
        MethodParameter.Choice<DeepLiftRescale, DeepLiftMaximum>(
            "maxpool", m => m.Maximum, (m, v) => m with { Maximum = v }, "how maxima share out"),
    ];

    /// <summary>The input that stands for no evidence.</summary>
    public BaselineInput Baseline { get; init; } = new(new NumberList(0));

    /// <summary>How maxima share out.</summary>
    public DeepLiftMaximum Maximum { get; init; }

    /// <inheritdoc/>
    public override string Name => "deeplift";

    /// <inheritdoc/>
    public override string Title => "DeepLIFT";

    /// <inheritdoc/>
    public override string Equation => "(x - x') m: m = (f(v) - f(v')) / (v - v') at every activation";

    /// <inheritdoc/>
    public override string Summary =>
        "How much of the score's change from a baseline each pixel makes, by one more forward pass; the shares sum to it.";

    /// <inheritdoc/>
    public override MethodFamily Family => MethodFamily.Relevance;

    /// <inheritdoc/>
    public override string Cost => "2 F + B, of the whole network";

    /// <inheritdoc/>
    public override string Peers =>
        "captum gives a ReLU before a MaxPool the plain gradient, and has no rule for GELU, SiLU, LayerNorm or products.";

    /// <inheritdoc/>
    public override bool IsPixelSpace => true;

    /// <inheritdoc/>
    public override bool IsAttribution => true;

    /// <inheritdoc/>
    public override IReadOnlyList<MethodParameter> Parameters => Own;

    /// <inheritdoc/>
    public override Tensor Map(MapContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var found = context.DeepLift((x, isLast) => Baseline.Of(x, isLast, Name), Maximum);
        context.Account(this, [("score", found.Change), ("input", found.Sum), (RelevanceAccount.Magnitude, found.Magnitude)]);
        return context.InputToChannelsFirst(found.Shares);
    }
}

/// <summary>DeepLIFT averaged over several baselines of noise (DeepLIFT-SHAP; Lundberg and Lee, arXiv 1705.07874).</summary>
public sealed record DeepLiftShap : GraphMethod
{
    private static readonly MethodParameter[] Own =
    [
        MethodParameter.Integer<DeepLiftShap>(
            "baselines", m => m.Baselines, (m, v) => m with { Baselines = (int)v }, 1, 100, "how many baselines of noise from -1 to 1"),
        MethodParameter.Integer<DeepLiftShap>(
            "baseline_seed", m => m.BaselineSeed, (m, v) => m with { BaselineSeed = v }, 0, long.MaxValue, "the baselines' seed"),
        MethodParameter.Choice<DeepLiftShap, DeepLiftMaximum>(
            "maxpool", m => m.Maximum, (m, v) => m with { Maximum = v }, "how maxima share out"),
    ];

    /// <summary>How many baselines; the graph holds the network once for each.</summary>
    public int Baselines { get; init; } = 4;

    /// <summary>The baselines' seed.</summary>
    public long BaselineSeed { get; init; } = 2;

    /// <summary>How maxima share out.</summary>
    public DeepLiftMaximum Maximum { get; init; }

    /// <inheritdoc/>
    public override string Name => "deeplift-shap";

    /// <inheritdoc/>
    public override string Title => "DeepLIFT-SHAP";

    /// <inheritdoc/>
    public override string Equation => "mean_k (x - b_k) m_k: DeepLIFT from each of several baselines b";

    /// <inheritdoc/>
    public override string Summary => "DeepLIFT without the choice of one baseline: averaged over several.";

    /// <inheritdoc/>
    public override MethodFamily Family => MethodFamily.Relevance;

    /// <inheritdoc/>
    public override string Cost => "F + 4 (F + B), of the whole network";

    /// <inheritdoc/>
    public override bool IsPixelSpace => true;

    /// <inheritdoc/>
    public override bool IsAttribution => true;

    /// <inheritdoc/>
    public override IReadOnlyList<MethodParameter> Parameters => Own;

    /// <inheritdoc/>
    public override Tensor Map(MapContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        DeepLift[] all =
        [
            .. Enumerable.Range(0, Baselines).Select(k => context.DeepLift(
                (x, isLast) => BaselineInput.OfNoise(k, BaselineSeed).Of(x, isLast, Name), Maximum)),
        ];
        context.Account(
            this,
            [("score", Mean(d => d.Change)), ("input", Mean(d => d.Sum)), (RelevanceAccount.Magnitude, Mean(d => d.Magnitude))]);
        return context.InputToChannelsFirst(Mean(d => d.Shares));

        Tensor Mean(Func<DeepLift, Tensor> of) => all.Select(of).Aggregate((a, b) => a + b) / all.Length;
    }
}
