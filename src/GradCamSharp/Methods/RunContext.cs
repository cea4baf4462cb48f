using GradCamSharp.Errors;
using OnnxGrad;

namespace GradCamSharp.Methods;

/// <summary>Writes the input of one run.</summary>
/// <param name="run">Which run, from 0.</param>
/// <param name="input">Where to: one item, row by row.</param>
public delegate void InputWriter(int run, Span<float> input);

/// <summary>Reads what one run answered.</summary>
/// <param name="run">Which run, from 0; they come in order.</param>
/// <param name="answer">The answer, row by row.</param>
public delegate void AnswerReader(int run, ReadOnlySpan<float> answer);

/// <summary>What a method that runs the network many times draws on: one item, one class, and the runs.</summary>
/// <remarks>
/// Runs go in batches of a size that depends on the model alone, so that an item's map depends neither on its neighbours nor on how many
/// there are. Each reports its progress and can be cancelled.
/// </remarks>
public abstract class RunContext
{
    /// <summary>The item's shape, [C, spatial...].</summary>
    public abstract Shape InputShape { get; }

    /// <summary>The item, row by row.</summary>
    public abstract ReadOnlySpan<float> Input { get; }

    /// <summary>The shape of the layer's values, [K, spatial...].</summary>
    public abstract Shape LayerShape { get; }

    /// <summary>The layer's values A, row by row.</summary>
    public abstract ReadOnlySpan<float> Activation { get; }

    /// <summary>Which of the asked classes is explained: a number below <see cref="ClassCount"/>.</summary>
    public abstract int ClassPlace { get; }

    /// <summary>How many classes are asked for.</summary>
    public abstract int ClassCount { get; }

    /// <summary>The score of the item itself for the class.</summary>
    /// <param name="kind">Which score.</param>
    public abstract float Score(ScoreKind kind);

    /// <summary>The scores of changed inputs, for all asked classes at once.</summary>
    /// <param name="runs">How many inputs.</param>
    /// <param name="write">Writes each.</param>
    public abstract RunScores Scores(int runs, InputWriter write);

    /// <summary>The maps that a method of the graph makes of changed inputs, for the explained class.</summary>
    /// <param name="method">The method.</param>
    /// <param name="runs">How many inputs.</param>
    /// <param name="write">Writes each.</param>
    /// <param name="read">Reads each map.</param>
    public abstract void Maps(GraphMethod method, int runs, InputWriter write, AnswerReader read);

    /// <summary>The maps that a method of any kind makes of changed inputs, for the explained class.</summary>
    internal virtual void MapsOf(ExplanationMethod method, int runs, InputWriter write, AnswerReader read)
    {
        if (method is not GraphMethod graph)
        {
            throw new ExplanationException(
                ExplanationError.UnsuitableMethod, $"The method '{method.Name}' runs the network many times for each of its maps.",
                "Choose a method of the graph.");
        }

        Maps(graph, runs, write, read);
    }

    /// <summary>What several methods or classes of this item need is made once.</summary>
    /// <param name="key">What it is: equal keys mean the same thing.</param>
    /// <param name="make">Makes it.</param>
    public abstract T MakeOnce<T>(object key, Func<T> make)
        where T : class;
}

/// <summary>What a method that runs the part behind the layer many times draws on.</summary>
public abstract class TailContext
{
    /// <summary>The shape of the layer's values, [K, spatial...].</summary>
    public abstract Shape LayerShape { get; }

    /// <summary>The layer's values A, row by row.</summary>
    public abstract ReadOnlySpan<float> Activation { get; }

    /// <summary>Which of the asked classes is explained: a number below <see cref="RunScores.ClassCount"/>.</summary>
    public abstract int ClassPlace { get; }

    /// <summary>The score of the item itself for the class.</summary>
    /// <param name="kind">Which score.</param>
    public abstract float Score(ScoreKind kind);

    /// <summary>The scores where the layer's channels or positions are multiplied by factors, for all asked classes at once.</summary>
    /// <param name="key">What the change is: for equal keys the runs are made once.</param>
    /// <param name="runs">How many runs.</param>
    /// <param name="kind">Which score is read: where that is the logit and the part behind the layer is linear, no run is needed.</param>
    /// <param name="change">Which factors.</param>
    public abstract RunScores Scores(object key, int runs, ScoreKind kind, LayerChange change);
}
