using OnnxGrad;

namespace GradCamSharp.Methods;

/// <summary>A class activation map that weights whole channels: relu(sum_k w_k A^k).</summary>
public abstract record WeightedCam : GradientCam
{
    /// <inheritdoc/>
    protected sealed override Tensor Terms(Tensor A, Tensor g) => Weights(A, g) * A;

    /// <inheritdoc/>
    protected sealed override Tensor Map(Tensor A, Tensor g) => A.SumChannels(Weights(A, g)).Relu();

    /// <summary>The channels' weights, as their equation.</summary>
    /// <param name="A">The layer's activation A, [N, K, spatial...].</param>
    /// <param name="g">The gradient g = dS/dA of the score, of the same shape.</param>
    /// <returns>[N, K, 1...].</returns>
    protected abstract Tensor Weights(Tensor A, Tensor g);
}
