using GradCamSharp.Evaluation.Records;

namespace GradCamSharp.Evaluation.Experiments.Faithfulness;

/// <summary>How faithful one map is: a row of the records of <see cref="FaithfulnessExperiment"/>.</summary>
/// <param name="Of">Which picture, class and method it is of.</param>
/// <param name="Probability">Y, the class's probability on the whole picture, 0 to 1.</param>
/// <param name="Masked">O, the class's probability on the explanation map, 0 to 1.</param>
/// <param name="Insertion">
/// Area under the probability while pixels are added onto a blurred picture, 0 to 1; null where it was not asked for.
/// </param>
/// <param name="Deletion">Area under the probability while pixels are removed, 0 to 1; null where it was not asked for.</param>
public sealed record FaithfulnessRow(Explained Of, float Probability, float Masked, double? Insertion = null, double? Deletion = null)
    : MeasuredRow(Of)
{
    internal override bool IsFinite => float.IsFinite(Probability) && float.IsFinite(Masked)
        && double.IsFinite(Insertion ?? 0) && double.IsFinite(Deletion ?? 0);

    /// <summary>The columns of the records.</summary>
    /// <param name="curves">The curves that are measured.</param>
    internal static RecordSchema Schema(IReadOnlyList<PixelCurve> curves)
    {
        bool hasInsertion = curves.Contains(PixelCurve.Insertion), hasDeletion = curves.Contains(PixelCurve.Deletion);
        var columns = new List<RecordColumn>
        {
            RecordSchema.Class, RecordSchema.Label, RecordSchema.Method,
            RecordColumn.Of<FaithfulnessRow>("probability", ColumnType.Single, r => r.Probability),
            RecordColumn.Of<FaithfulnessRow>("masked", ColumnType.Single, r => r.Masked),
            RecordSchema.Score, RecordSchema.Empty,
        };
        if (hasInsertion)
            columns.Add(RecordColumn.Of<FaithfulnessRow>("insertion", ColumnType.Double, r => r.Insertion));
        if (hasDeletion)
            columns.Add(RecordColumn.Of<FaithfulnessRow>("deletion", ColumnType.Double, r => r.Deletion));
        return new RecordSchema(columns, (of, values) => new FaithfulnessRow(
            of, values.Probability("probability"), values.Probability("masked"),
            hasInsertion ? values.Double("insertion") : null, hasDeletion ? values.Double("deletion") : null));
    }
}
