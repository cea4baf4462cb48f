using OnnxGrad;

namespace GradCamSharp.Methods;

/// <summary>A class activation map from a layer's activation and the gradient there, position by position.</summary>
public abstract record GradientCam : CamMethod
{
    /// <inheritdoc/>
    protected sealed override Tensor Terms(MapContext context) => Terms(context.Activation, context.Gradient);

    /// <inheritdoc/>
    protected sealed override Tensor Sum(MapContext context) => Map(context.Activation, context.Gradient);

    /// <summary>What is summed over channels, as its equation.</summary>
    /// <param name="A">The layer's activation A, [N, K, spatial...].</param>
    /// <param name="g">The gradient g = dS/dA of the score, of the same shape.</param>
    /// <returns>[N, K, spatial...].</returns>
    protected abstract Tensor Terms(Tensor A, Tensor g);

    /// <summary>The map: the sum of the terms over channels, unless the method does more with it.</summary>
    /// <param name="A">The layer's activation A, [N, K, spatial...].</param>
    /// <param name="g">The gradient g = dS/dA of the score, of the same shape.</param>
    /// <returns>[N, spatial...], not normalised.</returns>
    protected virtual Tensor Map(Tensor A, Tensor g) => Terms(A, g).SumChannels();
}
