using OnnxGrad;

namespace GradCamSharp.Methods;

/// <summary>Where each channel of the layer is excited most: [N, 2, K], the largest value and its position.</summary>
internal sealed record ChannelPeaks : GraphMethod
{
    public override string Name => "channel-peaks";

    public override string Title => "Peaks of channels";

    public override string Equation => "max_ij A^k, and where";

    public override string Summary => "Where each channel of a layer is excited most.";

    public override MethodFamily Family => MethodFamily.Concept;

    public override string Cost => "F";

    public override Tensor Map(MapContext context)
    {
        var activation = context.Activation;
        var flat = activation.Reshape(new Shape(activation.Shape[0], activation.Shape[1], activation.Shape.Product(2, activation.Rank)));
        var (peaks, places) = (flat.Max([2], keep: false), flat.ArgMax(2).Squeeze(2).Cast(activation.Type));
        return Tensor.Concat(1, peaks.Unsqueeze(1), places.Unsqueeze(1));
    }
}
