using GradCamSharp.Methods;
using OnnxGrad;

namespace GradCamSharp.Visualizing;

/// <summary>The mean of a channel of the layer over positions, [N, 1].</summary>
internal sealed record ChannelMean(int Channel) : GraphMethod
{
    public override string Name => "channel-mean";

    public override string Title => "Channel mean";

    public override string Equation => "mean_ij A^k";

    public override string Summary => "The mean of a channel over positions.";

    public override MethodFamily Family => MethodFamily.Concept;

    public override Tensor Map(MapContext context) => Of(context, Channel).Reshape(new Shape(context.Activation.Shape[0], 1));

    public static Tensor Of(MapContext context, int channel) =>
        context.Activation.Slice(1, channel, channel + 1).MeanSpatial();
}

/// <summary>Its derivative with respect to the input, [N, C, spatial...].</summary>
internal sealed record ChannelMeanGradient(int Channel) : GraphMethod
{
    public override string Name => "channel-gradient";

    public override string Title => "Channel gradient";

    public override string Equation => "d mean_ij A^k / dx";

    public override string Summary => "The gradient of a channel's mean at the input.";

    public override MethodFamily Family => MethodFamily.Gradient;

    public override bool IsPixelSpace => true;

    public override Tensor Map(MapContext context)
    {
        var mean = ChannelMean.Of(context, Channel);
        return context.InputGradientOf(mean, mean.ZerosLike() + 1);
    }
}
