namespace GradCamSharp.Methods;

/// <summary>A method that switches parts of the input on and off: cells of a grid, or SLIC superpixels.</summary>
/// <remarks>The map has one value a cell of the grid; of superpixels it has the input's size, each value repeated over its part.</remarks>
public abstract record SegmentMethod : WholeRunMethod
{
    private static readonly MethodParameter[] Own =
    [
        MethodParameter.Lengths<SegmentMethod>(
            "cells", m => m.Cells, (m, v) => m with { Cells = v }, "how many cells the grid has along each axis"),
        MethodParameter.NumberOr<SegmentMethod>(
            "segments", "grid", m => m.Superpixels, (m, v) => m with { Superpixels = (int?)v }, 1, 10_000,
            "how many superpixels instead of a grid; of pictures alone", whole: true),
        MethodParameter.Number<SegmentMethod>(
            "compactness", m => m.Compactness, (m, v) => m with { Compactness = v }, 0, 1e6, "how square superpixels are"),
        MethodParameter.Integer<SegmentMethod>(
            "iterations", m => m.Iterations, (m, v) => m with { Iterations = (int)v }, 1, 1000, "rounds of the superpixels"),
        MethodParameter.Choice<SegmentMethod, SegmentFill>(
            "fill", m => m.Fill, (m, v) => m with { Fill = v }, "what stands where a part is off: its mean colour, or 0"),
        MethodParameter.Choice<SegmentMethod, ScoreKind>("score", m => m.Score, (m, v) => m with { Score = v }, "which score counts"),
        MethodParameter.Integer<SegmentMethod>(
            "seed", m => m.Seed, (m, v) => m with { Seed = v }, 0, long.MaxValue, "the random numbers' seed"),
    ];

    /// <summary>How many cells the grid has along each axis; one number for all axes.</summary>
    public NumberList Cells { get; init; } = new(7);

    /// <summary>How many SLIC superpixels instead of a grid; null for the grid.</summary>
    public int? Superpixels { get; init; }

    /// <summary>How square superpixels are.</summary>
    public double Compactness { get; init; } = 10;

    /// <summary>Rounds of the superpixels.</summary>
    public int Iterations { get; init; } = 10;

    /// <summary>What stands where a part is off.</summary>
    public abstract SegmentFill Fill { get; init; }

    /// <summary>Which score counts.</summary>
    public abstract ScoreKind Score { get; init; }

    /// <summary>The random numbers' seed.</summary>
    public long Seed { get; init; } = 1;

    /// <inheritdoc/>
    public sealed override MethodFamily Family => MethodFamily.Perturbation;

    /// <inheritdoc/>
    public sealed override bool ShowsPositivePart => true;

    /// <inheritdoc/>
    public override IReadOnlyList<MethodParameter> Parameters => Own;

    /// <inheritdoc/>
    public sealed override RawMap Map(RunContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        int[] space = MapArithmetic.Spatial(context.InputShape);
        var spatial = context.InputShape.Slice(1, space.Length);
        if (Superpixels is { } wanted)
        {
            if (space.Length != 2)
            {
                throw new ArgumentException(
                    $"'{Name}.segments' makes superpixels of pictures; this input has {space.Length} spatial axes. Set cells.");
            }

            float[] input = context.Input.ToArray();
            var parts = context.MakeOnce(
                ("superpixels", wanted, Compactness, Iterations),
                () => Slic.Segment(input, (int)context.InputShape[0], space[0], space[1], wanted, Compactness, Iterations));
            return parts.Map(Values(context, parts), null, spatial);
        }

        var grid = Segments.Grid(space, Cells, Name);
        return grid.Map(Values(context, grid), Segments.GridShape(space, Cells, Name), spatial);
    }

    /// <summary>A value for each part.</summary>
    internal abstract double[] Values(RunContext context, Segments segments);
}
