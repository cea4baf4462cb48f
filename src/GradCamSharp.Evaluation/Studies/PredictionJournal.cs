using System.Globalization;
using System.Text;

namespace GradCamSharp.Evaluation.Studies;

/// <summary>
/// The predicted class of every picture of a data set, one line each as soon as it is known, so that an interrupted run goes on where it
/// stopped.
/// </summary>
internal sealed class PredictionJournal : IDisposable
{
    /// <summary>The file's name in the folder of a study that is not finished.</summary>
    public const string FileName = "predictions.unfinished.csv";

    /// <summary>What stands for a picture that cannot be read.</summary>
    public const long Unreadable = -1;

    private readonly Dictionary<int, long> known = [];
    private readonly StreamWriter writer;

    public PredictionJournal(string folder)
    {
        string path = Path.Combine(folder, FileName);
        byte[] whole = File.Exists(path) ? File.ReadAllBytes(path) : [];
        // A killed run may have left half a line.
        int end = Array.LastIndexOf(whole, (byte)'\n') + 1;
        foreach (string line in Encoding.ASCII.GetString(whole, 0, end).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            string[] fields = line.Split(',');
            if (fields.Length == 2 && int.TryParse(fields[0], NumberStyles.None, CultureInfo.InvariantCulture, out int picture)
                && long.TryParse(fields[1], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long predicted))
            {
                known[picture] = predicted;
            }
        }

        var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.Read);
        file.SetLength(end);
        file.Seek(0, SeekOrigin.End);
        writer = new StreamWriter(file, Encoding.ASCII) { AutoFlush = true, NewLine = "\n" };
    }

    /// <summary>The class predicted for a picture, <see cref="Unreadable"/>, or null where it is not known yet.</summary>
    public long? this[int picture] => known.TryGetValue(picture, out long predicted) ? predicted : null;

    public void Add(int picture, long predicted)
    {
        known[picture] = predicted;
        writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{picture},{predicted}"));
    }

    public void Dispose() => writer.Dispose();
}
