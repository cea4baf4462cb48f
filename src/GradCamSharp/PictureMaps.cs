using GradCamSharp.Imaging;
using GradCamSharp.Methods;
using OnnxGrad;

namespace GradCamSharp;

/// <summary>Raw maps on the pictures that they are of.</summary>
internal static class PictureMaps
{
    /// <summary>A map on its picture, of the kind that the method's values are of.</summary>
    /// <param name="method">The method.</param>
    /// <param name="raw">Its map, not normalised.</param>
    /// <param name="shape">The map's shape: [h, w], of concepts [k, h, w], in pixel space [C, H, W].</param>
    /// <param name="prepared">What the network saw of the picture.</param>
    /// <param name="layer">The layer's name, for messages.</param>
    /// <exception cref="ModelException">The map has not the axes of a picture.</exception>
    public static HeatMap Of(ExplanationMethod method, ReadOnlySpan<float> raw, Shape shape, PreparedPicture prepared, string layer)
    {
        var size = prepared.Input.Size;
        var geometry = prepared.Geometry;
        if (method.IsPixelSpace)
            return HeatMap.FromPixels(Rendering.Strength(raw, size), size.Height, size.Width, geometry);
        // A map a concept: the first is the strongest.
        if (method.Family == MethodFamily.Concept && shape.Rank == 3)
            return Of(method, raw[..(int)shape.Slice(1, 2).Size], shape.Slice(1, 2), prepared, layer);
        if (shape.Rank != 2)
        {
            throw new ModelException(
                $"The layer '{layer}' has maps of {shape}; on a picture they need two axes. Choose another layer.");
        }

        return method.ShowsPositivePart ? HeatMap.FromSigned(raw, (int)shape[0], (int)shape[1], geometry)
            : HeatMap.FromRaw(raw, (int)shape[0], (int)shape[1], geometry);
    }
}
