using System.Collections.Immutable;
using System.Globalization;

namespace GradCamSharp.Studies;

/// <summary>A size of study that a data set has the pictures for, where it has too few for the size that was asked for.</summary>
/// <param name="ClassCount">How many classes to ask for; null leaves their number as it was.</param>
/// <param name="PerClass">The most pictures of each class to ask for; null leaves their number as it was.</param>
public sealed record StudySize(int? ClassCount, int? PerClass)
{
    /// <summary>Says in one sentence which sizes can be asked for.</summary>
    /// <param name="sizes">The sizes; one of them at least.</param>
    /// <param name="verb">What the reader does with a number, for example "Set".</param>
    /// <param name="classCount">What the reader calls the number of classes.</param>
    /// <param name="perClass">What the reader calls the number of pictures of each class.</param>
    public static string Advice(ImmutableArray<StudySize> sizes, string verb, string classCount, string perClass) =>
        $"{verb} {string.Join(", or ", sizes.Select(size => size.InWords(classCount, perClass)))}.";

    private string InWords(string classCount, string perClass) => string.Join(" with ", new[]
    {
        ClassCount is { } classes ? string.Create(CultureInfo.InvariantCulture, $"{classCount} {classes}") : "",
        PerClass is { } pictures ? string.Create(CultureInfo.InvariantCulture, $"{perClass} {pictures} or less") : "",
    }.Where(part => part.Length > 0));
}
