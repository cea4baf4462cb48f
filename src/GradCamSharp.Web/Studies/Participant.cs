namespace GradCamSharp.Web.Studies;

/// <summary>A person who was invited to a study.</summary>
/// <param name="Number">From 1, in the order of invitation.</param>
/// <param name="Key">The unguessable part of the personal link.</param>
/// <param name="Note">What the operator wrote down; participants never see it.</param>
/// <param name="HasConsented">Whether the person agreed to take part.</param>
public sealed record Participant(int Number, string Key, string Note, bool HasConsented)
{
    /// <summary>What the participant is called in exports and reports: P001.</summary>
    public string Name => Label(Number);

    internal static string Label(long number) => FormattableString.Invariant($"P{number:000}");
}

/// <summary>How far a participant is.</summary>
/// <param name="Participant">The participant.</param>
/// <param name="Answered">The number of answers.</param>
/// <param name="LastAnswer">When the last one was given, in UTC; null before the first.</param>
/// <param name="MedianSeconds">The median time of an answer; null before the first.</param>
public sealed record ParticipantProgress(Participant Participant, int Answered, DateTime? LastAnswer, double? MedianSeconds);

/// <summary>What a participant answers: which side is better.</summary>
public enum SideChoice
{
    /// <summary>The left one.</summary>
    Left,

    /// <summary>The right one.</summary>
    Right,

    /// <summary>Neither.</summary>
    Same,
}

/// <summary>What became of an answer.</summary>
public enum AnswerOutcome
{
    /// <summary>It is stored, now or by an earlier attempt to send the very same.</summary>
    Stored,

    /// <summary>It is not the turn of that picture: another page of the same participant went on, or back.</summary>
    OutOfTurn,
}

/// <summary>An answer as it is stored.</summary>
/// <param name="Participant">The participant's number.</param>
/// <param name="Position">The picture's place in the participant's order, from 0.</param>
/// <param name="Picture">The picture's id.</param>
/// <param name="IsALeft">Whether the first method was shown on the left.</param>
/// <param name="Choice">The answer.</param>
/// <param name="Milliseconds">How long it took.</param>
/// <param name="Answered">When, in UTC.</param>
public sealed record StoredAnswer(int Participant, int Position, string Picture, bool IsALeft, SideChoice Choice, long Milliseconds,
    DateTime Answered);
