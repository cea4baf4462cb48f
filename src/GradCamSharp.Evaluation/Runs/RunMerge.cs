using System.Text;
using GradCamSharp.Evaluation.Experiments;
using GradCamSharp.Evaluation.Records;
using GradCamSharp.Output;

namespace GradCamSharp.Evaluation.Runs;

/// <summary>Brings the parts of a run that was made in shards together: the same records and the same table as one run's.</summary>
public sealed class RunMerge
{
    private readonly IReadOnlyList<RecordTable> parts;

    private RunMerge(IReadOnlyList<RecordTable> parts, RunManifest manifest)
    {
        this.parts = parts;
        Manifest = manifest;
    }

    /// <summary>What the whole run is: its command line is the merge's, and its parts are named with theirs.</summary>
    public RunManifest Manifest { get; }

    /// <summary>Opens the parts and checks that they are all of one run, each once, whole.</summary>
    /// <param name="folders">The parts' folders.</param>
    /// <param name="command">The command line, for the manifest.</param>
    /// <param name="cancellationToken">Stops the check.</param>
    /// <exception cref="InvalidDataException">
    /// Parts are of different runs, twice there, missing or not finished; the message names them.
    /// </exception>
    /// <exception cref="IOException">A folder cannot be read.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static RunMerge Open(IReadOnlyList<string> folders, string command = "", CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(folders);
        ArgumentNullException.ThrowIfNull(command);
        ArgumentOutOfRangeException.ThrowIfZero(folders.Count);
        RecordTable[] tables = [.. folders.Select(RecordTable.Open)];
        var byShard = new SortedDictionary<int, RecordTable>();
        int count = 0;
        foreach (var table in tables)
        {
            var differences = tables[0].Manifest.Differences(table.Manifest, "shard");
            if (differences.Count > 0)
                throw new InvalidDataException(
                    $"'{tables[0].Folder}' and '{table.Folder}' are parts of different runs: {string.Join("; ", differences)}. Give the " +
                    "parts of one run.");
            var shard = table.Part;
            if (count != 0 && shard.Count != count)
                throw new InvalidDataException(
                    $"'{tables[0].Folder}' is one of {count} parts, '{table.Folder}' is one of {shard.Count}. " +
                    "Give the parts of one division.");
            count = shard.Count;
            if (!byShard.TryAdd(shard.Index, table))
                throw new InvalidDataException(
                    $"'{byShard[shard.Index].Folder}' and '{table.Folder}' are both part {shard}. Give each part once.");
        }

        string[] missing = [.. Enumerable.Range(1, count).Where(i => !byShard.ContainsKey(i)).Select(i => new Shard(i, count).ToString())];
        string[] unfinished = [.. byShard.Values.Select(p => Unfinished(p, cancellationToken)).OfType<string>()];
        if (missing.Length + unfinished.Length > 0)
        {
            throw new InvalidDataException(
                (missing.Length > 0 ? $"Parts are missing: {string.Join(", ", missing)}. " : "") +
                (unfinished.Length > 0 ? $"Parts are not finished: {string.Join(", ", unfinished)}. " : "") +
                "Run these, then merge again.");
        }

        RecordTable[] parts = [.. byShard.Values];
        return new RunMerge(parts, parts[0].Manifest with { Shard = null, Command = command, Parts = [.. parts.SelectMany(PartsOf)] });
    }

    /// <summary>All rows in the whole run's order.</summary>
    public IEnumerable<PictureRow> Rows()
    {
        // Part i holds the pictures i, i + N, ...: taking one from each in turn is the whole run's order.
        var sources = parts.Select(p => p.Pictures().GetEnumerator()).ToList();
        try
        {
            for (int next = 0; sources[next % sources.Count].MoveNext(); next++)
            {
                foreach (var row in sources[next % sources.Count].Current)
                    yield return row;
            }
        }
        finally
        {
            sources.ForEach(s => s.Dispose());
        }
    }

    /// <summary>The table of the whole run.</summary>
    public RunSummary Summary() => Manifest.Experiment.Summarize(Manifest, Rows());

    /// <summary>Writes the whole run into a folder: the records and the table that one run without shards would have written.</summary>
    /// <param name="folder">The folder; it is made where it is missing.</param>
    /// <param name="cancellationToken">Stops before the records are replaced.</param>
    /// <returns>The run.</returns>
    /// <exception cref="InvalidDataException">The folder holds another run.</exception>
    /// <exception cref="IOException">It cannot be written, or another process writes it.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public RecordTable Write(string folder, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        // Before the folder is made, and once more when nobody else writes it.
        RunFolder.RefuseOther(folder, Manifest);
        using var claim = RunFolder.Claim(folder);
        RunFolder.RefuseOther(folder, Manifest);

        // The summary says that the records are whole: it goes first and comes last.
        File.Delete(Path.Combine(folder, RunFiles.Summary));
        ManifestFile.Write(folder, Manifest);
        AtomicFile.Write(Path.Combine(folder, RunFiles.Records), stream => WriteRecords(stream, cancellationToken));
        var table = RecordTable.Open(folder);
        RunFolder.Write(folder, table.Summary());
        return table;
    }

    private void WriteRecords(Stream stream, CancellationToken cancellationToken)
    {
        var columns = Manifest.Experiment.Schema.Columns;
        using var writer = new StreamWriter(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), leaveOpen: true);
        var line = new StringBuilder();
        CsvRows.Append(line, columns.Select(c => c.Name));
        foreach (var row in Rows())
        {
            cancellationToken.ThrowIfCancellationRequested();
            writer.Write(line);
            line.Clear();
            CsvRows.Append(line, columns.Select(c => c.Format(row)));
        }

        writer.Write(line);
    }

    // A run that was merged before is named by its own parts: they have measured.
    private static IReadOnlyList<ManifestPart> PartsOf(RecordTable table) => table.Manifest.Parts.Count > 0 ? table.Manifest.Parts
        : [new ManifestPart(table.Folder, table.Part.ToString(), table.Manifest.Command)];

    // What is wrong with a part; null where it is whole.
    private static string? Unfinished(RecordTable table, CancellationToken cancellationToken)
    {
        var shard = table.Part;
        int expected = table.Expected, found = 0;
        bool isFinished = File.Exists(Path.Combine(table.Folder, RunFiles.Summary));
        foreach (var picture in table.Pictures())
        {
            cancellationToken.ThrowIfCancellationRequested();
            // A part that goes on may have gaps, of pictures that could not be measured yet.
            if (picture[0].Index != ((found++ * shard.Count) + shard.Index - 1) && isFinished)
                throw new InvalidDataException(
                    $"'{table.Folder}' holds the picture {picture[0].Index}, not the next of part {shard}. The folder is damaged.");
        }

        return isFinished && found == expected ? null : $"{shard} ({found} of {expected} pictures)";
    }
}
