namespace GradCamSharp.Methods;

/// <summary>Which score a method looks at.</summary>
public enum ScoreKind
{
    /// <summary>The score before softmax or sigmoid.</summary>
    Logit,

    /// <summary>The probability: what softmax or sigmoid make of the scores.</summary>
    Probability,
}

/// <summary>The scores of many runs for the asked classes: no more of them is kept.</summary>
/// <param name="runs">How many runs.</param>
/// <param name="classes">How many classes.</param>
public sealed class RunScores(int runs, int classes)
{
    private readonly float[] logits = new float[checked(runs * classes)];
    private readonly float[] probabilities = new float[checked(runs * classes)];

    /// <summary>How many runs.</summary>
    public int Count => runs;

    /// <summary>How many classes.</summary>
    public int ClassCount => classes;

    /// <summary>The score of one run for one class.</summary>
    /// <param name="run">The run, from 0.</param>
    /// <param name="class">The class's place among the asked ones, from 0.</param>
    /// <param name="kind">Which score.</param>
    public float this[int run, int @class, ScoreKind kind] =>
        (kind == ScoreKind.Logit ? logits : probabilities)[(run * classes) + @class];

    /// <summary>Notes a run's scores for a class.</summary>
    internal void Set(int run, int @class, float logit, float probability)
    {
        logits[(run * classes) + @class] = logit;
        probabilities[(run * classes) + @class] = probability;
    }
}
