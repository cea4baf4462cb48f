using OnnxGrad;

namespace GradCamSharp.Methods;

/// <summary>
/// A class activation map, brought to the input's resolution, times guided backpropagation: [N, C, spatial...], signed. The map says where,
/// the gradient says what (section 3 of arXiv 1710.11063).
/// </summary>
/// <param name="Cam">The class activation map.</param>
public abstract record GuidedCam(CamMethod Cam) : GraphMethod
{
    /// <inheritdoc/>
    public sealed override string Name => $"guided-{Cam.Name}";

    /// <inheritdoc/>
    public sealed override string Title => $"Guided {Cam.Title}";

    /// <inheritdoc/>
    public sealed override string Equation => $"upsampled {Cam.Title} map * guided backpropagation";

    /// <inheritdoc/>
    public sealed override string Summary => $"The outlines of guided backpropagation where {Cam.Title} finds evidence.";

    /// <inheritdoc/>
    public sealed override MethodFamily Family => MethodFamily.Gradient;

    /// <inheritdoc/>
    public sealed override string Cost => "F + 2 B, one of them of the whole network";

    /// <inheritdoc/>
    public sealed override bool IsPixelSpace => true;

    /// <inheritdoc/>
    public sealed override Tensor Map(MapContext context)
    {
        var gradient = context.InputGradient(StandardRuleSets.GuidedBackpropagation);
        var map = Cam.Map(context).Unsqueeze(1);
        return map.ResizeLinear(gradient.Shape.Slice(2, gradient.Rank - 2)) * gradient;
    }
}

/// <summary>Guided Grad-CAM.</summary>
public sealed record GuidedGradCam() : GuidedCam(new GradCam());

/// <summary>Guided Grad-CAM++.</summary>
public sealed record GuidedGradCamPlusPlus() : GuidedCam(new GradCamPlusPlus());
