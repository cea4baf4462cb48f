namespace GradCamSharp.Methods;

/// <summary>IS-CAM: Score-CAM with each mask faded in (Naidu et al., arXiv 2010.03023).</summary>
public sealed record IsCam : MaskedCam
{
    private static readonly MethodParameter[] Own =
    [
        MethodParameter.Numbers<IsCam>(
            "coefficients", m => m.Coefficients, (m, v) => m with { Coefficients = v }, "numbers, such as 0.5x1",
            "what each mask is multiplied by, in turn"),
    ];

    /// <summary>What each mask is multiplied by, in turn: i / 10 for i from 1 to 10.</summary>
    public NumberList Coefficients { get; init; } = new(0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1);

    /// <inheritdoc/>
    public override string Name => "iscam";

    /// <inheritdoc/>
    public override string Title => "IS-CAM";

    /// <inheritdoc/>
    public override string Equation => "w_k = softmax over k of mean_i S(x a_i M_k), a_i = i / 10;  L = relu(sum_k w_k A^k)";

    /// <inheritdoc/>
    public override string Summary =>
        "Score-CAM with every mask faded in, in ten steps: less at the mercy of one masked picture. Ten times the cost.";

    /// <inheritdoc/>
    public override string Cost => "10 K F, K the number of channels";

    /// <inheritdoc/>
    public override string Peers => "torchcam's coefficients are a running sum, i (i + 1) / 20: coefficients=0.1x0.3x0.6x1x1.5 and so on.";

    /// <inheritdoc/>
    public override IReadOnlyList<MethodParameter> Parameters => [.. Own, .. base.Parameters];

    internal override MaskedRuns Runs => new(Coefficients);
}
