using System.Collections.Immutable;

namespace GradCamSharp.Studies;

/// <summary>A study cannot be made, served or reported as asked, and the caller can change that.</summary>
public sealed class StudyException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="kind">What the caller can change.</param>
    /// <param name="problem">What is wrong and where.</param>
    /// <param name="advice">What to do, in terms of this library's parameters.</param>
    /// <param name="possible">Sizes of study that the data set has the pictures for.</param>
    public StudyException(StudyError kind, string problem, string advice, ImmutableArray<StudySize> possible = default)
        : base($"{problem} {advice}")
    {
        Kind = kind;
        Problem = problem;
        Possible = possible.IsDefault ? [] : possible;
    }

    /// <summary>What the caller can change.</summary>
    public StudyError Kind { get; }

    /// <summary>What is wrong and where, without advice: for programs whose users do not see this library's parameters.</summary>
    public string Problem { get; }

    /// <summary>Sizes of study that the data set has the pictures for; empty where the size is not what is wrong.</summary>
    public ImmutableArray<StudySize> Possible { get; }
}
