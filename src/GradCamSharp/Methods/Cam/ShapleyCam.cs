using OnnxGrad;

namespace GradCamSharp.Methods;

/// <summary>What <see cref="ShapleyCam"/> explains.</summary>
public enum ShapleyTarget
{
    /// <summary>ReST: the score plus the logarithm of the probability.</summary>
    Rest,

    /// <summary>The score alone.</summary>
    Logit,
}

/// <summary>How <see cref="ShapleyCam"/> makes a map of its weights.</summary>
public enum ShapleyForm
{
    /// <summary>As Grad-CAM: relu(sum_k mean(w) A).</summary>
    Mean,

    /// <summary>As HiResCAM: sum_k w A. Signed.</summary>
    Hires,

    /// <summary>As element-wise Grad-CAM: sum_k relu(w A).</summary>
    Elementwise,
}

/// <summary>ShapleyCAM: gradients with a correction of the second order (Cai, arXiv 2501.06261).</summary>
/// <remarks>
/// w = g - H A / 2, H the second derivative of the target with respect to A. In piecewise linear networks H of the score is 0, and the map
/// of the logit is Grad-CAM: hence ReST.
/// </remarks>
public sealed record ShapleyCam : CamMethod
{
    private static readonly MethodParameter[] Own =
    [
        MethodParameter.Choice<ShapleyCam, ShapleyForm>(
            "form", m => m.Form, (m, v) => m with { Form = v }, "how weights become a map: as Grad-CAM, HiResCAM or element-wise " +
            "Grad-CAM do"),
        MethodParameter.Choice<ShapleyCam, ShapleyTarget>(
            "target", m => m.Target, (m, v) => m with { Target = v }, "what is explained: the score plus log p, or the score"),
    ];

    /// <summary>How weights become a map.</summary>
    public ShapleyForm Form { get; init; }

    /// <summary>What is explained.</summary>
    public ShapleyTarget Target { get; init; }

    /// <inheritdoc/>
    public override string Name => "shapleycam";

    /// <inheritdoc/>
    public override string Title => "ShapleyCAM";

    /// <inheritdoc/>
    public override string Equation => "w = g - H A / 2 of S + log p;  L = relu(sum_k mean_ij(w) A^k)";

    /// <inheritdoc/>
    public override string Summary =>
        "Grad-CAM with a correction of the second order, of a target that the other classes' scores belong to.";

    /// <inheritdoc/>
    public override string Cost => "F + B + (H + 2 B)";

    /// <inheritdoc/>
    public override string Peers => "pytorch-grad-cam explains the logit by default, which makes it Grad-CAM on most networks.";

    /// <inheritdoc/>
    public override bool ShowsPositivePart => Form == ShapleyForm.Hires || base.ShowsPositivePart;

    /// <inheritdoc/>
    public override IReadOnlyList<MethodParameter> Parameters => [.. Own, .. base.Parameters];

    internal override bool TakesOneClass => true;

    /// <inheritdoc/>
    protected override Tensor Terms(MapContext context)
    {
        var (A, w) = (context.Activation, Weights(context));
        return Form switch
        {
            ShapleyForm.Hires => w * A,
            ShapleyForm.Elementwise => (w * A).Relu(),
            _ => w.MeanSpatial() * A,
        };
    }

    /// <inheritdoc/>
    protected override Tensor Sum(MapContext context) => Form == ShapleyForm.Mean ? base.Sum(context).Relu() : base.Sum(context);

    private Tensor Weights(MapContext context)
    {
        var (scores, layer, operators) = (context.Scores, context.LayerValue, context.Operators);
        var seed = context.ClassSeed;
        if (Target == ShapleyTarget.Rest)
            seed = (seed * 2) - scores.Softmax(1);
        var gradient = ReverseMode.Gradients(scores, seed, [layer], operators)[0]
            ?? throw new ModelException($"The scores '{scores.Name}' do not depend on '{layer.Name}'.");
        // The derivative of g . A, where A is held constant: what it has for A itself is g again.
        long[] axes = [.. Enumerable.Range(1, layer.Rank - 1).Select(i => (long)i)];
        var along = (gradient * layer).Sum(axes);
        var both = ReverseMode.Gradients(along, along.Graph.Constant(1, along.Type), [layer], operators)[0]!.Value;
        return context.ToChannelsFirst(gradient - ((both - gradient) / 2));
    }
}
