using System.Collections.Immutable;
using GradCamSharp.Methods;
using OnnxGrad;

namespace GradCamSharp.Runtime;

/// <summary>The raw result of a run over a batch of N inputs and M classes.</summary>
/// <param name="scores">[N][C]: the class scores before softmax or sigmoid.</param>
/// <param name="classes">[N][M]: the index of each class explained.</param>
/// <param name="maps">For each method its maps.</param>
public sealed class MapBatch(
    IReadOnlyList<ImmutableArray<float>> scores, IReadOnlyList<ImmutableArray<long>> classes,
    IReadOnlyDictionary<ExplanationMethod, Maps> maps)
{
    /// <summary>[N][C]: the class scores before softmax or sigmoid.</summary>
    public IReadOnlyList<ImmutableArray<float>> Scores => scores;

    /// <summary>[N][M]: the index of each class explained.</summary>
    public IReadOnlyList<ImmutableArray<long>> Classes => classes;

    /// <summary>For each method its maps.</summary>
    public IReadOnlyDictionary<ExplanationMethod, Maps> Maps => maps;
}

/// <summary>The raw maps of one method: not normalised.</summary>
/// <param name="shape">[N, M, spatial...] at the layer's resolution; [N, M, C, spatial...] in pixel space.</param>
/// <param name="values">The values, row by row.</param>
public sealed class Maps(Shape shape, ImmutableArray<float> values)
{
    /// <summary>[N, M, spatial...] at the layer's resolution; [N, M, C, spatial...] in pixel space.</summary>
    public Shape Shape => shape;

    /// <summary>The values, row by row.</summary>
    public ImmutableArray<float> Values => values;

    /// <summary>
    /// Of maps that should sum to a change of the score, [N][M]: by how much each does not, as a share of its magnitudes' sum. Empty of
    /// others.
    /// </summary>
    public ImmutableArray<double> Residuals { get; init; } = [];

    /// <summary>Of a method that shares out the score, [N][M]: where it went. Empty of others.</summary>
    public ImmutableArray<RelevanceAccount> Accounts { get; init; } = [];

    /// <summary>What the method has to say of its maps of this model; null where it says nothing.</summary>
    public string? Note { get; init; }

    /// <summary>The account of one input and one class; null where the method has none.</summary>
    /// <param name="item">The input, from 0.</param>
    /// <param name="class">The class's place among those explained, from 0.</param>
    public RelevanceAccount? Account(int item, int @class) => Accounts.IsEmpty ? null : Accounts[(item * (int)shape[1]) + @class];

    /// <summary>Of means over random masks, [N][M]: their standard errors (<see cref="RawMap.StandardError"/>). Empty of others.</summary>
    public ImmutableArray<double> StandardErrors { get; init; } = [];

    /// <summary>The standard error of one input and one class; null where the method has none.</summary>
    /// <param name="item">The input, from 0.</param>
    /// <param name="class">The class's place among those explained, from 0.</param>
    public double? StandardError(int item, int @class) =>
        StandardErrors.IsEmpty ? null : StandardErrors[(item * (int)shape[1]) + @class];

    /// <summary>The residual of one input and one class; null where the method has none.</summary>
    /// <param name="item">The input, from 0.</param>
    /// <param name="class">The class's place among those explained, from 0.</param>
    public double? Residual(int item, int @class) =>
        Residuals.IsEmpty ? null : Residuals[(item * (int)shape[1]) + @class];

    /// <summary>The map of one input and one class.</summary>
    /// <param name="item">The input, from 0.</param>
    /// <param name="class">The class's place among those explained, from 0.</param>
    public ReadOnlySpan<float> this[int item, int @class]
    {
        get
        {
            int size = (int)shape.Slice(2, shape.Rank - 2).Size;
            return values.AsSpan().Slice(((item * (int)shape[1]) + @class) * size, size);
        }
    }
}
