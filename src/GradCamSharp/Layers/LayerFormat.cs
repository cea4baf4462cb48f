using OnnxGrad;

namespace GradCamSharp.Layers;

/// <summary>How a layer's output is laid out.</summary>
public enum LayerFormat
{
    /// <summary>[N, K, spatial...].</summary>
    Nchw,

    /// <summary>[N, spatial..., K].</summary>
    Nhwc,

    /// <summary>
    /// [N, T, K], as in vision transformers: the last T' tokens form a square; those before them (a class token) are dropped.
    /// </summary>
    Tokens,
}

/// <summary>Bringing layers of any layout to [N, K, spatial...].</summary>
public static class LayerFormats
{
    /// <summary>The name on the command line.</summary>
    public static string Name(this LayerFormat format) => format switch
    {
        LayerFormat.Nhwc => "nhwc",
        LayerFormat.Tokens => "tokens",
        _ => "nchw",
    };

    /// <summary>The format of a name.</summary>
    /// <exception cref="ArgumentException">There is no such format.</exception>
    public static LayerFormat Parse(string name) => name?.ToUpperInvariant() switch
    {
        "NCHW" => LayerFormat.Nchw,
        "NHWC" => LayerFormat.Nhwc,
        "TOKENS" => LayerFormat.Tokens,
        _ => throw new ArgumentException($"There is no layer format '{name}'. The formats are nchw, nhwc and tokens."),
    };

    /// <summary>The shape of the map: the spatial lengths of a layer's output.</summary>
    /// <exception cref="ModelException">The shape does not fit the format.</exception>
    public static Shape Spatial(this LayerFormat format, Shape shape, string layer)
    {
        switch (format)
        {
            case LayerFormat.Tokens when shape.Rank == 3 && shape[1] != Shape.Dynamic && Side(shape[1]) > 0:
                return new Shape(Side(shape[1]), Side(shape[1]));
            case LayerFormat.Nhwc when shape.Rank >= 3:
                return shape.Slice(1, shape.Rank - 2);
            case LayerFormat.Nchw when shape.Rank >= 3:
                return shape.Slice(2, shape.Rank - 2);
            default:
                throw new ModelException($"The layer '{layer}' has the shape {shape}, which is not {format.Name()}. " +
                    "Choose another layer (gradcam layers MODEL lists them) or another --layer-format.");
        }
    }

    /// <summary>The layer's values, or their gradient, as [N, K, spatial...].</summary>
    internal static Tensor ToChannelsFirst(this LayerFormat format, Tensor value, string layer)
    {
        var spatial = format.Spatial(value.Shape, layer);
        switch (format)
        {
            case LayerFormat.Tokens:
                long tokens = value.Shape[1];
                var grid = value.Slice(1, tokens - spatial.Size, tokens);
                return grid.Transpose([0, 2, 1]).Reshape(new Shape([value.Shape[0], value.Shape[2], .. spatial]));
            case LayerFormat.Nhwc:
                return value.Transpose([0, value.Rank - 1, .. Enumerable.Range(1, value.Rank - 2).Select(i => (long)i)]);
            default:
                return value;
        }
    }

    /// <summary>
    /// The side of the largest square of tokens that leaves at most a few (class and register tokens) in front; 0 if there is none.
    /// </summary>
    private static long Side(long tokens)
    {
        long side = (long)Math.Sqrt(tokens);
        return side > 1 && tokens - (side * side) <= 8 ? side : 0;
    }
}
