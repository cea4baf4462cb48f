namespace OnnxGrad.Rules;

/// <summary>Rectifiers and other activations.</summary>
internal static class ActivationRules
{
    public static readonly Dictionary<string, VjpRule> Table = new()
    {
        // Masked by the output: the input is then not needed again, and Conv + Relu still fuse.
        ["Relu"] = static c => [Rectified(c, c.Y() > 0)],
        ["Sigmoid"] = static c => [c.Dy * c.Y() * (1 - c.Y())],
        ["Tanh"] = static c => [c.Dy * (1 - c.Y().Square())],
    };

    private static Tensor Rectified(VjpContext c, Tensor open) => c.ReluRule switch
    {
        ReluRule.Guided => c.Dy.Relu().Where(open),
        ReluRule.Deconvolution => c.Dy.Relu(),
        _ => c.Dy.Where(open),
    };
}
