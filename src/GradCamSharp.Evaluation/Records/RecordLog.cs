using System.Text;
using GradCamSharp.Output;

namespace GradCamSharp.Evaluation.Records;

/// <summary>
/// The records of a run that is going on: whole pictures are appended, each by a single write, so that a process that is killed leaves
/// whole pictures and at most one torn one, which the next opening takes back.
/// </summary>
/// <remarks>
/// A picture that could not be measured this time leaves a gap, which a later process fills at the file's end;
/// <see cref="PutInOrder"/> then brings the pictures into the run's order.
/// </remarks>
internal sealed class RecordLog : IDisposable
{
    private readonly string path;
    private readonly FileStream file;
    private readonly RecordSchema schema;
    private readonly StringBuilder text = new();
    private readonly List<Segment> segments;
    private readonly HashSet<int> there;
    private readonly long header;
    private long? takenBack;
    private long length;

    private RecordLog(string path, FileStream file, RecordSchema schema, RecordScan scan)
    {
        (this.path, this.file, this.schema) = (path, file, schema);
        segments = [.. scan.Segments];
        there = [.. segments.Select(s => s.Index)];
        header = scan.Header;
        takenBack = length = segments.Count == 0 ? header : segments[^1].End;
        if (header == 0)
            header = length = Write([schema.Columns.Select(c => c.Name)]);
    }

    /// <summary>The number of pictures in it.</summary>
    public int Pictures => segments.Count;

    /// <summary>Opens the records of a folder, or begins them.</summary>
    /// <param name="path">The file, in a folder that is claimed (<see cref="FolderClaim"/>).</param>
    /// <param name="schema">Its columns.</param>
    /// <param name="indices">The indices of the run's pictures, ascending.</param>
    /// <param name="batch">The number of pictures that are measured together: a part of them is taken back.</param>
    /// <param name="isComplete">Whether the run has ended. Else the last picture is taken back: its last rows may be missing.</param>
    /// <exception cref="InvalidDataException">The records are not those of this run.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static RecordLog Open(string path, RecordSchema schema, IReadOnlyList<int> indices, int batch, bool isComplete)
    {
        // No buffer: what is written is the system's at once, and survives the process.
        var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        try
        {
            return new RecordLog(path, file, schema, RecordScan.Of(file, path, schema, indices, batch, isComplete));
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Whether a picture is in it.</summary>
    /// <param name="index">The picture's place in the run.</param>
    public bool Contains(int index) => there.Contains(index);

    /// <summary>Appends all rows of one picture.</summary>
    public void Append(IReadOnlyList<PictureRow> rows)
    {
        long begin = length;
        length += Write(rows.Select(row => schema.Columns.Select(column => column.Format(row))));
        segments.Add(new Segment(rows[0].Index, begin, length));
        there.Add(rows[0].Index);
    }

    /// <summary>Brings the pictures into the run's order where gaps were filled later. Nothing can be appended afterwards.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void PutInOrder()
    {
        if (segments.Zip(segments.Skip(1)).All(pair => pair.First.Index < pair.Second.Index))
            return;
        AtomicFile.Write(path, target =>
        {
            Copy(target, 0, header);
            foreach (var segment in segments.OrderBy(s => s.Index))
                Copy(target, segment.Begin, segment.End);
        });
    }

    public void Dispose() => file.Dispose();

    private long Write(IEnumerable<IEnumerable<string>> rows)
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

        byte[] bytes = Encoding.UTF8.GetBytes(text.ToString());
        file.Write(bytes);
        return bytes.Length;
    }

    private void Copy(Stream target, long begin, long end)
    {
        byte[] bytes = new byte[end - begin];
        file.Position = begin;
        file.ReadExactly(bytes);
        target.Write(bytes);
    }

    /// <summary>Where the rows of one picture lie in the file.</summary>
    internal readonly record struct Segment(int Index, long Begin, long End);
}
