namespace GradCamSharp.Studies;

/// <summary>The answers of a study, by picture: what the statistics read.</summary>
public sealed class AnswerTable
{
    /// <summary>The number of possible answers: A, B, the same.</summary>
    public const int Choices = 3;

    private readonly Entry[][] entries;
    private readonly int[] classes;

    /// <summary>Sorts answers by picture. Their order does not matter: every statistic is the same for any order.</summary>
    /// <param name="answers">At most one a person and picture.</param>
    /// <exception cref="InvalidDataException">A person answers twice for a picture, or a picture has two classes.</exception>
    public AnswerTable(IEnumerable<StudyAnswer> answers)
    {
        ArgumentNullException.ThrowIfNull(answers);
        Answers = [.. answers.OrderBy(a => a.Class, StringComparer.Ordinal).ThenBy(a => a.Picture, StringComparer.Ordinal)
            .ThenBy(a => a.Person, StringComparer.Ordinal)];
        Persons = [.. Answers.Select(a => a.Person).Distinct().Order(StringComparer.Ordinal)];
        Classes = [.. Answers.Select(a => a.Class).Distinct().Order(StringComparer.Ordinal)];
        var persons = Index(Persons);
        var classIndex = Index(Classes);
        var pictures = new Dictionary<string, int>(StringComparer.Ordinal);
        var rows = new List<List<Entry>>();
        var rowClasses = new List<int>();
        foreach (var answer in Answers)
        {
            if (!pictures.TryGetValue(answer.Picture, out int row))
            {
                pictures[answer.Picture] = row = rows.Count;
                rows.Add([]);
                rowClasses.Add(classIndex[answer.Class]);
            }

            if (rowClasses[row] != classIndex[answer.Class])
                throw new InvalidDataException($"The picture '{answer.Picture}' has answers about two classes; a study asks about one.");
            int person = persons[answer.Person];
            if (rows[row].Any(e => e.Person == person))
                throw new InvalidDataException($"'{answer.Person}' answers twice about the picture '{answer.Picture}'. Keep one answer.");
            rows[row].Add(new Entry(person, (int)answer.Preference));
        }

        entries = [.. rows.Select(row => row.ToArray())];
        classes = [.. rowClasses];
    }

    /// <summary>All answers, by class, picture and person.</summary>
    public IReadOnlyList<StudyAnswer> Answers { get; }

    /// <summary>Who answered, in ordinal order.</summary>
    public IReadOnlyList<string> Persons { get; }

    /// <summary>The classes asked about, in ordinal order.</summary>
    public IReadOnlyList<string> Classes { get; }

    /// <summary>The number of pictures with at least one answer.</summary>
    public int Pictures => entries.Length;

    /// <summary>How often each answer was given about each picture: [pictures, 3], the columns A, B, the same.</summary>
    /// <param name="class">Pictures of this class alone; all if null.</param>
    public int[][] Counts(string? @class = null) => [.. RowsOf(@class).Select(row =>
    {
        int[] counts = new int[Choices];
        foreach (var entry in entries[row])
            counts[entry.Choice]++;
        return counts;
    })];

    /// <summary>The rows of a class's pictures; of all if null.</summary>
    internal int[] RowsOf(string? @class) =>
        [.. Enumerable.Range(0, entries.Length).Where(row => @class is null || Classes[classes[row]] == @class)];

    /// <summary>Who answered what about a picture.</summary>
    internal ReadOnlySpan<Entry> EntriesOf(int row) => entries[row];

    private static Dictionary<string, int> Index(IReadOnlyList<string> names) =>
        names.Select((name, i) => (name, i)).ToDictionary(p => p.name, p => p.i, StringComparer.Ordinal);

    /// <summary>An answer: the person's place in <see cref="Persons"/>, and the choice as a number.</summary>
    internal readonly record struct Entry(int Person, int Choice);
}
