namespace OnnxGrad.Rules;

/// <summary>Rectifiers and other activations.</summary>
internal static class ActivationRules
{
    private static readonly double SqrtOfTwoOverPi = Math.Sqrt(2 / Math.PI);

    public static readonly Dictionary<string, VjpRule> Table = new()
    {
        // Masked by the output: the input is then not needed again, and Conv + Relu still fuse.
        ["Relu"] = static c => c.Dy.Type == ElementType.Float ? SteepRelu(c) : ComparedRelu(c),
        ["Clip"] = static c => Clip(c, static (dy, open) => Tensor.Where(open, dy, 0)),
        ["LeakyRelu"] = static c => [Below(c, 0, c.Float("alpha", 0.01f))],
        ["PRelu"] = static c => [Tensor.Where(c.X() > 0, c.Dy, c.Dy * c.X(1)), Tensor.Where(c.X() <= 0, c.Dy * c.X(), 0)],
        ["ThresholdedRelu"] = static c => [Tensor.Where(c.X() > c.Float("alpha", 1), c.Dy, 0)],
        ["Elu"] = static c => [Below(c, 0, c.X().Exp() * c.Float("alpha", 1))],
        ["Selu"] = Selu,
        ["Celu"] = static c => [Below(c, 0, (c.X() / c.Float("alpha", 1)).Exp())],
        ["Shrink"] = static c => [Tensor.Where((c.X() < -c.Float("lambd", 0.5f)) | (c.X() > c.Float("lambd", 0.5f)), c.Dy, 0)],
        ["Sigmoid"] = static c => [c.Dy * c.Y() * (1 - c.Y())],
        ["HardSigmoid"] = static c => [Tensor.Where((c.Y() > 0) & (c.Y() < 1), c.Dy * c.Float("alpha", 0.2f), 0)],
        ["Tanh"] = static c => [c.Dy * (1 - c.Y().Square())],
        ["Softplus"] = static c => [c.Dy * c.X().Sigmoid()],
        ["Softsign"] = static c => [c.Dy / (1 + c.X().Abs()).Square()],
        ["Erf"] = static c => [c.Dy * (-c.X().Square()).Exp() * (2 / Math.Sqrt(Math.PI))],
        ["Gelu"] = static c => [c.Dy * (c.Text("approximate", "none") == "tanh" ? SlopeOfTanhGelu(c.X()) : SlopeOfGelu(c.X()))],
        ["HardSwish"] = static c => [Tensor.Where(c.X() < 3, Tensor.Where(c.X() > -3, c.Dy * (c.X() / 3 + 0.5), 0), c.Dy)],
        ["Mish"] = Mish,
        ["Swish"] = static c => [c.Dy * SlopeOfSwish(c.X(), c.Float("alpha", 1))],
        ["com.microsoft.BiasGelu"] = static c => Both(c.Dy * SlopeOfGelu(c.X() + c.X(1))),
        ["com.microsoft.FastGelu"] = static c => Both(c.Dy * SlopeOfTanhGelu(c.HasInput(1) ? c.X() + c.X(1) : c.X())),
        ["com.microsoft.Gelu"] = static c => [c.Dy * SlopeOfGelu(c.X())],
        ["com.microsoft.QuickGelu"] = static c => [c.Dy * SlopeOfSwish(c.X(), c.Float("alpha", 1.702f))],
    };

    /// <summary>
    /// What a Relu passes of a gradient: all of it where the output is positive. The mask is a comparison, exact in every precision.
    /// </summary>
    public static Tensor?[] ComparedRelu(VjpContext c) => [Tensor.Where(c.Y() > 0, c.Dy, 0)];

