namespace GradCamSharp.Evaluation;

/// <summary>Numbers of things, for people to read.</summary>
internal static class Counted
{
    /// <summary>1 picture, 2 pictures.</summary>
    /// <param name="number">How many.</param>
    /// <param name="one">What one is called.</param>
    /// <param name="many">What any other number is called; null where an s makes it of one.</param>
    public static string Of(int number, string one, string? many = null) =>
        FormattableString.Invariant($"{number} {(number == 1 ? one : many ?? one + "s")}");
}
