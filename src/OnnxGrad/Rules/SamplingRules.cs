namespace OnnxGrad.Rules;

/// <summary>Reading between positions: at the points of a grid (GridSample), and in regions (RoiAlign).</summary>
internal static class SamplingRules
{
    public static readonly Dictionary<string, VjpRule> Table = new()
    {
        ["GridSample"] = GridSample,
        ["RoiAlign"] = static c => [RoiAlign(c)],
    };

    private static Tensor?[] GridSample(VjpContext c)
    {
        var (x, grid, dy) = (c.X(), c.X(1), c.Dy);
        string mode = c.Text("mode", "bilinear"), padding = c.Text("padding_mode", "zeros");
        if (x.Rank != 4 || !x.Shape.Slice(1, 3).IsStatic)
            throw c.Unsupported("it samples something else than pictures of known size");
        if (mode is not ("bilinear" or "linear" or "nearest"))
            throw c.Unsupported($"it interpolates by '{mode}'");
        if (padding is not ("zeros" or "border"))
            throw c.Unsupported($"it pads by '{padding}'");
        long height = x.Shape[2].Value, width = x.Shape[3].Value;
        bool aligned = c.Int("align_corners", 0) != 0;
        var across = new SampledAxis(grid.Slice(3, 0, 1).Squeeze(3), width, aligned, padding == "border", mode == "nearest");
        var down = new SampledAxis(grid.Slice(3, 1, 2).Squeeze(3), height, aligned, padding == "border", mode == "nearest");

        // [N, 1, P] of P points, for all channels.
        var points = grid.Shape[1] * grid.Shape[2];
        var items = x.Shape[0];
        var values = x.Reshape(new Shape([items, x.Shape[1], height * width]));
        var arriving = dy.Reshape(new Shape([items, x.Shape[1], points]));
        Tensor? dx = null, dAcross = null, dDown = null;
        foreach (var (row, column) in (ReadOnlySpan<(int, int)>)[(0, 0), (0, 1), (1, 0), (1, 1)])
        {
            if (mode == "nearest" && row + column > 0)
                continue;
            var index = ((down.Index(row) * width) + across.Index(column)).Reshape(new Shape([items, 1, points]))
                .ExpandTo(new Shape([items, x.Shape[1], points]));
            Tensor Flat(Tensor t) => t.Reshape(new Shape([items, 1, points]));
            var (wx, wy) = (Flat(across.Weight(column)), Flat(down.Weight(row)));
            var inside = Flat(across.Inside(column) * down.Inside(row));
            if (c.Needs(0))
            {
                var part = values.ZerosLike(dy.Type).ScatterElements(index, arriving * (wx * wy * inside), 2);
                dx = dx is { } before ? before + part : part;
            }

            if (c.Needs(1) && mode != "nearest")
            {
                var read = arriving * (values.GatherElements(index, 2) * inside);
                var a = (read * wy * (column == 0 ? -1 : 1)).Sum([1], keep: false);
                var d = (read * wx * (row == 0 ? -1 : 1)).Sum([1], keep: false);
                dAcross = dAcross is { } beforeA ? beforeA + a : a;
                dDown = dDown is { } beforeD ? beforeD + d : d;
            }
        }

        Tensor? dGrid = null;
        if (c.Needs(1))
        {
            var shape = new Shape([items, grid.Shape[1], grid.Shape[2], 1]);
            dGrid = dAcross is { } a && dDown is { } d
                ? Tensor.Concat(3, (a.Reshape(shape) * across.Slope), (d.Reshape(shape) * down.Slope))
                : c.Zero(1);
        }

        return [dx is { } sum ? sum.ReshapeLike(x) : null, dGrid];
    }

    /// <summary>
    /// The regions are taken as given, as torchvision's own derivative has them: what a region reads is, along each axis, a constant matrix
    /// times the picture, so that the adjoint is these two matrices, transposed.
    /// </summary>
    private static Tensor RoiAlign(VjpContext c)
    {
        var (x, regions, dy) = (c.X(), c.X(1), c.Dy);
        if (c.Text("mode", "avg") != "avg")
            throw c.Unsupported("it takes maxima in its regions");
        long samples = c.Int("sampling_ratio", 0);
        if (samples <= 0)
            throw c.Unsupported("how many samples it takes depends on each region's size (sampling_ratio is 0)");
        if (!x.Shape.IsStatic || !dy.Shape.IsStatic)
            throw c.Unsupported("the number of its regions is known only when the model runs");
        long count = dy.Shape[0].Value, channels = x.Shape[1].Value, height = x.Shape[2].Value, width = x.Shape[3].Value;
        long rows = dy.Shape[2].Value, columns = dy.Shape[3].Value;
        bool half = c.Text("coordinate_transformation_mode", "half_pixel") == "half_pixel";
        double scale = c.Float("spatial_scale", 1);
        var across = Readings(regions, 0, columns, samples, width, scale, half);
        var down = Readings(regions, 1, rows, samples, height, scale, half);
        var items = new List<Tensor>();
        for (long item = 0; item < x.Shape[0].Value; item++)
        {
            var own = dy;
            if (x.Shape[0].Value > 1)
                own *= c.X(2).EqualTo(c.Graph.Scalar(item)).Cast(dy.Type).Reshape(new Shape(count, 1, 1, 1));
            // [R, C, P, Q] [R, 1, Q, W] is [R, C, P, W]; summed over regions and their rows with [R, P, H].
            var wide = own.MatMul(across.Unsqueeze(1)).Transpose([1, 3, 0, 2]).Reshape(new Shape(channels * width, count * rows));
            var whole = wide.MatMul(down.Reshape(new Shape(count * rows, height)));
            items.Add(whole.Reshape(new Shape(channels, width, height)).Transpose([0, 2, 1]).Unsqueeze(0));
        }

        return items.Count == 1 ? items[0] : Tensor.Concat(0, [.. items]);
    }

