using GradCamSharp.Evaluation.Records;
using GradCamSharp.Output;

namespace GradCamSharp.Evaluation.Runs;

/// <summary>The folder that a run is written to.</summary>
internal static class RunFolder
{
    /// <summary>Whether a run has begun in a folder.</summary>
    public static bool IsBegun(string folder) => File.Exists(Path.Combine(folder, RunManifest.File));

    /// <summary>Makes a folder this process's to write, and rids it of what killed ones had half written.</summary>
    /// <exception cref="IOException">Another process writes it, or it cannot be written.</exception>
    public static FolderClaim Claim(string folder)
    {
        var claim = FolderClaim.Take(folder);
        try
        {
            foreach (string name in (string[])[RunManifest.File, RecordTable.RecordsFile, RecordTable.ParquetFile, RecordTable.SummaryFile])
                AtomicFile.RemoveTorn(Path.Combine(folder, name));
            return claim;
        }
        catch
        {
            claim.Dispose();
            throw;
        }
    }

    /// <summary>Refuses a folder in which another run has begun, or that holds records of unknown origin.</summary>
    /// <param name="folder">The folder; it may be missing.</param>
    /// <param name="manifest">The run that is to be written.</param>
    /// <exception cref="InvalidDataException">It is another's; the message names what differs.</exception>
    public static void RefuseOther(string folder, RunManifest manifest)
    {
        if (IsBegun(folder))
        {
            var differences = RunManifest.Read(folder).Differences(manifest);
            if (differences.Count > 0)
                throw new InvalidDataException(
                    $"'{folder}' holds another run: {string.Join("; ", differences)}. Choose another --output, or delete the folder.");
        }
        else if (File.Exists(Path.Combine(folder, RecordTable.RecordsFile)))
        {
            throw new InvalidDataException($"'{folder}' holds a {RecordTable.RecordsFile} without a {RunManifest.File}. " +
                "Choose another --output, or delete the folder.");
        }
    }
}
