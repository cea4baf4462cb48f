namespace GradCamSharp.Studies;

/// <summary>What a person answers when shown the explanations of two methods.</summary>
public enum Preference
{
    /// <summary>The first method's explanation is better.</summary>
    A,

    /// <summary>The second method's explanation is better.</summary>
    B,

    /// <summary>Neither is better.</summary>
    Same,
}

/// <summary>One answer of one person about one picture.</summary>
/// <param name="Person">Who answered; any text that is the same for all answers of a person.</param>
/// <param name="Picture">The picture's id in the study; unique across classes.</param>
/// <param name="Class">The class that was asked about.</param>
/// <param name="Preference">The answer.</param>
/// <param name="Seconds">How long it took, at least 0.</param>
public sealed record StudyAnswer(string Person, string Picture, string Class, Preference Preference, double Seconds);
