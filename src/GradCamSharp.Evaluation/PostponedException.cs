using System.Globalization;

namespace GradCamSharp.Evaluation;

/// <summary>A picture that could not be measured this time.</summary>
/// <param name="Picture">Its id in the data set.</param>
/// <param name="Reason">Why, in words.</param>
public sealed record PostponedPicture(string Picture, string Reason);

/// <summary>
/// Some pictures could not be measured for a reason that may be over the next time. All others are; the same run, started again, tries
/// these once more.
/// </summary>
/// <param name="pictures">The pictures; at least one.</param>
public sealed class PostponedException(IReadOnlyList<PostponedPicture> pictures) : IOException(Text(pictures))
{
    /// <summary>The pictures, in the order in which they were tried.</summary>
    public IReadOnlyList<PostponedPicture> Pictures { get; } = pictures;

    private static string Text(IReadOnlyList<PostponedPicture> pictures)
    {
        ArgumentNullException.ThrowIfNull(pictures);
        string more = pictures.Count == 1 ? ""
            : string.Create(CultureInfo.InvariantCulture, $" (and {Counted.Of(pictures.Count - 1, "more picture")})");
        return $"{Counted.Of(pictures.Count, "picture")} could not be measured this time: {pictures[0].Reason}{more} " +
            "Everything else is kept. The same command tries them again.";
    }
}
