namespace GradCamSharp.Imaging;

/// <summary>
/// Resizes as Python's Pillow does: antialiased, columns first, then rows, in fixed point and rounded to 8 bits between the two.
/// </summary>
/// <remarks>
/// When a picture gets smaller the filter's support grows with it (antialiasing), which other libraries' "bilinear" does not do. Networks
/// trained with Pillow's pictures answer differently on the others'.
/// </remarks>
public static class Resampling
{
    /// <summary>The picture at another size.</summary>
    /// <param name="source">The picture; it is returned as it is when it has the size already.</param>
    /// <param name="width">The new width, at least 1.</param>
    /// <param name="height">The new height, at least 1.</param>
    /// <param name="filter">The filter.</param>
    public static Picture Resize(Picture source, int width, int height, ResampleFilter filter = ResampleFilter.Bilinear)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        return Resize(source, new PixelSize(width, height), new PixelBox(0, 0, width, height), filter);
    }

    /// <summary>
    /// A part of the picture at another size. Only what the part needs is computed; the result is the same as cropping afterwards.
    /// </summary>
    /// <param name="source">The picture.</param>
    /// <param name="size">The size of the whole picture after resizing.</param>
    /// <param name="part">The part of it that is wanted; it lies inside <paramref name="size"/>.</param>
    /// <param name="filter">The filter.</param>
    public static Picture Resize(Picture source, PixelSize size, PixelBox part, ResampleFilter filter)
    {
        ArgumentNullException.ThrowIfNull(source);
        if (part.X < 0 || part.Y < 0 || part.Width < 1 || part.Height < 1
            || part.Width > size.Width - part.X || part.Height > size.Height - part.Y)
            throw new ArgumentOutOfRangeException(nameof(part), part, $"The part must lie inside the picture of {size} pixels.");
        if (source.Size == size && part == new PixelBox(0, 0, size.Width, size.Height)) return source;

        return new ResamplePlan(source.Size, size, part, filter).Apply(PixelRows.Of(source));
    }

    /// <summary>The picture with no side longer than a limit.</summary>
    public static Picture Fit(Picture picture, int side)
    {
        ArgumentNullException.ThrowIfNull(picture);
        double factor = (double)side / Math.Max(picture.Width, picture.Height);
        return factor >= 1
            ? picture
            : Resize(picture, Math.Max(1, (int)(picture.Width * factor)), Math.Max(1, (int)(picture.Height * factor)));
    }
}
