using GradCamSharp.Targets;

namespace GradCamSharp.Heads;

/// <summary>Functions of all class scores of a picture, with their derivatives.</summary>
internal static class ClassFunctions
{
    private const int Rivals = 3;

    /// <summary>-log p of a class.</summary>
    public static TargetScore Contrast(TargetScore[] logits, int @class)
    {
        double[] p = Probabilities(logits);
        return TargetScore.Sum(logits.Select((s, c) => (p[c] - (c == @class ? 1 : 0), s))) with
        {
            Value = -LogProbability(logits, @class),
            IsLinear = false,
        };
    }

    /// <summary>S_c + log p_c.</summary>
    public static TargetScore Rest(TargetScore[] logits, int @class)
    {
        double[] p = Probabilities(logits);
        return TargetScore.Sum(logits.Select((s, c) => ((c == @class ? 2 : 0) - p[c], s))) with
        {
            Value = logits[@class].Value + LogProbability(logits, @class),
            IsLinear = false,
        };
    }

    /// <summary>A class against its rivals.</summary>
    /// <param name="logits">All scores.</param>
    /// <param name="class">The class.</param>
    /// <param name="gamma">How much of a rival's score is subtracted.</param>
    /// <param name="weights">How the rivals count.</param>
    /// <param name="rivals">The rivals; empty for those of the nearest scores, of equally near ones the first.</param>
    public static TargetScore Finer(TargetScore[] logits, int @class, double gamma, FinerWeights weights, int[] rivals)
    {
        if (rivals.Length == 0)
        {
            rivals = [.. Enumerable.Range(0, logits.Length).Where(c => c != @class)
                .OrderBy(c => Math.Abs(logits[c].Value - logits[@class].Value)).ThenBy(c => c).Take(Rivals)];
        }

        if (weights == FinerWeights.Mean)
            return TargetScore.Sum([(1, logits[@class]), .. rivals.Select(d => (-gamma / rivals.Length, logits[d]))]);
        // The weights' sum to 1 over the rivals is a softmax of these alone.
        double most = rivals.Max(d => logits[d].Value), total = rivals.Sum(d => Math.Exp(logits[d].Value - most));
        double[] q = [.. rivals.Select(d => Math.Exp(logits[d].Value - most) / total)];
        double mean = rivals.Select((d, i) => q[i] * logits[d].Value).Sum();
        var own = rivals.Select((d, i) => (-gamma * q[i] * (1 + logits[d].Value - mean), logits[d]));
        return TargetScore.Sum([(1, logits[@class]), .. own]) with
        {
            Value = logits[@class].Value - (gamma * mean),
            IsLinear = false,
        };
    }

    // A probability may be too small for a number; its logarithm is not.
    private static double LogProbability(TargetScore[] logits, int @class)
    {
        double most = logits.Max(s => s.Value);
        return logits[@class].Value - most - Math.Log(logits.Sum(s => Math.Exp(s.Value - most)));
    }

    private static double[] Probabilities(TargetScore[] logits)
    {
        double most = logits.Max(s => s.Value), total = logits.Sum(s => Math.Exp(s.Value - most));
        return [.. logits.Select(s => Math.Exp(s.Value - most) / total)];
    }
}
