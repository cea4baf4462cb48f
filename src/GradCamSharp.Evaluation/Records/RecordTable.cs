using GradCamSharp.Evaluation.Runs;

namespace GradCamSharp.Evaluation.Records;

/// <summary>A run's folder, read back: what was measured, and how.</summary>
public sealed class RecordTable
{
    /// <summary>The names of a run's files.</summary>
    public const string RecordsFile = "records.csv", ParquetFile = "records.parquet", SummaryFile = "summary.json";

    private RecordTable(string folder, RunManifest manifest)
    {
        Folder = folder;
        Manifest = manifest;
    }

    /// <summary>The folder.</summary>
    public string Folder { get; }

    /// <summary>What the run was.</summary>
    public RunManifest Manifest { get; }

    /// <summary>The part of the run's pictures that is measured here.</summary>
    /// <exception cref="InvalidDataException">The manifest is damaged.</exception>
    internal Shard Part
    {
        get
        {
            try
            {
                return Manifest.Shard is { } text ? Shard.Parse(text, _ => null) : new Shard(1, 1);
            }
            catch (ArgumentException e)
            {
                throw new InvalidDataException($"{RunManifest.File} in '{Folder}' is damaged: {e.Message}", e);
            }
        }
    }

    /// <summary>How many pictures there are when the run has come to its end.</summary>
    /// <exception cref="InvalidDataException">The manifest is damaged.</exception>
    internal int Expected => Enumerable.Range(0, Manifest.Data.Pictures).Count(Part.Contains);

    /// <summary>Opens a run's folder.</summary>
    /// <exception cref="InvalidDataException">It is no run's folder, or damaged.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static RecordTable Open(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        return new RecordTable(folder, RunManifest.Read(folder));
    }

    /// <summary>
    /// The rows, read anew on every enumeration, in the pictures' order; all rows of a picture are neighbours. Of a run that is going on,
    /// or was killed, a torn last row is left out, and with it the last class's rows where those of some methods are missing.
    /// </summary>
    /// <exception cref="InvalidDataException">The records are damaged.</exception>
    /// <exception cref="IOException">They cannot be read.</exception>
    public IEnumerable<MeasurementRecord> Rows()
    {
        string path = Path.Combine(Folder, RecordsFile);
        if (!File.Exists(path))
            yield break;
        var schema = RecordSchema.Of(Manifest);
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 1);
        bool isHeader = true;
        // The rows of one picture and class, a row a method: means over some of the methods alone would not be comparable.
        var waiting = new List<MeasurementRecord>(Manifest.Methods.Count);
        foreach (var (fields, _) in CsvRows.Read(file, path))
        {
            if (isHeader)
            {
                if (!fields.SequenceEqual(schema.Columns.Select(c => c.Name)))
                    throw new InvalidDataException($"'{path}' has other columns than {RunManifest.File} says. The folder is damaged.");
                isHeader = false;
                continue;
            }

            var row = schema.Parse(fields, path);
            if (row.Method is not null)
            {
                waiting.Add(row);
                if (waiting.Count < Manifest.Methods.Count)
                    continue;
            }

            foreach (var whole in waiting)
                yield return whole;
            waiting.Clear();
            if (row.Method is null)
                yield return row;
        }
    }

    /// <summary>Writes the records as Apache Parquet beside records.csv: the same columns, typed, empty values as null.</summary>
    /// <exception cref="IOException">The file cannot be written, or another process writes the folder.</exception>
    public void WriteParquet()
    {
        using var claim = RunFolder.Claim(Folder);
        ParquetRecords.Write(this);
    }

    /// <summary>The rows picture by picture.</summary>
    public IEnumerable<IReadOnlyList<MeasurementRecord>> Pictures()
    {
        List<MeasurementRecord> rows = [];
        foreach (var row in Rows())
        {
            if (rows.Count > 0 && rows[0].Index != row.Index)
            {
                yield return rows;
                rows = [];
            }

            rows.Add(row);
        }

        if (rows.Count > 0)
            yield return rows;
    }
}
