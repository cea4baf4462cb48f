namespace OnnxGrad.Rules;

/// <summary>
/// Rounding to integers and back, differentiated straight through: as if nothing were rounded. The gradient at an
/// integer value is taken per step: DequantizeLinear multiplies it by the scale and QuantizeLinear divides by it, so that the pair passes
/// on what arrives. Saturation is kept: a value that the integers cannot hold passes nothing. Where zero is the least integer, saturation
/// there is the network's rectifier.
/// </summary>
internal static class QuantizationRules
{
    public static readonly Dictionary<string, VjpRule> Table = new()
    {
        ["DequantizeLinear"] = Dequantize,
        // The scale is chosen from the input's range, so that nothing saturates; what that choice adds to the
        // gradient is rounding's and left out.
        ["DynamicQuantizeLinear"] = static c => [c.DyOf(0) is { } dy ? dy / c.Y(1) : c.Zero(0)],
        ["QuantizeLinear"] = static c => [Quantize(c, static (dy, open) => Tensor.Where(open, dy, 0))],
    };

    /// <summary>y = (x - zero point) scale.</summary>
    private static Tensor?[] Dequantize(VjpContext c)
    {
        Tensor? dScale = null;
        if (c.Needs(1))
        {
            var steps = c.X().Cast(c.Dy.Type);
            dScale = c.Dy * (c.HasInput(2) ? steps - AlongAxis(c, c.X(2)).Cast(c.Dy.Type) : steps);
            if (c.X(1).Rank == 1 && c.X(1).Shape[0] != 1)
            {
                int axis = c.X().Shape.Axis(c.Int("axis", 1));
                dScale = dScale.Value.Sum([.. Enumerable.Range(0, c.X().Rank).Where(i => i != axis).Select(i => (long)i)], keep: false);
            }
        }

        return [c.Needs(0) ? c.Dy * AlongAxis(c, c.X(1)) : null, dScale];
    }

    /// <summary>dy / scale where the value lies between those that the least and the greatest integer stand for.</summary>
    public static Tensor Quantize(VjpContext c, Func<Tensor, Tensor, Tensor> rectify)
    {
        var x = c.X();
        var scale = AlongAxis(c, c.X(1).CastLike(x));
        var (least, greatest) = Range(c);
        Tensor low, high;
        if (c.HasInput(2))
        {
            var zero = AlongAxis(c, c.X(2)).CastLike(x);
            (low, high) = ((least - zero) * scale, (greatest - zero) * scale);
        }
        else
        {
            (low, high) = (scale * least, scale * greatest);
        }

        var inside = x <= high;
        bool fromZero = c.HasInput(2) ? c.Graph.Info(c.Node.Inputs[2])?.Integers is { } zeros && zeros.All(z => z == least) : least == 0;
        var dx = c.Dy / scale;
        return fromZero ? rectify(dx, (x > 0) & inside) : Tensor.Where((x >= low) & inside, dx, 0);
    }

    private static (double Least, double Greatest) Range(VjpContext c) => c.Y().Type switch
    {
        ElementType.UInt8 => (byte.MinValue, byte.MaxValue),
        ElementType.Int8 => (sbyte.MinValue, sbyte.MaxValue),
        ElementType.UInt16 => (ushort.MinValue, ushort.MaxValue),
        ElementType.Int16 => (short.MinValue, short.MaxValue),
        var other => throw c.Unsupported($"it makes values of type {other}"),
    };

    /// <summary>One number for all, or one for each position of an axis, brought in line with that axis.</summary>
    private static Tensor AlongAxis(VjpContext c, Tensor parameter)
    {
        if (parameter.Rank == 0 || parameter.Shape == new Shape(1))
            return parameter;
        if (parameter.Rank != 1)
            throw c.Unsupported("its scales are given block by block");
        var x = c.X();
        int after = x.Rank - 1 - x.Shape.Axis(c.Int("axis", 1));
        return parameter.Unsqueeze([.. Enumerable.Range(1, after).Select(i => (long)i)]);
    }
}