    /// <summary>How much each bin of each region reads of each position along an axis: [R, bins, length].</summary>
    private static Tensor Readings(Tensor regions, int axis, long bins, long samples, long length, double scale, bool half)
    {
        var graph = regions.Graph;
        long count = regions.Shape[0].Value;
        double shift = half ? 0.5 : 0;
        var start = (regions.Slice(1, axis, axis + 1) * scale) - shift;
        var extent = (regions.Slice(1, axis + 2, axis + 3) * scale) - shift - start;
        if (!half)
            extent = extent.Maximum(graph.Constant(1, regions.Type));
        // The samples lie evenly in each bin.
        double[] shares = [.. Enumerable.Range(0, (int)(bins * samples)).Select(i => (i + 0.5) / (bins * samples))];
        var at = start + (extent * graph.Constant(regions.Type, new Shape(1, bins * samples), shares));
        var inside = (at >= -1) & (at <= length);
        var held = at.Maximum(graph.Constant(0, regions.Type)).Minimum(graph.Constant(length - 1, regions.Type));
        double[] positions = [.. Enumerable.Range(0, (int)length).Select(i => (double)i)];
        var distance = (held.Unsqueeze(2) - graph.Constant(regions.Type, new Shape(1, 1, length), positions)).Abs();
        var weights = (1 - distance).Relu() * inside.Cast(regions.Type).Unsqueeze(2);
        return weights.Reshape(new Shape(count, bins, samples, length)).Mean([2], keep: false);
    }

    /// <summary>The two positions between which each point of a grid lies, along one axis.</summary>
    private sealed class SampledAxis
    {
        private readonly Tensor low;
        private readonly Tensor share;
        private readonly Tensor? held;
        private readonly long length;
        private readonly bool isBorder;
        private readonly bool isNearest;

        /// <param name="grid">From -1 to 1.</param>
        /// <param name="length">The number of positions.</param>
        /// <param name="aligned">Whether -1 and 1 are the middles of the outermost positions; else their edges.</param>
        /// <param name="isBorder">Whether points outside read the outermost position; else 0.</param>
        /// <param name="isNearest">Whether the nearest position alone is read.</param>
        public SampledAxis(Tensor grid, long length, bool aligned, bool isBorder, bool isNearest)
        {
            this.length = length;
            this.isBorder = isBorder;
            this.isNearest = isNearest;
            double factor = aligned ? (length - 1) / 2.0 : length / 2.0;
            var at = ((grid + 1) * factor) - (aligned ? 0 : 0.5);
            Slope = at.Graph.Constant(factor, grid.Type);
            if (isBorder)
            {
                // Outside nothing changes with the point.
                held = ((at >= 0) & (at <= length - 1)).Cast(grid.Type);
                at = at.Maximum(at.Graph.Constant(0, grid.Type)).Minimum(at.Graph.Constant(length - 1, grid.Type));
                Slope = (held.Value * factor).Unsqueeze(3);
            }

            low = Tensor.Elementwise(isNearest ? "Round" : "Floor", at);
            share = at - low;
        }

        /// <summary>How much a step along the axis is for a step of the grid.</summary>
        public Tensor Slope { get; }

        public Tensor Index(int corner) => (low + corner).Maximum(low.Graph.Constant(0, low.Type))
            .Minimum(low.Graph.Constant(length - 1, low.Type)).Cast(ElementType.Int64);

        public Tensor Weight(int corner) => isNearest ? share.ZerosLike() + 1 : corner == 0 ? 1 - share : share;

        /// <summary>1 where the position exists, or stands for the outermost one; else 0.</summary>
        public Tensor Inside(int corner) => isBorder
            ? share.ZerosLike() + 1
            : (((low + corner) >= 0) & ((low + corner) <= length - 1)).Cast(low.Type);
    }
}
