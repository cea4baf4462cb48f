namespace GradCamSharp.Methods;

/// <summary>
/// A class activation map that weights a channel by the score of the picture behind it: the channel, upsampled and normalised, is the mask
/// M_k. A channel that is the same at all positions has no weight.
/// </summary>
public abstract record MaskedCam : WholeRunMethod
{
    private static readonly MethodParameter[] Common =
    [
        MethodParameter.Flag<MaskedCam>(
            "eigen_smooth", m => m.EigenSmooth, (m, v) => m with { EigenSmooth = v }, CamMethod.SmoothMeaning),
        AugmentedCam.Parameter,
    ];

    /// <summary>
    /// Whether the map is the first principal component of the weighted channels, centred over positions, instead of their rectified sum
    /// (pytorch-grad-cam's eigen_smooth). Signed.
    /// </summary>
    public bool EigenSmooth { get; init; }

    /// <inheritdoc/>
    public sealed override bool ShowsPositivePart => EigenSmooth;

    /// <inheritdoc/>
    public override IReadOnlyList<MethodParameter> Parameters => Common;

    /// <inheritdoc/>
    public sealed override MethodFamily Family => MethodFamily.Cam;

    /// <summary>How the pictures behind a channel are made, and how many there are.</summary>
    internal abstract MaskedRuns Runs { get; }

    /// <inheritdoc/>
    public sealed override RawMap Map(RunContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        int[] live = LiveChannels(context);
        var runs = Runs;
        // For each channel that lives all samples and coefficients, one after the other.
        var scores = context.MakeOnce(runs, () => context.Scores(live.Length * runs.Count, runs.Writer(context, live)));
        double[] weights = new double[(int)context.LayerShape[0]];
        for (int i = 0; i < live.Length; i++)
        {
            for (int r = 0; r < runs.Count; r++)
                weights[live[i]] += scores[(i * runs.Count) + r, context.ClassPlace, Kind] / (double)runs.Count;
        }

        Weigh(weights, live);
        return MapArithmetic.Weighted(context.Activation, context.LayerShape, weights, EigenSmooth);
    }

    /// <summary>Which score counts.</summary>
    protected virtual ScoreKind Kind => ScoreKind.Logit;

    /// <summary>Makes weights of the channels' mean scores: softmax over the channels that live.</summary>
    /// <param name="weights">[K]: the scores, and then the weights.</param>
    /// <param name="live">The channels that live.</param>
    protected virtual void Weigh(double[] weights, IReadOnlyList<int> live)
    {
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentNullException.ThrowIfNull(live);
        if (live.Count == 0)
            return;
        double largest = live.Max(k => weights[k]), sum = live.Sum(k => Math.Exp(weights[k] - largest));
        foreach (int k in live)
            weights[k] = Math.Exp(weights[k] - largest) / sum;
    }

    private static int[] LiveChannels(RunContext context)
    {
        int channels = (int)context.LayerShape[0], positions = context.Activation.Length / channels;
        var live = new List<int>();
        for (int k = 0; k < channels; k++)
        {
            var channel = context.Activation.Slice(k * positions, positions);
            if (channel.ContainsAnyExcept(channel[0]))
                live.Add(k);
        }

        return [.. live];
    }
}
