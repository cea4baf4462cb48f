using OnnxGrad;

namespace GradCamSharp.Methods;

/// <summary>The gradient weights of Grad-CAM++ (Eq. 9).</summary>
internal static class GradientWeights
{
    /// <summary>
    /// alpha = g^2 / (2 g^2 + g^3 sum A) = 1 / (2 + g sum A): no power of g that could underflow, no epsilon. 0 where the denominator is 0,
    /// which happens only where A or g can be negative: elsewhere it is at least 2 and nothing is masked. Where g = 0 alpha is 0 by
    /// definition and 1/2 here: every method multiplies it by g, or looks at positive g alone.
    /// </summary>
    /// <param name="A">The activation, [N, K, spatial...].</param>
    /// <param name="g">The gradient, or its positive part where no other counts; of the same shape.</param>
    public static Tensor Alpha(Tensor A, Tensor g)
    {
        var denominator = 2 + (g * A.SumSpatial());
        // The sign of an operator's result is no matter of rules: the standard's operators tell it whatever the model was loaded with.
        return StandardOperators.Registry.IsNonNegative(g) && StandardOperators.Registry.IsNonNegative(A)
            ? 1 / denominator
            : Tensor.Where(denominator.NotZero(), 1 / denominator, 0);
    }
}
