using System.Globalization;
using GradCamSharp.Evaluation;
using GradCamSharp.Evaluation.DataSets;
using GradCamSharp.Evaluation.Runs;
using GradCamSharp.Evaluation.Sampling;
using static GradCamSharp.Studies.ExplanationJournal;

namespace GradCamSharp.Studies;

/// <summary>Draws the pictures of a study from those that show each class, and explains them.</summary>
/// <param name="maker">Makes what participants see of a picture.</param>
/// <param name="journal">What earlier processes have made.</param>
/// <param name="options">How many pictures, and the seed.</param>
/// <param name="workers">The number of pictures that are explained at the same time.</param>
/// <param name="leaveOut">Told why a picture is left out.</param>
internal sealed class StudyDrawing(
    StudyPictureMaker maker, ExplanationJournal journal, StudyOptions options, int workers, Action<string> leaveOut)
{
    // Separates these random numbers from the others that come from the study's seed.
    private const int Purpose = 41;

    private readonly List<PostponedPicture> postponed = [];

    /// <summary>Draws and explains.</summary>
    /// <param name="classes">Each class with the pictures that show it.</param>
    /// <param name="progress">Told of every picture.</param>
    /// <param name="cancellationToken">Stops between two pictures.</param>
    /// <returns>The pictures by class, numbered.</returns>
    /// <exception cref="StudyException">Too few pictures of a class can be explained.</exception>
    /// <exception cref="PostponedException">Some pictures could not be explained this time.</exception>
    public List<StudyPicture> Draw(
        IReadOnlyList<(StudyClass Class, IReadOnlyList<DataSetPicture> Candidates)> classes, IProgress<StudyProgress>? progress,
        CancellationToken cancellationToken)
    {
        var pictures = new List<StudyPicture>();
        int total = classes.Count * options.PerClass;
        progress?.Report(new StudyProgress("explained", 0, total));
        for (int c = 0; c < classes.Count; c++)
        {
            var (@class, candidates) = classes[c];
            int before = pictures.Count;
            var order = new SeededRandom(options.Seed, c, Purpose).Permutation(candidates.Count);
            var chosen = DrawClass(@class, new Queue<DataSetPicture>(order.Select(i => candidates[i])),
                done => progress?.Report(new StudyProgress("explained", before + done, total)), cancellationToken);
            pictures.AddRange(chosen.OrderBy(p => p.Source, StringComparer.Ordinal));
        }

        return postponed.Count > 0 ? throw new PostponedException(postponed)
            : [.. pictures.Select((p, i) => p with { Id = (i + 1).ToString("0000", CultureInfo.InvariantCulture) })];
    }

    /// <summary>The error that a class has too few pictures, with what to do.</summary>
    public static StudyException TooFew(string dataSetClass, int pictures) => pictures == 0
        ? new(StudyError.TooFewPictures, $"'{dataSetClass}' has no readable picture.", "Name other classes.")
        : new(StudyError.TooFewPictures, $"'{dataSetClass}' has {Counted.Of(pictures, "readable picture")}.",
            string.Create(CultureInfo.InvariantCulture, $"Set PerClass {pictures} or less, or name other classes."),
            [new StudySize(null, pictures)]);

    private List<StudyPicture> DrawClass(
        StudyClass @class, Queue<DataSetPicture> drawn, Action<int> report, CancellationToken cancellationToken)
    {
        var chosen = new List<StudyPicture>();
        int waiting = 0;
        // As many as are wanted; then as many as cannot be explained, and so on. One that may be explained the next time keeps its place.
        while (chosen.Count + waiting < options.PerClass && drawn.Count > 0)
        {
            DataSetPicture[] next = [.. Enumerable.Range(0, Math.Min(options.PerClass - chosen.Count - waiting, drawn.Count))
                .Select(_ => drawn.Dequeue())];
            OrderedPipeline.Run<(Explained?, PostponedPicture?)>(
                next.Length, workers, () => i => Make(@class, next[i]), Record, cancellationToken);
        }

        return chosen.Count + waiting < options.PerClass ? throw TooFew(@class.DataSetName, chosen.Count) : chosen;

        void Record((Explained? Made, PostponedPicture? Postponed) result)
        {
            if (result.Postponed is { } later)
            {
                postponed.Add(later);
                waiting++;
                return;
            }

            var made = result.Made!;
            if (journal.Find(made.Class, made.Source) is null)
                journal.Add(made);
            if (made.Picture is { } picture)
                chosen.Add(picture);
            else
                leaveOut(made.Error!);
            report(chosen.Count);
        }
    }

    private (Explained? Made, PostponedPicture? Postponed) Make(StudyClass @class, DataSetPicture source)
    {
        if (journal.Find(@class.DataSetName, source.Id) is { } known)
            return (known, null);
        try
        {
            return (new Explained(@class.DataSetName, source.Id, maker.Make(@class, source), null), null);
        }
        catch (Exception e) when (Failures.Of(e) is { } kind)
        {
            return kind == FailureKind.Permanent ? (new Explained(@class.DataSetName, source.Id, null, e.Message), null)
                : (null, new PostponedPicture(source.Id, e.Message));
        }
    }
}
