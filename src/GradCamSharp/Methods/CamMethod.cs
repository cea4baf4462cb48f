using OnnxGrad;

namespace GradCamSharp.Methods;

/// <summary>A class activation map from a layer's activation and the gradient there: a weighted sum of channels.</summary>
public abstract class CamMethod : ExplanationMethod
{
    /// <inheritdoc/>
    public sealed override Tensor Map(MapContext context) => Map(context.Activation, context.Gradient);

    /// <summary>The map as its equation.</summary>
    /// <param name="A">The layer's activation A, [N, K, spatial...].</param>
    /// <param name="g">The gradient g = dS/dA of the class score, of the same shape.</param>
    /// <returns>[N, spatial...], not normalised.</returns>
    protected abstract Tensor Map(Tensor A, Tensor g);
}
