using System.Text.Json.Nodes;

namespace GradCamSharp.Studies;

/// <summary>What a study says of one class, or of all.</summary>
/// <param name="Class">The class; null for all.</param>
/// <param name="Pictures">The pictures with at least one answer.</param>
/// <param name="Answers">The answers.</param>
/// <param name="Scores">The normalised scores.</param>
/// <param name="Intervals">Their 95 % bootstrap intervals.</param>
/// <param name="Sign">The sign test of A against B, over pictures.</param>
/// <param name="Agreement">Fleiss' kappa between persons.</param>
/// <param name="MedianSeconds">The median time of an answer; null without answers.</param>
public sealed record StudyResult(string? Class, int Pictures, int Answers, TrustScores Scores, TrustIntervals Intervals, SignTest Sign,
    FleissKappa Agreement, double? MedianSeconds);

/// <summary>The results of a human trust study, as section 4.2 of the paper has them and with their uncertainty.</summary>
public sealed class StudyReport
{
    private StudyReport(Study study, AnswerTable table, TrustBootstrap bootstrap)
    {
        Study = study;
        Bootstrap = bootstrap;
        Persons = table.Persons;
        Classes = [.. study.Classes.Select(c => c.Name).Where(table.Classes.Contains)
            .Select(name => Result(table, name, bootstrap.ByClass[name]))];
        Total = Result(table, null, bootstrap.Total);
    }

    /// <summary>The study.</summary>
    public Study Study { get; }

    /// <summary>Who answered at least once.</summary>
    public IReadOnlyList<string> Persons { get; }

    /// <summary>The classes that have answers, in the study's order.</summary>
    public IReadOnlyList<StudyResult> Classes { get; }

    /// <summary>All classes together.</summary>
    public StudyResult Total { get; }

    /// <summary>How the intervals were drawn.</summary>
    public TrustBootstrap Bootstrap { get; }

    /// <summary>What the bootstrap drew anew, in words.</summary>
    public string DrawnAnew => Bootstrap.Unit == BootstrapUnit.Pictures ? "pictures" : "pictures and persons";

    /// <summary>Computes a report.</summary>
    /// <param name="study">The study.</param>
    /// <param name="answers">Its answers.</param>
    /// <param name="unit">What the bootstrap draws anew.</param>
    /// <param name="draws">How many draws.</param>
    /// <param name="seed">The bootstrap's seed.</param>
    /// <exception cref="StudyException">There are no answers.</exception>
    /// <exception cref="InvalidDataException">They do not fit the study.</exception>
    public static StudyReport Of(Study study, IEnumerable<StudyAnswer> answers, BootstrapUnit unit = BootstrapUnit.PicturesAndPersons,
        int draws = 10_000, long seed = 1)
    {
        ArgumentNullException.ThrowIfNull(study);
        var table = new AnswerTable(answers);
        if (table.Answers.Count == 0)
            throw new StudyException(StudyError.NoAnswers, "The study has no answers yet.", "Show it to participants first.");
        var classes = study.Pictures.ToDictionary(p => p.Id, p => p.Class, StringComparer.Ordinal);
        foreach (var answer in table.Answers)
        {
            if (!classes.TryGetValue(answer.Picture, out string? shown) || shown != answer.Class)
                throw new InvalidDataException(
                    $"The study has an answer about '{answer.Class}' on the picture '{answer.Picture}', which it does not ask.");
        }

        return new StudyReport(study, table, new TrustBootstrap(table, unit, draws, seed));
    }

    /// <summary>The report as one JSON document.</summary>
    public JsonObject ToJson() => new()
    {
        ["methods"] = new JsonArray(Study.MethodA, Study.MethodB),
        ["persons"] = Persons.Count,
        ["pictures"] = Study.Pictures.Count,
        ["pictures_answered"] = Total.Pictures,
        ["answers"] = Total.Answers,
        ["total"] = ToJson(Total),
        ["classes"] = new JsonArray([.. Classes.Select(ToJson)]),
        ["bootstrap"] = new JsonObject
        {
            ["level"] = 0.95,
            ["over"] = DrawnAnew,
            ["draws"] = Bootstrap.Draws,
            ["seed"] = Bootstrap.Seed,
        },
    };

    private static StudyResult Result(AnswerTable table, string? @class, TrustIntervals intervals)
    {
        int[][] counts = table.Counts(@class);
        double[] seconds = [.. table.Answers.Where(a => @class is null || a.Class == @class).Select(a => a.Seconds)];
        return new StudyResult(@class, counts.Length, seconds.Length, TrustScores.Of(counts), intervals, SignTest.Of(counts),
            FleissKappa.Of(counts), seconds.Length == 0 ? null : Median.Of(seconds));
    }

    private static JsonArray ToJson(Interval interval) => new(interval.Low, interval.High);

    private JsonObject ToJson(StudyResult result)
    {
        var json = new JsonObject();
        if (result.Class is not null)
            json["class"] = result.Class;
        json["pictures"] = result.Pictures;
        json["answers"] = result.Answers;
        json["scores"] = new JsonObject
        {
            [Study.MethodA] = result.Scores.A,
            [Study.MethodB] = result.Scores.B,
            ["same"] = result.Scores.Same,
        };
        json["intervals"] = new JsonObject
        {
            [Study.MethodA] = ToJson(result.Intervals.A),
            [Study.MethodB] = ToJson(result.Intervals.B),
            ["same"] = ToJson(result.Intervals.Same),
        };
        json["sign_test"] = new JsonObject
        {
            [Study.MethodA] = result.Sign.A,
            [Study.MethodB] = result.Sign.B,
            ["ties"] = result.Sign.Ties,
            ["p"] = result.Sign.P,
        };
        json["agreement"] = new JsonObject
        {
            ["kappa"] = result.Agreement.Kappa,
            ["observed"] = result.Agreement.Observed,
            ["expected"] = result.Agreement.Expected,
            ["pictures"] = result.Agreement.Pictures,
        };
        json["median_seconds"] = result.MedianSeconds;
        return json;
    }
}
