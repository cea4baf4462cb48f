namespace GradCamSharp.Methods;

/// <summary>Ablation-CAM: channels weighted by what the score loses without them (Desai and Ramaswamy, WACV 2020).</summary>
/// <remarks>
/// The paper divides by the score: one factor that cancels where the score is positive, and turns the map round where it is negative. It is
/// left out unless asked for.
/// </remarks>
public sealed record AblationCam : TailRunMethod
{
    private static readonly MethodParameter[] Own =
    [
        MethodParameter.Flag<AblationCam>(
            "divide", m => m.Divide, (m, v) => m with { Divide = v }, "whether weights are divided by the score, as the paper prints them"),
        MethodParameter.Flag<AblationCam>(
            "eigen_smooth", m => m.EigenSmooth, (m, v) => m with { EigenSmooth = v }, CamMethod.SmoothMeaning),
        AugmentedCam.Parameter,
    ];

    /// <summary>
    /// Whether the map is the first principal component of the weighted channels, centred over positions, instead of their rectified sum
    /// (pytorch-grad-cam's eigen_smooth). Signed.
    /// </summary>
    public bool EigenSmooth { get; init; }

    /// <inheritdoc/>
    public override bool ShowsPositivePart => EigenSmooth;

    /// <summary>Whether weights are divided by the score, as the paper prints them.</summary>
    public bool Divide { get; init; }

    /// <inheritdoc/>
    public override string Name => "ablationcam";

    /// <inheritdoc/>
    public override string Title => "Ablation-CAM";

    /// <inheritdoc/>
    public override string Equation => "w_k = S - S(A with channel k set to 0);  L = relu(sum_k w_k A^k)";

    /// <inheritdoc/>
    public override string Summary =>
        "Channels weighted by what the score loses without them. No gradient; the layer's tail runs once a channel.";

    /// <inheritdoc/>
    public override MethodFamily Family => MethodFamily.Cam;

    /// <inheritdoc/>
    public override string Cost => "F + K H, K the number of channels; F + B where the tail is linear";

    /// <inheritdoc/>
    public override string Peers =>
        "pytorch-grad-cam divides by the score, and where the layer has values below 0 sets channels far below them instead of to 0: " +
        "another map.";

    /// <inheritdoc/>
    public override IReadOnlyList<MethodParameter> Parameters => Own;

    /// <inheritdoc/>
    public override RawMap Map(TailContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        int channels = (int)context.LayerShape[0];
        var scores = context.Scores("without one channel", channels, ScoreKind.Logit, new LayerChange(LayerAxis.Channels, (run, factors) =>
        {
            factors.Fill(1);
            factors[run] = 0;
        }));
        double own = context.Score(ScoreKind.Logit);
        double[] weights = new double[channels];
        for (int k = 0; k < channels; k++)
            weights[k] = (own - scores[k, context.ClassPlace, ScoreKind.Logit]) / (Divide ? own : 1);
        return MapArithmetic.Weighted(context.Activation, context.LayerShape, weights, EigenSmooth);
    }
}
