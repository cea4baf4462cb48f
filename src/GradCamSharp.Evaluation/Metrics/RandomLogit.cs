using GradCamSharp.Methods;

namespace GradCamSharp.Evaluation.Metrics;

/// <summary>
/// Random logit (Sixt et al. 2020, arXiv 1912.09818): Spearman(M, M_k), M_k the same picture's map of another class k. Lower is more
/// specific
/// to the class.
/// </summary>
public static class RandomLogit
{
    /// <summary>The number of other classes that are drawn.</summary>
    public const int Drawn = 5;

    /// <summary>The other classes of a picture: fewer than five where the model has no more.</summary>
    /// <param name="seed">The run's seed.</param>
    /// <param name="picture">The picture's id.</param>
    /// <param name="class">The class that is explained.</param>
    /// <param name="classes">The number of the model's classes.</param>
    public static IReadOnlyList<int> Others(ulong seed, string picture, int @class, int classes) =>
        [.. RandomNumbers.Named(seed, "random-logit/" + picture).Order(classes).Where(k => k != @class).Take(Drawn)];

    /// <summary>The class of the largest score but the explained one's, of equal ones the first; null where there is no other.</summary>
    /// <param name="scores">[C].</param>
    /// <param name="class">The class that is explained.</param>
    public static int? RunnerUp(ReadOnlySpan<float> scores, int @class)
    {
        int? best = null;
        for (int k = 0; k < scores.Length; k++)
        {
            if (k != @class && (best is not { } b || scores[k] > scores[b]))
                best = k;
        }

        return best;
    }
}
