namespace OnnxGrad.Rules;

/// <summary>Resizing: linear in its input and separable, so that its adjoint is one constant matrix an axis, transposed.</summary>
internal static class ResamplingRules
{
    public static readonly Dictionary<string, VjpRule> Table = new()
    {
        ["Resize"] = static c => [ResizeGradient(c)],
    };

    private static Tensor ResizeGradient(VjpContext c)
    {
        var interpolation = new Interpolation(c.Text("mode", "nearest"), c.Text("coordinate_transformation_mode", "half_pixel"),
            c.Text("nearest_mode", "round_prefer_floor"), c.Float("cubic_coeff_a", -0.75f),
            c.Int("exclude_outside", 0) != 0, c.Int("antialias", 0) != 0);
        if (interpolation.Coordinates == "tf_crop_and_resize")
            throw c.Unsupported("it crops by tf_crop_and_resize");
        var (from, to) = (c.X().Shape, c.Y().Shape);
        float[] scales = Scales(c);
        var maps = new Dictionary<int, LinearMap>();
        for (int axis = 0; axis < from.Rank; axis++)
        {
            if (from[axis] == to[axis] && (!from[axis].IsKnown || scales[axis] == 1))
                continue;
            if (!from[axis].IsKnown || !to[axis].IsKnown)
                throw c.Unsupported("it resizes an axis whose length is known only when the model runs");
            maps[axis] = interpolation.Along(from[axis].Value, to[axis].Value, scales[axis]);
        }

        if (from.Rank is >= 3 and <= 5 && maps.Keys.All(a => a >= 2) && maps.Values.All(m => m.RepeatCount > 0))
        {
            return SumOfRepeats(c.Dy,
                [.. Enumerable.Range(2, from.Rank - 2).Select(a => maps.TryGetValue(a, out var map) ? map.RepeatCount : 1)]);
        }
        var dy = c.Dy;
        foreach (var (axis, map) in maps)
            dy = map.Adjoint(dy, axis);
        return dy;
    }

    /// <summary>Nearest neighbours by a whole factor: the sum over each element's copies, as a mean times their number.</summary>
    private static Tensor SumOfRepeats(Tensor dy, long[] times)
    {
        var unit = Window.Unit(times.Length);
        var window = new Window(times, unit.Dilations.AsSpan(), unit.Pads.AsSpan());
        return dy.AveragePool(times, window) * times.Aggregate(1L, (a, b) => a * b);
    }

    private static float[] Scales(VjpContext c)
    {
        var (from, to) = (c.X().Shape, c.Y().Shape);
        float[] scales = [.. from.Zip(to, (a, b) => a.IsKnown && b.IsKnown && a != b ? (float)b.Value / a.Value : 1)];
        long[] axes = c.Ints("axes") ?? [.. Enumerable.Range(0, from.Rank).Select(i => (long)i)];
        if (c.HasInput(2) && c.Graph.Info(c.Node.Inputs[2])?.Shape.Size != 0)
        {
            // Scales that the graph computes are known by the lengths they led to.
            double[]? given = c.Graph.ConstantFloats(c.Node.Inputs[2]);
            for (int i = 0; i < axes.Length && given is not null; i++)
                scales[from.Axis(axes[i])] = (float)given[i];
        }
        else if (c.Text("keep_aspect_ratio_policy", "stretch") is var policy && policy != "stretch")
        {
            long[] sizes = c.Integers(3)!;
            var wanted = axes.Select((axis, i) => (float)sizes[i] / from[from.Axis(axis)].Value);
            float scale = policy == "not_larger" ? wanted.Min() : wanted.Max();
            foreach (long axis in axes)
                scales[from.Axis(axis)] = scale;
        }

        return scales;
    }
}
