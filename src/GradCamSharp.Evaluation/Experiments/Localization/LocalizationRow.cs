using System.Globalization;
using GradCamSharp.Evaluation.Metrics;
using GradCamSharp.Evaluation.Records;

namespace GradCamSharp.Evaluation.Experiments.Localization;

/// <summary>How well one map finds the objects of a class: a row of the records of <see cref="LocalizationExperiment"/>.</summary>
/// <param name="Of">Which picture, class and method it is of.</param>
/// <param name="Rank">The class's rank among the model's predictions, 1 to 5.</param>
/// <param name="Objects">What the map says of the class's objects, at each delta of the run.</param>
public sealed record LocalizationRow(Explained Of, int Rank, ObjectScore Objects) : MeasuredRow(Of)
{
    /// <summary>The columns of the records.</summary>
    /// <param name="deltas">The thresholds, ascending.</param>
    internal static RecordSchema Schema(IReadOnlyList<double> deltas)
    {
        string[] names = [.. deltas.Select(delta => delta.ToString("R", CultureInfo.InvariantCulture))];
        return new RecordSchema(
            [
                RecordSchema.Class, RecordSchema.Label,
                RecordColumn.Of<LocalizationRow>("rank", ColumnType.Integer, r => (long)r.Rank),
                RecordSchema.Method, RecordSchema.Score, RecordSchema.Empty,
                RecordColumn.Of<LocalizationRow>("hit", ColumnType.Flag, r => r.Objects.IsHit),
                RecordColumn.Of<LocalizationRow>("box", ColumnType.Integer, r => r.Objects.Box),
                .. names.SelectMany((name, place) => (RecordColumn[])
                [
                    RecordColumn.Of<LocalizationRow>(Inside(name), ColumnType.Integer, r => r.Objects.Internal[place]),
                    RecordColumn.Of<LocalizationRow>(Outside(name), ColumnType.Integer, r => r.Objects.External[place]),
                ]),
            ],
            (of, values) => new LocalizationRow(of, (int)values.Whole("rank"), new ObjectScore(
                values.Whole("box"), [.. names.Select(name => values.Whole(Inside(name)))],
                [.. names.Select(name => values.Whole(Outside(name)))], values.Flag("hit"))));
    }

    private static string Inside(string delta) => $"internal_{delta}";

    private static string Outside(string delta) => $"external_{delta}";
}
