namespace GradCamSharp.Exporting;

/// <summary>
/// A hidden folder beside the file that is to be written. The new model and its weights lie there under their final names, because the
/// model names its weights' file, until they are checked and moved out. What was at their place stays until then.
/// </summary>
internal sealed class ExportFolder : IDisposable
{
    private const string Extension = ".export";

    private readonly string target;
    private readonly string folder;
    private readonly FileStream inUse;

    /// <exception cref="IOException">The folder cannot be made.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder may not be made.</exception>
    public ExportFolder(string path)
    {
        target = Path.GetFullPath(path);
        string beside = Path.GetDirectoryName(target)
            ?? throw new IOException($"'{path}': a model cannot be written there. Give the path of a file.");
        string name = Path.GetFileName(target);
        Directory.CreateDirectory(beside);
        RemoveLeftOvers(beside, name);
        folder = Path.Combine(beside, $".{name}.{Guid.NewGuid():N}{Extension}");
        Directory.CreateDirectory(folder);
        // Open as long as the export runs: so another export of the same file knows that this folder is no left-over.
        inUse = new FileStream(LockOf(folder, name), FileMode.CreateNew, FileAccess.Write, FileShare.None);
        Model = Path.Combine(folder, name);
    }

    /// <summary>Where the model is written and checked.</summary>
    public string Model { get; }

    /// <summary>Where its weights are, if it keeps them apart.</summary>
    public string Data => Model + ".data";

    /// <summary>Puts the model, and its weights if they have a file, at their places. Where that fails the old ones are put back.</summary>
    public void MoveOut(bool withData)
    {
        string data = target + ".data", old = Path.Combine(folder, ".old.data");
        // The old weights step aside and come back if the model cannot follow its weights, for the old model reads them.
        bool hadData = withData && File.Exists(data);
        if (hadData)
            File.Move(data, old);
        bool moved = false;
        try
        {
            if (withData)
            {
                File.Move(Data, data);
                moved = true;
            }

            File.Move(Model, target, overwrite: true);
        }
        catch
        {
            if (moved)
                File.Delete(data);
            if (hadData)
                File.Move(old, data);
            throw;
        }
    }

    public void Dispose()
    {
        inUse.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    private static string LockOf(string folder, string name) => Path.Combine(folder, $".{name}.lock");

    private static void RemoveLeftOvers(string beside, string name)
    {
        string begin = $".{name}.";
        foreach (string found in Directory.GetDirectories(beside, $".*{Extension}"))
        {
            string middle = Path.GetFileNameWithoutExtension(found);
            if (!middle.StartsWith(begin, StringComparison.Ordinal) || !Guid.TryParseExact(middle.AsSpan(begin.Length), "N", out _))
                continue;
            try
            {
                using (new FileStream(LockOf(found, name), FileMode.OpenOrCreate, FileAccess.Write, FileShare.None))
                {
                }

                Directory.Delete(found, recursive: true);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // Another export is writing there now, or another user's was killed: neither hinders this one.
            }
        }
    }
}
