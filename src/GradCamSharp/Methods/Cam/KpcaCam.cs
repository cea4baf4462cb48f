using OnnxGrad;

namespace GradCamSharp.Methods;

/// <summary>The kernels of <see cref="KpcaCam"/>.</summary>
public enum KpcaKernel
{
    /// <summary>tanh(gamma x.y + coef0).</summary>
    Sigmoid,

    /// <summary>exp(-gamma |x - y|^2).</summary>
    Rbf,
}

/// <summary>KPCA-CAM: the first kernel principal component of the activation (Karmani et al., arXiv 2410.00267).</summary>
/// <remarks>The same for every class. Signed; the strongest value is positive. Computed in double: the sigmoid kernel cancels.</remarks>
public sealed record KpcaCam : CamMethod
{
    private static readonly MethodParameter[] Own =
    [
        MethodParameter.Choice<KpcaCam, KpcaKernel>(
            "kernel", m => m.Kernel, (m, v) => m with { Kernel = v }, "how alike two positions are"),
        MethodParameter.NumberOr<KpcaCam>(
            "gamma", "1/K", m => m.Gamma, (m, v) => m with { Gamma = v }, 1e-12, 1e12, "how fast likeness falls; K is the number of " +
            "channels"),
        MethodParameter.Number<KpcaCam>(
            "coef0", m => m.Coef0, (m, v) => m with { Coef0 = v }, -1000, 1000, "what the sigmoid kernel adds to the product"),
    ];

    /// <summary>How alike two positions are.</summary>
    public KpcaKernel Kernel { get; init; }

    /// <summary>The kernel's gamma, above 0; null for 1 over the number of channels.</summary>
    public double? Gamma { get; init; }

    /// <summary>What the sigmoid kernel adds to the product.</summary>
    public double Coef0 { get; init; } = 1;

    /// <inheritdoc/>
    public override string Name => "kpcacam";

    /// <inheritdoc/>
    public override string Title => "KPCA-CAM";

    /// <inheritdoc/>
    public override string Equation => "M = kernel of all pairs of positions, centred;  L = sqrt(lambda) u, the first eigenpair of M";

    /// <inheritdoc/>
    public override string Summary =>
        "Eigen-CAM in a kernel's space: positions may be alike in other than linear ways. The same for every class.";

    /// <inheritdoc/>
    public override string Cost => "F up to the layer, and twenty products of a matrix of positions by positions";

    /// <inheritdoc/>
    public override string Peers =>
        "pytorch-grad-cam uses scikit-learn's KernelPCA, which starts at random beyond 200 positions; the map is the same.";

    /// <inheritdoc/>
    public override bool ShowsPositivePart => true;

    /// <inheritdoc/>
    public override IReadOnlyList<MethodParameter> Parameters => [.. Own, .. base.Parameters];

    /// <inheritdoc/>
    protected override Tensor Terms(MapContext context) => context.Activation;

    /// <inheritdoc/>
    protected override Tensor Sum(MapContext context)
    {
        var A = context.Activation;
        var X = PrincipalComponent.Matrix(A.Cast(ElementType.Double), centred: true);       // [N, K, P]
        double gamma = Gamma ?? 1.0 / X.Shape[1].Value;
        var products = X.TransposeMatrix().MatMul(X);
        Tensor M;
        if (Kernel == KpcaKernel.Sigmoid)
        {
            M = ((products * gamma) + Coef0).Tanh();
        }
        else
        {
            var squares = X.Square().Sum([1]);                                              // [N, 1, P]
            M = ((products * 2) - squares - squares.TransposeMatrix()) * gamma;
            M = M.Minimum(X.Graph.Constant(0, ElementType.Double)).Exp();
        }

        M = M - M.Mean([1]) - M.Mean([2]) + M.Mean([1, 2]);
        var alive = X.Abs().Max([1, 2]) > 0;
        M = Tensor.Where(alive, M, 0);
        return PrincipalComponent.OfKernel(M, new Shape([A.Shape[0], .. A.Shape.Slice(2, A.Rank - 2)]));
    }
}
