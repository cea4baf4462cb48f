using System.Text.Json;

namespace GradCamSharp.Studies;

/// <summary>
/// The pictures of a study that are drawn, as soon as their files are written: an interrupted run draws the others alone.
/// </summary>
internal sealed class ExplanationJournal : IDisposable
{
    /// <summary>The file's name in the folder of a study that is not finished.</summary>
    public const string FileName = "explanations.unfinished.jsonl";

    private static readonly JsonSerializerOptions OneLine = new(StudyJson.Options) { WriteIndented = false };

    private readonly Dictionary<(string Class, string Source), Explained> known = [];
    private readonly LineJournal journal;

    /// <param name="folder">The study's folder.</param>
    public ExplanationJournal(string folder)
    {
        journal = new LineJournal(Path.Combine(folder, FileName));
        string pictures = Path.Combine(folder, Study.PicturesFolder);
        foreach (string line in journal.Lines)
        {
            if (Parse(line) is { } entry && (entry.Picture is not { } made || HasFiles(made)))
                known[(entry.Class, entry.Source)] = entry;
        }

        bool HasFiles(StudyPicture made) =>
            ((string[])[made.Original, made.MapA, made.MapB]).All(name => File.Exists(Path.Combine(pictures, name)));
    }

    /// <summary>What an earlier process has made of a picture; null where it has not come to it.</summary>
    /// <param name="class">The data set's name of the class.</param>
    /// <param name="source">The picture's id in the data set.</param>
    public Explained? Find(string @class, string source) => known.GetValueOrDefault((@class, source));

    /// <summary>Adds what was made of a picture.</summary>
    public void Add(Explained entry) => journal.Add(JsonSerializer.Serialize(entry, OneLine));

    public void Dispose() => journal.Dispose();

    private static Explained? Parse(string line)
    {
        try
        {
            return JsonSerializer.Deserialize<Explained>(line, OneLine);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>A picture that was explained, or why it cannot be.</summary>
    /// <param name="Class">The data set's name of the class.</param>
    /// <param name="Source">The picture's id in the data set.</param>
    /// <param name="Picture">The picture, without an id; null where it failed.</param>
    /// <param name="Error">Why it failed; null where it did not.</param>
    internal sealed record Explained(string Class, string Source, StudyPicture? Picture, string? Error);
}
