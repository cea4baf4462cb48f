namespace GradCamSharp.Methods;

/// <summary>
/// A method of global sensitivity analysis: the cells of a grid are faded by random shares, and what the score does then says how much it
/// depends on each cell. A pixel x of a cell of share m becomes m x + (1 - m) b, b the baseline.
/// </summary>
/// <remarks>The map has one value a cell, none of them negative.</remarks>
public abstract record SensitivityMethod : WholeRunMethod
{
    private static readonly MethodParameter[] Own =
    [
        MethodParameter.Lengths<SensitivityMethod>(
            "cells", m => m.Cells, (m, v) => m with { Cells = v }, "how many cells the grid has along each axis"),
        MethodParameter.Numbers<SensitivityMethod>(
            "baseline", m => m.BaselineValue, (m, v) => m with { BaselineValue = v }, Baseline.Range,
            "what cells fade to, as the network sees it; 0 is the mean colour"),
        MethodParameter.Choice<SensitivityMethod, ScoreKind>("score", m => m.Score, (m, v) => m with { Score = v }, "which score counts"),
        MethodParameter.Integer<SensitivityMethod>(
            "seed", m => m.Seed, (m, v) => m with { Seed = v }, 0, long.MaxValue, "the random numbers' seed"),
    ];

    /// <summary>How many cells the grid has along each axis; one number for all axes.</summary>
    public NumberList Cells { get; init; } = new(8);

    /// <summary>What cells fade to, as the network sees it: one number, or one a channel.</summary>
    public NumberList BaselineValue { get; init; } = new(0);

    /// <summary>Which score counts.</summary>
    public ScoreKind Score { get; init; }

    /// <summary>The random numbers' seed.</summary>
    public long Seed { get; init; } = 1;

    /// <inheritdoc/>
    public sealed override MethodFamily Family => MethodFamily.Perturbation;

    /// <inheritdoc/>
    public override IReadOnlyList<MethodParameter> Parameters => Own;

    /// <inheritdoc/>
    public sealed override RawMap Map(RunContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        int[] space = MapArithmetic.Spatial(context.InputShape);
        var grid = Segments.Grid(space, Cells, Name);
        float[] x = context.Input.ToArray(), baseline = Baseline.Of(BaselineValue, context.InputShape, Name);
        double[] values = Indices(grid.Count, (runs, shares) =>
        {
            float[] share = new float[grid.Count];
            return context.MakeOnce((this with { Score = default }, "scores"), () => context.Scores(runs, (run, input) =>
            {
                shares(run, share);
                for (int i = 0; i < input.Length; i++)
                {
                    float m = share[grid.Ids[i % grid.Ids.Length]];
                    input[i] = (m * x[i]) + ((1 - m) * baseline[i]);
                }
            }));
        }, (scores, run) => scores[run, context.ClassPlace, Score]);
        return grid.Map(values, Segments.GridShape(space, Cells, Name), context.InputShape.Slice(1, space.Length));
    }

    /// <summary>The index of each cell.</summary>
    /// <param name="cells">How many cells.</param>
    /// <param name="run">Runs the network: how many runs, and what writes the shares of the cells in one.</param>
    /// <param name="score">The score of one run.</param>
    internal abstract double[] Indices(
        int cells, Func<int, Action<int, float[]>, RunScores> run, Func<RunScores, int, double> score);
}
