using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using GradCamSharp.Output;

namespace GradCamSharp.Evaluation.Records;

/// <summary>What a run's records say in the end.</summary>
public abstract record RunSummary
{
    private static readonly JsonSerializerOptions Readable =
        new() { WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The number of pictures that were measured.</summary>
    public required int Pictures { get; init; }

    /// <summary>The number of pictures that could not be measured.</summary>
    public required int Errors { get; init; }

    /// <summary>The number of pairs of a picture and a class.</summary>
    public required int Pairs { get; init; }

    /// <summary>Computes the summary of a run's records: the same to the last bit, however often.</summary>
    /// <param name="table">The run.</param>
    /// <exception cref="InvalidDataException">The records are damaged.</exception>
    public static RunSummary Of(RecordTable table)
    {
        ArgumentNullException.ThrowIfNull(table);
        return Of(table.Manifest, table.Rows());
    }

    /// <summary>The summary as one JSON document.</summary>
    public abstract JsonObject ToJson();

    /// <summary>The summary's JSON as text.</summary>
    public string ToText() => ToJson().ToJsonString(Readable);

    internal static RunSummary Of(RunManifest manifest, IEnumerable<MeasurementRecord> rows) => manifest.Kind == RunManifest.Faithfulness
        ? FaithfulnessSummary.Compute(manifest, rows)
        : LocalizationSummary.Compute(manifest, rows);

    /// <summary>Writes summary.json, which also says that the run has come to its end.</summary>
    internal void Write(string folder) =>
        AtomicFile.Write(Path.Combine(folder, RecordTable.SummaryFile), System.Text.Encoding.UTF8.GetBytes(ToText() + "\n"));

    /// <summary>Counts pictures in rows that are sorted by picture.</summary>
    private protected sealed class PictureCount
    {
        private int last = -1;

        public int Pictures { get; private set; }

        public int Errors { get; private set; }

        public void Add(MeasurementRecord row)
        {
            if (row.Index != last)
                Pictures++;
            last = row.Index;
            if (row.Error is not null)
                Errors++;
        }
    }
}
