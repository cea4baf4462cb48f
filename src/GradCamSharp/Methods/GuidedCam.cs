using OnnxGrad;

namespace GradCamSharp.Methods;

/// <summary>
/// A class activation map, brought to the input's resolution, times guided backpropagation: [N, C, spatial...], signed. The map says where,
/// the gradient says what (section 3 of arXiv 1710.11063).
/// </summary>
public abstract class GuidedCam(CamMethod cam) : ExplanationMethod
{
    /// <inheritdoc/>
    public sealed override string Name => $"guided-{cam.Name}";

    /// <inheritdoc/>
    public sealed override string Title => $"Guided {cam.Title}";

    /// <inheritdoc/>
    public sealed override string Equation => $"upsampled {cam.Title} map * guided backpropagation";

    /// <inheritdoc/>
    public sealed override string Summary => $"The outlines of guided backpropagation where {cam.Title} finds evidence.";

    /// <inheritdoc/>
    public sealed override bool IsPixelSpace => true;

    /// <inheritdoc/>
    public sealed override IReadOnlyList<KeyValuePair<string, object>>? Parameters => cam.Parameters;

    /// <inheritdoc/>
    public sealed override Tensor Map(MapContext context)
    {
        var gradient = context.InputGradient(StandardRuleSets.GuidedBackpropagation);
        var map = cam.Map(context).Unsqueeze(1);
        return map.ResizeLinear(gradient.Shape.Slice(2, gradient.Rank - 2)) * gradient;
    }
}

/// <summary>Guided Grad-CAM.</summary>
public sealed class GuidedGradCam() : GuidedCam(new GradCam());

/// <summary>Guided Grad-CAM++.</summary>
public sealed class GuidedGradCamPlusPlus() : GuidedCam(new GradCamPlusPlus());
