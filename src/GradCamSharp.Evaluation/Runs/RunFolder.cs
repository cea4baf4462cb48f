using System.Text;
using GradCamSharp.Evaluation.Errors;
using GradCamSharp.Evaluation.Experiments;
using GradCamSharp.Output;

namespace GradCamSharp.Evaluation.Runs;

/// <summary>The folder that a run is written to.</summary>
internal static class RunFolder
{
    /// <summary>Whether a run has begun in a folder.</summary>
    public static bool IsBegun(string folder) => File.Exists(Path.Combine(folder, RunFiles.Manifest));

    /// <summary>Makes a folder this process's to write, and rids it of what killed ones had half written.</summary>
    /// <exception cref="IOException">Another process writes it, or it cannot be written.</exception>
    public static FolderClaim Claim(string folder)
    {
        var claim = FolderClaim.Take(folder);
        try
        {
            foreach (string name in (string[])[RunFiles.Manifest, RunFiles.Records, RunFiles.Parquet, RunFiles.Summary])
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
    /// <exception cref="EvaluationException">It is another's; the message names what differs.</exception>
    public static void RefuseOther(string folder, RunManifest manifest)
    {
        if (IsBegun(folder))
        {
            var differences = ManifestFile.Read(folder).Differences(manifest);
            if (differences.Count > 0)
                throw new EvaluationException(
                    EvaluationError.OtherRun, $"'{folder}' holds another run: {string.Join("; ", differences)}.",
                    "Choose another folder, or delete this one.");
        }
        else if (File.Exists(Path.Combine(folder, RunFiles.Records)))
        {
            throw new EvaluationException(
                EvaluationError.OtherRun, $"'{folder}' holds a {RunFiles.Records} without a {RunFiles.Manifest}.",
                "Choose another folder, or delete this one.");
        }
    }

    /// <summary>Writes summary.json, which also says that the run has come to its end.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static void Write(string folder, RunSummary summary) =>
        AtomicFile.Write(Path.Combine(folder, RunFiles.Summary), Encoding.UTF8.GetBytes(summary.ToText() + "\n"));
}
