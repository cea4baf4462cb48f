using System.Diagnostics.CodeAnalysis;

namespace GradCamSharp.Evaluation.DataSets;

/// <summary>
/// Some pictures of a data set, spread evenly over its list: picture i is the one at (i + u) n / N of n, u the start that the seed gives.
/// Where neighbours are alike, as in folders of classes, every part of the data is there; another seed takes others.
/// </summary>
/// <param name="all">The data set.</param>
/// <param name="pictures">Those of its pictures that were chosen, in its order.</param>
public sealed class ChosenPictures(DataSet all, IReadOnlyList<DataSetPicture> pictures) : DataSet
{
    // Starts of neighbouring seeds lie far apart, and those of many fill the step evenly.
    private const double GoldenSection = 0.6180339887498949;

    /// <inheritdoc/>
    public override string Kind => all.Kind;

    /// <inheritdoc/>
    public override string Root => all.Root;

    /// <inheritdoc/>
    public override IReadOnlyList<DataSetPicture> Pictures => pictures;

    /// <inheritdoc/>
    public override string? ImageSet => all.ImageSet;

    /// <inheritdoc/>
    public override int Available => all.Available;

    /// <inheritdoc/>
    public override bool HasObjects => all.HasObjects;

    /// <inheritdoc/>
    public override IReadOnlyList<AnnotatedObject> Objects(DataSetPicture picture) => all.Objects(picture);

    /// <summary>Chooses pictures.</summary>
    /// <param name="all">The data set.</param>
    /// <param name="count">How many, at least 1; all of them where there are no more.</param>
    /// <param name="seed">Where the first step begins: at its start for 1.</param>
    public static ChosenPictures Spread([NotNull] DataSet all, int count, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(all);
        return new ChosenPictures(all, [.. Places(all.Pictures.Count, count, seed).Select(i => all.Pictures[i])]);
    }

    /// <summary>The places of pictures that are spread evenly, ascending.</summary>
    /// <param name="among">How many there are.</param>
    /// <param name="count">How many are chosen, at least 1; all of them where there are no more.</param>
    /// <param name="seed">Where the first step begins: at its start for 1.</param>
    public static IReadOnlyList<int> Places(int among, int count, ulong seed)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        if (count >= among)
            return [.. Enumerable.Range(0, among)];
        double start = unchecked(seed - 1) * GoldenSection % 1;
        return [.. Enumerable.Range(0, count).Select(i => (int)((i + start) * among / count))];
    }
}
