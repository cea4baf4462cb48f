using System.Globalization;

namespace GradCamSharp.Targets;

/// <summary>Which of several: by its index, by its label, or by its rank.</summary>
public sealed record Choice
{
    private Choice(long? index, int? rank, string? label) => (Index, Rank, Label) = (index, rank, label);

    /// <summary>The index, from 0; null where it is chosen otherwise.</summary>
    public long? Index { get; }

    /// <summary>The rank, from 1; null where it is chosen otherwise.</summary>
    public int? Rank { get; }

    /// <summary>The label; null where it is chosen otherwise.</summary>
    public string? Label { get; }

    /// <summary>The one of an index.</summary>
    /// <param name="index">From 0.</param>
    public static Choice At(long index) => index >= 0 ? new(index, null, null)
        : throw new ArgumentOutOfRangeException(nameof(index), index, "An index is at least 0.");

    /// <summary>The one of a rank.</summary>
    /// <param name="rank">From 1.</param>
    public static Choice Top(int rank) => rank >= 1 ? new(null, rank, null)
        : throw new ArgumentOutOfRangeException(nameof(rank), rank, "A rank is at least 1.");

    /// <summary>The one of a label.</summary>
    /// <param name="label">The label, or any one of its synonyms.</param>
    public static Choice Named(string label)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(label);
        return new(null, null, label);
    }

    /// <summary>An index, top1, or a label.</summary>
    /// <param name="text">The text.</param>
    public static Choice Parse(string text)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(text);
        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long index) ? At(index)
            : text.StartsWith("top", StringComparison.OrdinalIgnoreCase)
                && int.TryParse(text.AsSpan(3), NumberStyles.None, CultureInfo.InvariantCulture, out int rank) && rank >= 1 ? Top(rank)
            : Named(text);
    }

    /// <inheritdoc/>
    public override string ToString() => Index is { } index ? index.ToString(CultureInfo.InvariantCulture)
        : Rank is { } rank ? string.Create(CultureInfo.InvariantCulture, $"top{rank}") : Label!;
}

/// <summary>Which pixels.</summary>
public abstract record Place
{
    private protected Place()
    {
    }

    /// <summary>Those that the model gives the class.</summary>
    public static Place Mask { get; } = new MaskPlace();

    /// <summary>All.</summary>
    public static Place All { get; } = new AllPlace();

    private protected static string Text(double number) => number.ToString("R", CultureInfo.InvariantCulture);
}

/// <summary>The pixels that the model gives the class.</summary>
public sealed record MaskPlace : Place
{
    /// <inheritdoc/>
    public override string ToString() => "mask";
}

/// <summary>All pixels.</summary>
public sealed record AllPlace : Place
{
    /// <inheritdoc/>
    public override string ToString() => "all";
}

/// <summary>One pixel.</summary>
/// <param name="X">The column, in the picture's pixels; of a tensor in the network's.</param>
/// <param name="Y">The row.</param>
public sealed record PointPlace(double X, double Y) : Place
{
    /// <inheritdoc/>
    public override string ToString() => $"{Text(X)},{Text(Y)}";
}

/// <summary>A rectangle of pixels.</summary>
/// <param name="X">Its first column.</param>
/// <param name="Y">Its first row.</param>
/// <param name="Width">Its width, above 0.</param>
/// <param name="Height">Its height, above 0.</param>
public sealed record RegionPlace(double X, double Y, double Width, double Height) : Place
{
    /// <inheritdoc/>
    public override string ToString() => $"{Text(X)},{Text(Y)},{Text(Width)},{Text(Height)}";
}

/// <summary>The white pixels of a picture.</summary>
/// <param name="File">A PNG of the picture's size: what is brighter than half counts.</param>
public sealed record FilePlace(string File) : Place
{
    /// <inheritdoc/>
    public override string ToString() => File;
}

/// <summary>Which detection.</summary>
public abstract record BoxChoice
{
    private protected BoxChoice()
    {
    }
}

/// <summary>By its rank.</summary>
/// <param name="Rank">From 0, the most confident.</param>
public sealed record RankedBox(int Rank) : BoxChoice
{
    /// <inheritdoc/>
    public override string ToString() => Rank.ToString(CultureInfo.InvariantCulture);
}

/// <summary>By its class, and its rank among that class's.</summary>
/// <param name="Label">The class's label or its index.</param>
/// <param name="Rank">From 1, the most confident.</param>
public sealed record LabelledBox(string Label, int Rank = 1) : BoxChoice
{
    /// <inheritdoc/>
    public override string ToString() => Rank == 1 ? Label : string.Create(CultureInfo.InvariantCulture, $"{Label}/{Rank}");
}

/// <summary>The smallest that holds a point.</summary>
/// <param name="X">The column, in the picture's pixels.</param>
/// <param name="Y">The row.</param>
public sealed record BoxAtPoint(double X, double Y) : BoxChoice
{
    /// <inheritdoc/>
    public override string ToString() => new PointPlace(X, Y).ToString();
}

/// <summary>The one that overlaps a rectangle best, whatever its score: why was something missed?</summary>
/// <param name="X">The rectangle's first column, in the picture's pixels.</param>
/// <param name="Y">Its first row.</param>
/// <param name="Width">Its width.</param>
/// <param name="Height">Its height.</param>
public sealed record BoxNearRegion(double X, double Y, double Width, double Height) : BoxChoice
{
    /// <inheritdoc/>
    public override string ToString() => new RegionPlace(X, Y, Width, Height).ToString();
}

/// <summary>Part of an axis, as NumPy slices: an index, or from, to and step.</summary>
/// <param name="Start">The index, or where the slice starts; null from the beginning.</param>
/// <param name="Stop">Where it ends, exclusive; null at the end.</param>
/// <param name="IsIndex">Whether it is a single index.</param>
public readonly record struct AxisSlice(long? Start, long? Stop, bool IsIndex)
{
    /// <summary>The indices it names on an axis.</summary>
    /// <param name="length">The axis's length.</param>
    /// <exception cref="ArgumentOutOfRangeException">The axis has no such index.</exception>
    public (long First, long End) On(long length)
    {
        if (IsIndex)
        {
            long index = Start!.Value < 0 ? Start.Value + length : Start.Value;
            return index >= 0 && index < length ? (index, index + 1)
                : throw new ArgumentOutOfRangeException(nameof(length), length, $"There is no index {Start} on an axis of {length}.");
        }

        long first = Clamped(Start ?? 0), end = Clamped(Stop ?? length);
        return (first, Math.Max(first, end));

        long Clamped(long place) => Math.Clamp(place < 0 ? place + length : place, 0, length);
    }

    /// <inheritdoc/>
    public override string ToString() => IsIndex
        ? Start!.Value.ToString(CultureInfo.InvariantCulture)
        : string.Create(CultureInfo.InvariantCulture, $"{Start}:{Stop}");
}
