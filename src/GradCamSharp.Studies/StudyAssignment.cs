using GradCamSharp.Evaluation.Sampling;

namespace GradCamSharp.Studies;

/// <summary>One picture in a participant's order.</summary>
/// <param name="Picture">The picture.</param>
/// <param name="IsALeft">Whether the first method's explanation is shown on the left.</param>
public sealed record StudyTask(StudyPicture Picture, bool IsALeft);

/// <summary>In which order, and on which sides, a participant sees a study.</summary>
public static class StudyAssignment
{
    // Separates these random numbers from the others that come from the study's seed.
    private const int Purpose = 42;

    /// <summary>All pictures in random order, the sides drawn for each. The same study and person give the same tasks.</summary>
    /// <param name="study">The study.</param>
    /// <param name="person">The participant's number.</param>
    public static IReadOnlyList<StudyTask> For(Study study, int person)
    {
        ArgumentNullException.ThrowIfNull(study);
        var random = new SeededRandom(study.Recipe.Seed, person, Purpose);
        return [.. random.Permutation(study.Pictures.Count).Select(i => new StudyTask(study.Pictures[i], random.Chance(0.5f)))];
    }
}
