using System.Text;

namespace GradCamSharp.Studies;

/// <summary>
/// A file of lines, each written as soon as it is known, so that an interrupted run goes on where it stopped. A line that a killed process
/// has half written is taken back.
/// </summary>
internal sealed class LineJournal : IDisposable
{
    private readonly StreamWriter writer;

    /// <param name="path">The file; it is begun where it is missing.</param>
    public LineJournal(string path)
    {
        byte[] whole = File.Exists(path) ? File.ReadAllBytes(path) : [];
        int end = Array.LastIndexOf(whole, (byte)'\n') + 1;
        Lines = Encoding.UTF8.GetString(whole, 0, end).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.Read);
        file.SetLength(end);
        file.Seek(0, SeekOrigin.End);
        writer = new StreamWriter(file, new UTF8Encoding(false)) { AutoFlush = true, NewLine = "\n" };
    }

    /// <summary>The lines that earlier processes have written.</summary>
    public IReadOnlyList<string> Lines { get; }

    /// <summary>Adds a line.</summary>
    public void Add(string line) => writer.WriteLine(line);

    public void Dispose() => writer.Dispose();
}
