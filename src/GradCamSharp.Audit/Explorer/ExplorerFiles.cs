using System.Collections.Concurrent;
using GradCamSharp.Output;

namespace GradCamSharp.Audit.Explorer;

/// <summary>The files beside the page. Those of an earlier audit go.</summary>
/// <param name="folder">Their folder.</param>
internal sealed class ExplorerFiles(string folder)
{
    private readonly ConcurrentDictionary<string, byte> written = new(StringComparer.Ordinal);

    /// <summary>Writes a file. May be called from several threads.</summary>
    /// <param name="path">Below the folder, with / between the parts.</param>
    /// <param name="write">Writes the content.</param>
    public void Write(string path, Action<Stream> write)
    {
        string full = Path.GetFullPath(Path.Combine(folder, path));
        AtomicFile.Write(full, write);
        written[full] = 0;
    }

    /// <summary>Deletes what was not written.</summary>
    public void DeleteOthers()
    {
        foreach (string file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
        {
            if (!written.ContainsKey(Path.GetFullPath(file)))
                File.Delete(file);
        }
    }
}
