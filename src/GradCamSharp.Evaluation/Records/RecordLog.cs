using System.Text;

namespace GradCamSharp.Evaluation.Records;

/// <summary>
/// The records of a run that is going on: whole pictures are appended, in the run's order, each by a single write, so that a process that
/// is killed leaves whole pictures and at most one torn one, which the next opening takes back.
/// </summary>
internal sealed class RecordLog : IDisposable
{
    private readonly FileStream file;
    private readonly RecordSchema schema;
    private readonly StringBuilder text = new();
    private long? takenBack;

    private RecordLog(FileStream file, RecordSchema schema, int pictures)
    {
        this.file = file;
        this.schema = schema;
        Pictures = pictures;
    }

    /// <summary>The number of pictures in it.</summary>
    public int Pictures { get; private set; }

    /// <summary>Opens the records of a folder, or begins them.</summary>
    /// <param name="path">The file, in a folder that is claimed (<see cref="FolderClaim"/>).</param>
    /// <param name="schema">Its columns.</param>
    /// <param name="indices">The indices of the run's pictures, in its order.</param>
    /// <param name="batch">The number of pictures that are measured together: a part of them is taken back.</param>
    /// <param name="isComplete">Whether the run has ended. Else the last picture is taken back: its last rows may be missing.</param>
    /// <exception cref="InvalidDataException">The records are not those of this run.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static RecordLog Open(string path, RecordSchema schema, IReadOnlyList<int> indices, int batch, bool isComplete)
    {
        // No buffer: what is written is the system's at once, and survives the process.
        var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite, bufferSize: 0);
        try
        {
            var (pictures, end) = Recover(file, path, schema, indices, batch, isComplete);
            var log = new RecordLog(file, schema, pictures) { takenBack = end };
            if (end == 0)
                log.Write([schema.Columns.Select(c => c.Name)]);
            return log;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Appends all rows of one picture.</summary>
    public void Append(IReadOnlyList<MeasurementRecord> rows)
    {
        Write(rows.Select(row => schema.Columns.Select(column => column.Format(row))));
        Pictures++;
    }

    public void Dispose() => file.Dispose();

    private void Write(IEnumerable<IEnumerable<string>> rows)
    {
        text.Clear();
        foreach (var row in rows)
            CsvRows.Append(text, row);
        if (takenBack is { } end)
        {
            // Not before there is something to put in its place: a process that is killed until then has lost nothing.
            file.SetLength(end);
            file.Position = end;
            takenBack = null;
        }

        file.Write(Encoding.UTF8.GetBytes(text.ToString()));
    }

    private static (int Pictures, long End) Recover(
        FileStream file, string path, RecordSchema schema, IReadOnlyList<int> indices, int batch, bool isComplete)
    {
        // Where the rows of each whole batch of pictures end; the header is the end of none.
        long batchEnd = 0, end = 0;
        int pictures = 0, batches = 0, last = -1;
        foreach (var (fields, rowEnd) in CsvRows.Read(file, path))
        {
            if (end == 0)
            {
                if (!fields.SequenceEqual(schema.Columns.Select(c => c.Name)))
                    throw new InvalidDataException($"'{path}' has other columns than this run. Choose another --output.");
                batchEnd = end = rowEnd;
                continue;
            }

            int index = schema.Parse(fields, path).Index;
            if (index != last)
            {
                if (pictures % batch == 0)
                    (batchEnd, batches) = (end, pictures / batch);
                if (pictures >= indices.Count || indices[pictures] != index)
                    throw new InvalidDataException(
                        $"'{path}' has picture {index} where this run has another. Choose another --output, or delete the folder.");
                last = index;
                pictures++;
            }

            end = rowEnd;
        }

        return isComplete && pictures == indices.Count ? (pictures, end) : (batches * batch, batchEnd);
    }
}
