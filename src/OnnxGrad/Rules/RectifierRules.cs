namespace OnnxGrad.Rules;

/// <summary>What rectifiers pass back under guided backpropagation and deconvolution, in place of their derivative.</summary>
internal static class RectifierRules
{
    public static readonly Dictionary<string, VjpRule> Guided = new()
    {
        // Of what passes forward the positive part of the gradient: the derivative of a rectifier whose gradient is rectified first.
        ["Relu"] = static c => c.With(c.Dy.Relu()).Derivative(),
        ["Clip"] = static c => ActivationRules.Clip(c, static (dy, open) => Tensor.Where(open, dy.Relu(), 0)),
        ["QuantizeLinear"] = static c => [QuantizationRules.Quantize(c, static (dy, open) => Tensor.Where(open, dy.Relu(), 0))],
        ["Conv"] = Conv,
    };

    public static readonly Dictionary<string, VjpRule> Deconvolution = new()
    {
        ["Relu"] = static c => [c.Dy.Relu()],
        ["Clip"] = static c => ActivationRules.Clip(c, static (dy, _) => dy.Relu()),
        ["QuantizeLinear"] = static c => [QuantizationRules.Quantize(c, static (dy, _) => dy.Relu())],
    };

    private static Tensor?[] Conv(VjpContext c)
    {
        var derivative = c.Derivative();
        return [Blocked(c, derivative[0]), .. derivative.Skip(1)];
    }

    /// <summary>
    /// ONNX Runtime computes convolutions, and elementwise operators behind them, in a layout of blocks of 16 channels. ConvTranspose has
    /// another layout. Every sum with a shortcut, up to the next ConvTranspose, would leave the blocks and no longer fuse with its
    /// convolution and rectifier; the guided rule reaches back through the whole network, so that this adds up. A mean over single elements
    /// changes no value and brings the gradient into the blocks.
    /// </summary>
    private static Tensor? Blocked(VjpContext c, Tensor? gradient)
    {
        if (gradient is not { Type: ElementType.Float, Rank: 4 } dx || dx.Shape[1].GetValueOrDefault(1) % 16 != 0
            || (c.Ints("strides") ?? [1]).All(s => s == 1))
            return gradient;
        return dx.AveragePool([1, 1], new Window([1, 1], [1, 1], [0, 0, 0, 0]));
    }
}
