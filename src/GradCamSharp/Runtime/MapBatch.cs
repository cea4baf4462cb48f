using GradCamSharp.Methods;
using OnnxGrad;

namespace GradCamSharp.Runtime;

/// <summary>The raw result of a run over a batch of N inputs and M classes.</summary>
/// <param name="Scores">[N, C]: the class scores before softmax or sigmoid.</param>
/// <param name="Classes">[N, M]: the index of each class explained.</param>
/// <param name="Maps">For each method its maps.</param>
public sealed record MapBatch(float[][] Scores, long[][] Classes, IReadOnlyDictionary<ExplanationMethod, Maps> Maps);

/// <summary>The raw maps of one method: not normalised.</summary>
/// <param name="Shape">[N, M, spatial...] at the layer's resolution; [N, M, C, spatial...] in pixel space.</param>
/// <param name="Values">The values, row by row.</param>
public sealed record Maps(Shape Shape, float[] Values)
{
    /// <summary>The map of one input and one class.</summary>
    public ReadOnlySpan<float> this[int item, int @class]
    {
        get
        {
            int size = (int)Shape.Slice(2, Shape.Rank - 2).Size;
            return Values.AsSpan(((item * (int)Shape[1]) + @class) * size, size);
        }
    }
}
