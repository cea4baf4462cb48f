namespace OnnxGrad.Rules;

/// <summary>
/// What ONNX's Resize does along one axis, as a matrix. Coordinates are worked out in single precision, as ONNX Runtime does: where a
/// nearest neighbour hangs on the last bit, both must choose the same one.
/// </summary>
/// <param name="Mode">nearest, linear or cubic.</param>
/// <param name="Coordinates">The attribute coordinate_transformation_mode.</param>
/// <param name="Rounding">The attribute nearest_mode.</param>
/// <param name="CubicCoefficient">The attribute cubic_coeff_a.</param>
/// <param name="ExcludeOutside">Whether elements outside have no weight; else the edge stands for them.</param>
/// <param name="Antialias">Whether the filter widens where the axis shrinks.</param>
internal sealed record Interpolation(
    string Mode, string Coordinates, string Rounding, float CubicCoefficient, bool ExcludeOutside, bool Antialias)
{
    /// <summary>The matrix from an axis of one length to one of another.</summary>
    public LinearMap Along(long from, long to, float scale) =>
        LinearMap.Of(from, Enumerable.Range(0, (int)to).Select(o => Row(o, from, to, scale)));

    private (long, double)[] Row(long output, long from, long to, float scale)
    {
        float x = scale == 1 && from == to ? output : Coordinate(output, from, to, scale);
        if (Mode == "nearest")
            return [(Math.Clamp(Round(x), 0, from - 1), 1)];
        bool linear = Mode == "linear";
        if (linear && !Antialias)
            x = Math.Clamp(x, 0, from - 1);
        // The filter reaches one element to each side (linear) or two (cubic), more where antialiasing widens it.
        double width = Antialias && scale < 1 ? 1.0 / scale : 1;
        double support = (linear ? 1 : 2) * width;
        var taps = new List<(long Source, double Weight)>();
        for (long i = (long)Math.Floor(x - support); i <= (long)Math.Ceiling(x + support); i++)
        {
            double weight = linear ? Math.Max(0, 1 - (Math.Abs(i - x) / width)) : Cubic(Math.Abs(i - x) / width);
            bool outside = i < 0 || i >= from;
            if (weight != 0 && !(outside && ExcludeOutside))
                taps.Add((Math.Clamp(i, 0, from - 1), weight));
        }

        double sum = ExcludeOutside || Antialias ? taps.Sum(t => t.Weight) : 1;
        return [.. taps.Select(t => (t.Source, t.Weight / sum))];
    }

    private float Coordinate(float output, long from, long to, float scale) => Coordinates switch
    {
        "asymmetric" => output / scale,
        "pytorch_half_pixel" => to > 1 ? ((output + 0.5f) / scale) - 0.5f : 0,
        "tf_half_pixel_for_nn" => (output + 0.5f) / scale,
        "align_corners" => to == 1 ? 0 : output * (from - 1) / (to - 1),
        "half_pixel_symmetric" => (from / 2f * (1 - (to / (scale * from)))) + ((output + 0.5f) / scale) - 0.5f,
        _ => ((output + 0.5f) / scale) - 0.5f,
    };

    private long Round(float x) => Rounding switch
    {
        "floor" => (long)MathF.Floor(x),
        "ceil" => (long)MathF.Ceiling(x),
        "round_prefer_ceil" => (long)MathF.Round(x, MidpointRounding.AwayFromZero),
        _ => (long)MathF.Ceiling(x - 0.5f),
    };

    /// <summary>The cubic convolution kernel (Keys 1981) at a distance.</summary>
    private double Cubic(double d)
    {
        double a = CubicCoefficient;
        return d < 1 ? ((((a + 2) * d) - (a + 3)) * d * d) + 1
            : d < 2 ? (((((d - 5) * d) + 8) * d) - 4) * a
            : 0;
    }
}
