using GradCamSharp.Evaluation.Experiments.Trust.Measures;
using GradCamSharp.Evaluation.Records;

namespace GradCamSharp.Evaluation.Experiments.Trust;

/// <summary>What was measured of one map: a row of the records of <see cref="TrustExperiment"/>.</summary>
/// <param name="Of">Which picture, class and method it is of.</param>
/// <param name="Probability">Y, the class's probability on the whole picture, 0 to 1.</param>
/// <param name="Scores">What each of the experiment's measures says, in their order.</param>
public sealed record TrustRow(Explained Of, double Probability, IReadOnlyList<MeasureScore> Scores) : MeasuredRow(Of)
{
    internal override bool IsFinite => double.IsFinite(Probability);

    /// <summary>The columns of the records.</summary>
    /// <param name="measures">The measures.</param>
    internal static RecordSchema Schema(IReadOnlyList<Measure> measures) => new(
        [
            RecordSchema.Class, RecordSchema.Label, RecordSchema.Method,
            RecordColumn.Of<TrustRow>("probability", ColumnType.Double, r => r.Probability),
            RecordSchema.Score, RecordSchema.Empty,
            .. measures.SelectMany((measure, place) => measure.Columns.Select(column =>
                RecordColumn.Of<TrustRow>(column.Name, column.Type, r => column.Get(r.Scores[place])))),
        ],
        (of, values) => new TrustRow(of, values.Double("probability"), [.. measures.Select(m => m.Read(values))]));
}
