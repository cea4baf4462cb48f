using System.Globalization;

namespace GradCamSharp.Studies;

/// <summary>The predicted class of every picture of a data set, as soon as it is known.</summary>
internal sealed class PredictionJournal : IDisposable
{
    /// <summary>The file's name in the folder of a study that is not finished.</summary>
    public const string FileName = "predictions.unfinished.csv";

    /// <summary>What stands for a picture that cannot be predicted, whenever it is tried.</summary>
    public const long Unreadable = -1;

    private readonly Dictionary<int, long> known = [];
    private readonly LineJournal journal;

    public PredictionJournal(string folder)
    {
        journal = new LineJournal(Path.Combine(folder, FileName));
        foreach (string line in journal.Lines)
        {
            string[] fields = line.Split(',');
            if (fields.Length == 2 && int.TryParse(fields[0], NumberStyles.None, CultureInfo.InvariantCulture, out int picture)
                && long.TryParse(fields[1], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long predicted))
            {
                known[picture] = predicted;
            }
        }
    }

    /// <summary>The class predicted for a picture, <see cref="Unreadable"/>, or null where it is not known yet.</summary>
    public long? this[int picture] => known.TryGetValue(picture, out long predicted) ? predicted : null;

    public void Add(int picture, long predicted)
    {
        known[picture] = predicted;
        journal.Add(string.Create(CultureInfo.InvariantCulture, $"{picture},{predicted}"));
    }

    public void Dispose() => journal.Dispose();
}
