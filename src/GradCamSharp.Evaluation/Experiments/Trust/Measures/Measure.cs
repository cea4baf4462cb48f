using GradCamSharp.Evaluation.Experiments.Trust.Measuring;
using GradCamSharp.Evaluation.Records;

namespace GradCamSharp.Evaluation.Experiments.Trust.Measures;

/// <summary>What one measure says of one map. Every measure has a type of its own.</summary>
public abstract record MeasureScore;

/// <summary>Which way a figure is better.</summary>
public enum Better
{
    /// <summary>Neither: it explains other figures.</summary>
    Neither,

    /// <summary>Higher is better.</summary>
    Higher,

    /// <summary>Lower is better.</summary>
    Lower,
}

/// <summary>A figure of a measure: a number a map, whose mean over pictures is that of a data set.</summary>
/// <param name="Name">Its name in records, summaries and tables.</param>
/// <param name="Better">Which way it is better.</param>
/// <param name="Of">The figure of one map; null where it is undefined.</param>
public sealed record Figure(string Name, Better Better, Func<MeasureScore, double?> Of)
{
    /// <summary>The figure of a data set, where it is not the mean of the maps'; null where it is.</summary>
    public Func<IReadOnlyList<MeasureScore>, double?>? OfAll { get; init; }

    internal static Figure From<TScore>(string name, Better better, Func<TScore, double?> of)
        where TScore : MeasureScore => new(name, better, score => of((TScore)score));
}

/// <summary>A column of the records that a measure has.</summary>
internal sealed record MeasureColumn(string Name, ColumnType Type, Func<MeasureScore, object?> Get)
{
    public static MeasureColumn Of<TScore>(string name, ColumnType type, Func<TScore, object?> get)
        where TScore : MeasureScore => new(name, type, score => get((TScore)score));
}

/// <summary>What a measure costs, in passes of the network a picture.</summary>
/// <param name="Predictions">Forward passes that all methods share.</param>
/// <param name="PredictionsAMethod">Forward passes a method.</param>
/// <param name="Explanations">Passes with the maps of all methods.</param>
/// <param name="ExplanationsAMethod">Passes with a method's own map.</param>
/// <param name="Imputations">Pictures a method that are filled in.</param>
public readonly record struct MeasureCost(
    int Predictions = 0, int PredictionsAMethod = 0, int Explanations = 0, int ExplanationsAMethod = 0, int Imputations = 0);

/// <summary>
/// A measure of explanations, with its parameters: which columns it has, how a picture and class is measured, and what it can and cannot
/// say. One more measure is one more type, and a line in <see cref="AllMeasures"/>.
/// </summary>
public abstract record Measure
{
    private protected Measure()
    {
    }

    /// <summary>Its name in commands and manifests.</summary>
    public abstract string Name { get; }

    /// <summary>What people call it.</summary>
    public abstract string Title { get; }

    /// <summary>The question that it answers.</summary>
    public abstract string Question { get; }

    /// <summary>What it cannot say, in a sentence or two.</summary>
    public abstract string Limits { get; }

    /// <summary>Its figures, the one to look at first.</summary>
    public abstract IReadOnlyList<Figure> Figures { get; }

    /// <summary>What it costs.</summary>
    public abstract MeasureCost Cost { get; }

    /// <summary>Whether it needs to know where objects are.</summary>
    public virtual bool NeedsObjects => false;

    /// <summary>The values of its parameters that are not the defaults, for the manifest: name=value.</summary>
    internal virtual string Parameters => "";

    /// <summary>The columns of its records; <see cref="Read"/> may do without some of them.</summary>
    internal abstract IReadOnlyList<MeasureColumn> Columns { get; }

    /// <summary>What it says of a picture and class: a score a method, the baselines too. Measured once, whoever asks.</summary>
    internal IReadOnlyList<MeasureScore> ScoresOn(Trial trial) => trial.Once(this, () => Score(trial));

    /// <summary>Measures a picture and class: a score a method, the baselines too.</summary>
    private protected abstract IReadOnlyList<MeasureScore> Score(Trial trial);

    /// <summary>Reads a score back.</summary>
    internal abstract MeasureScore Read(RowReader values);

    private protected static string Percent(int percentage) => FormattableString.Invariant($"{percentage}");
}