    /// <summary>
    /// The same for single precision on the processor: the mask is a hard sigmoid as steep as the type allows, which is 1 wherever the
    /// output is above 3e-39 (so for every normal number), and 0 at 0. ONNX Runtime computes it in the blocked layout of its convolutions,
    /// several times as fast as a comparison and Where. 16-bit floats cannot hold the slope: infinity times 0 would be NaN. Only a gradient
    /// that is infinite or NaN where the rectifier is shut comes out differently, NaN instead of 0.
    /// </summary>
    private static Tensor?[] SteepRelu(VjpContext c) => [c.Dy * c.Y().HardSigmoid(float.MaxValue, 0)];

    private static Tensor Below(VjpContext c, double bound, Tensor slope) => Tensor.Where(c.X() > bound, c.Dy, c.Dy * slope);

    private static Tensor Below(VjpContext c, double bound, double slope) => Tensor.Where(c.X() > bound, c.Dy, c.Dy * slope);

    private static Tensor?[] Both(Tensor gradient) => [gradient, gradient];

    /// <summary>min(max(x, low), high), masked by the output like Relu; clipping from 0 on is a rectifier (ReLU6).</summary>
    /// <param name="c">The node.</param>
    /// <param name="rectify">What is passed of a gradient by a rectifier, and where that is open.</param>
    public static Tensor?[] Clip(VjpContext c, Func<Tensor, Tensor, Tensor> rectify)
    {
        Tensor? low = c.HasInput(1) ? c.X(1) : null, high = c.HasInput(2) ? c.X(2) : null;
        Tensor? open = (low, high) switch
        {
            ({ } l, { } h) => (c.Y() > l) & (c.Y() < h),
            ({ } l, null) => c.Y() > l,
            (null, { } h) => c.Y() < h,
            _ => null,
        };
        bool fromZero = low is not null && c.Graph.ConstantFloats(c.Node.Inputs[1]) is [0];
        var dx = open is null ? c.Dy : fromZero ? rectify(c.Dy, open.Value) : Tensor.Where(open.Value, c.Dy, 0);

        // Where low exceeds high, the result is high.
        var dLow = low is { } bound && c.Needs(1)
            ? Tensor.Where(high is { } h2 ? (c.X() < bound) & (bound < h2) : c.X() < bound, c.Dy, 0)
            : (Tensor?)null;
        var dHigh = high is { } top && c.Needs(2)
            ? Tensor.Where((low is { } l2 ? c.X().Maximum(l2) : c.X()) > top, c.Dy, 0)
            : (Tensor?)null;
        return [dx, dLow, dHigh];
    }

    private static Tensor?[] Selu(VjpContext c)
    {
        double alpha = c.Float("alpha", 1.67326319217681884765625f), gamma = c.Float("gamma", 1.05070102214813232421875f);
        return [Below(c, 0, c.X().Exp() * alpha) * gamma];
    }

    /// <summary>y = x tanh(softplus(x)).</summary>
    private static Tensor?[] Mish(VjpContext c)
    {
        var t = Tensor.Elementwise("Softplus", c.X()).Tanh();
        return [c.Dy * (t + c.X() * (1 - t.Square()) * c.X().Sigmoid())];
    }

    /// <summary>The normal distribution's Phi(x) + x phi(x).</summary>
    private static Tensor SlopeOfGelu(Tensor x) =>
        (1 + (x * Math.Sqrt(0.5)).Erf()) * 0.5 + x * (x.Square() * -0.5).Exp() * (SqrtOfTwoOverPi / 2);

    private static Tensor SlopeOfTanhGelu(Tensor x)
    {
        var t = (x * (1 + x.Square() * 0.044715) * SqrtOfTwoOverPi).Tanh();
        return (1 + t) * 0.5 + x * (1 - t.Square()) * (1 + x.Square() * (3 * 0.044715)) * (SqrtOfTwoOverPi / 2);
    }

    /// <summary>Of x sigmoid(alpha x).</summary>
    private static Tensor SlopeOfSwish(Tensor x, double alpha)
    {
        var s = (x * alpha).Sigmoid();
        return s * (1 + x * alpha * (1 - s));
    }
}
