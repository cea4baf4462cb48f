using GradCamSharp.Evaluation.Experiments;
using GradCamSharp.Evaluation.Records;
using GradCamSharp.Output;

namespace GradCamSharp.Evaluation.Runs;

/// <summary>A run's folder, read back: what was measured, and how.</summary>
public sealed class RecordTable
{
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
                throw new InvalidDataException($"{RunFiles.Manifest} in '{Folder}' is damaged: {e.Message}", e);
            }
        }
    }

    /// <summary>How many pictures there are when the run has come to its end.</summary>
    /// <exception cref="InvalidDataException">The manifest is damaged.</exception>
    public int Expected => Enumerable.Range(0, Manifest.Data.Pictures).Count(Part.Contains);

    /// <summary>Opens a run's folder.</summary>
    /// <exception cref="InvalidDataException">It is no run's folder, or damaged.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static RecordTable Open(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        return new RecordTable(folder, ManifestFile.Read(folder));
    }

    /// <summary>
    /// The rows, read anew on every enumeration; all rows of a picture are neighbours. Of a run that is going on, or was killed, a torn
    /// last row is left out, and with it the last class's rows where those of some methods are missing.
    /// </summary>
    /// <exception cref="InvalidDataException">The records are damaged.</exception>
    /// <exception cref="IOException">They cannot be read.</exception>
    public IEnumerable<PictureRow> Rows() => Pictures().SelectMany(rows => rows);

    /// <summary>The rows picture by picture, in the pictures' order where the run has come to its end.</summary>
    /// <inheritdoc cref="Rows"/>
    public IEnumerable<IReadOnlyList<PictureRow>> Pictures()
    {
        List<PictureRow> rows = [];
        foreach (var row in WholeClasses())
        {
            if (rows.Count > 0 && rows[0].Index != row.Index)
            {
                yield return Finite(rows);
                rows = [];
            }

            rows.Add(row);
        }

        if (rows.Count > 0)
            yield return Finite(rows);
    }

    /// <summary>What the records say in the end: the same to the last bit, however often.</summary>
    /// <exception cref="InvalidDataException">The records are damaged.</exception>
    /// <exception cref="IOException">They cannot be read.</exception>
    public RunSummary Summary() => Manifest.Experiment.Summarize(Manifest, Rows());

    /// <summary>Makes a file of the records beside records.csv.</summary>
    /// <param name="name">The file's name.</param>
    /// <param name="write">Writes its content.</param>
    /// <exception cref="IOException">The file cannot be written, or another process writes the folder.</exception>
    public void WriteBeside(string name, Action<Stream> write)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        using var claim = RunFolder.Claim(Folder);
        AtomicFile.Write(Path.Combine(Folder, name), write);
    }

    // Earlier versions recorded what was not finite: one such value would make every mean of the run none.
    private static List<PictureRow> Finite(List<PictureRow> rows) =>
        rows.OfType<MeasuredRow>().FirstOrDefault(row => !row.IsFinite) is { } broken
            ? [new FailedRow(broken.Index, broken.Picture, $"What {broken.Of.Method} was measured to be is not a finite number.")]
            : rows;

    // The rows of one picture and class are a row a method: means over some of the methods alone would not be comparable.
    private IEnumerable<PictureRow> WholeClasses()
    {
        string path = Path.Combine(Folder, RunFiles.Records);
        if (!File.Exists(path))
            yield break;
        var schema = Manifest.Experiment.Schema;
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 1);
        bool isHeader = true;
        var waiting = new List<PictureRow>(Manifest.Methods.Count);
        foreach (var (fields, _) in CsvRows.Read(file, path))
        {
            if (isHeader)
            {
                if (!fields.SequenceEqual(schema.Columns.Select(c => c.Name)))
                    throw new InvalidDataException($"'{path}' has other columns than {RunFiles.Manifest} says. The folder is damaged.");
                isHeader = false;
                continue;
            }

            var row = schema.Parse(fields, path);
            if (row is MeasuredRow)
            {
                waiting.Add(row);
                if (waiting.Count < Manifest.Methods.Count)
                    continue;
            }

            foreach (var whole in waiting)
                yield return whole;
            waiting.Clear();
            if (row is not MeasuredRow)
                yield return row;
        }
    }
}
