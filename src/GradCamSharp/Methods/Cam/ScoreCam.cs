namespace GradCamSharp.Methods;

/// <summary>How <see cref="ScoreCam"/> makes weights of scores.</summary>
public enum ScoreWeights
{
    /// <summary>Softmax over channels of logits, probabilities as they are.</summary>
    Auto,

    /// <summary>Softmax over the channels.</summary>
    Softmax,

    /// <summary>The scores as they are.</summary>
    Plain,
}

/// <summary>Score-CAM: channels weighted by the score of what they let through (Wang et al., arXiv 1910.01279).</summary>
public sealed record ScoreCam : MaskedCam
{
    private static readonly MethodParameter[] Own =
    [
        MethodParameter.Choice<ScoreCam, ScoreKind>(
            "score", m => m.Score, (m, v) => m with { Score = v }, "which score of the masked picture counts; the authors' code: " +
            "probability"),
        new WeightsParameter(),
    ];

    /// <summary>Which score of the masked picture counts; the authors' code takes the probability.</summary>
    public ScoreKind Score { get; init; }

    /// <summary>How scores become weights.</summary>
    public ScoreWeights Weights { get; init; }

    /// <inheritdoc/>
    public override string Name => "scorecam";

    /// <inheritdoc/>
    public override string Title => "Score-CAM";

    /// <inheritdoc/>
    public override string Equation => "w_k = softmax over k of S(x M_k), M_k = n(upsampled A^k);  L = relu(sum_k w_k A^k)";

    /// <inheritdoc/>
    public override string Summary =>
        "Channels weighted by what the network says of the picture behind them. No gradient; one run a channel.";

    /// <inheritdoc/>
    public override string Cost => "K F, K the number of channels";

    /// <inheritdoc/>
    public override string Peers =>
        "pytorch-grad-cam upsamples with aligned corners; torchcam normalises before it upsamples; the authors' code takes probabilities " +
        "and sums the upsampled maps.";

    /// <inheritdoc/>
    public override IReadOnlyList<MethodParameter> Parameters => [.. Own, .. base.Parameters];

    internal override MaskedRuns Runs => new(new NumberList(1));

    /// <inheritdoc/>
    protected override ScoreKind Kind => Score;

    /// <inheritdoc/>
    protected override void Weigh(double[] weights, IReadOnlyList<int> live)
    {
        if (Weights == ScoreWeights.Softmax || (Weights == ScoreWeights.Auto && Score == ScoreKind.Logit))
            base.Weigh(weights, live);
    }

    // Texts of several words say what softmax runs over.
    private sealed class WeightsParameter() : MethodParameter(
        "weights", "auto, softmax (or softmax over channels) or plain",
        "how scores become weights; auto: softmax of logits, probabilities as they are")
    {
        public override string TextOf(ExplanationMethod method) => ((ScoreCam)method).Weights.ToString().ToLowerInvariant();

        public override object ValueOf(ExplanationMethod method) => TextOf(method);

        internal override ExplanationMethod Write(ExplanationMethod method, string text)
        {
            string first = text.Equals("softmax over channels", StringComparison.OrdinalIgnoreCase) ? "softmax" : text;
            bool isName = Enum.TryParse<ScoreWeights>(first, ignoreCase: true, out var value) && !char.IsAsciiDigit(first[0]);
            return isName && Enum.IsDefined(value)
                ? (ScoreCam)method with { Weights = value }
                : throw new ArgumentException($"'{method.Name}.{Name}' takes {Range}, not '{text}'.");
        }
    }
}
