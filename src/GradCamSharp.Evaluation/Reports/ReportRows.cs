using GradCamSharp.Evaluation.Metrics;
using GradCamSharp.Evaluation.Records;

namespace GradCamSharp.Evaluation.Reports;

/// <summary>A picture and class as the report needs it.</summary>
/// <param name="Picture">The picture's id.</param>
/// <param name="Object">The data set's name of the class; null where the class is the predicted one.</param>
/// <param name="Class">The model's class.</param>
/// <param name="Label">Its label.</param>
/// <param name="Probability">Y; null for localisation.</param>
/// <param name="Values">For each method of the run: O, or Loc at each of the records' deltas.</param>
internal sealed record ReportPair(string Picture, string? Object, long Class, string Label, float? Probability, float[][] Values);

/// <summary>A run's records, read once.</summary>
internal sealed class ReportRows
{
    private const int MostErrors = 20;

    private ReportRows(RunManifest manifest) => Manifest = manifest;

    public RunManifest Manifest { get; }

    /// <summary>Every picture and class that was measured, in the records' order.</summary>
    public List<ReportPair> Pairs { get; } = [];

    /// <summary>The first pictures that could not be measured, and why.</summary>
    public List<(string Picture, string Error)> Errors { get; } = [];

    /// <summary>The number of all that could not be measured.</summary>
    public int ErrorCount { get; private set; }

    public static ReportRows Read(RecordTable table)
    {
        var manifest = table.Manifest;
        var rows = new ReportRows(manifest);
        int count = manifest.Methods.Count;
        float[][]? values = null;
        foreach (var row in table.Rows())
        {
            if (row.Error is { } error && rows.ErrorCount++ < MostErrors)
                rows.Errors.Add((row.Picture, error));
            if (row.Method is not { } method || row.Class is not { } @class)
                continue;
            int place = manifest.PlaceOf(method);
            if (place == 0)
                values = new float[count][];
            if (values is null)
                continue;
            values[place] = manifest.Kind == RunManifest.Faithfulness ? [row.Masked ?? 0]
                : [.. Enumerable.Range(0, manifest.Deltas.Count).Select(d => (float)(row.Loc(d) ?? 0))];
            if (place == count - 1 && values.All(v => v is not null))
                rows.Pairs.Add(new ReportPair(row.Picture, row.Object, @class, row.Label ?? "", row.Probability, values));
        }

        return rows;
    }

    /// <summary>The drops of a method, from 0 to 1, ascending.</summary>
    public float[] Drops(int method)
    {
        float[] drops = [.. Pairs.Select(p => (float)Faithfulness.Drop(p.Probability ?? 0, p.Values[method][0]))];
        Array.Sort(drops);
        return drops;
    }
}
