using System.Buffers.Binary;
using System.Runtime.Intrinsics;

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

        var columns = ResampleWeights.Of(filter, source.Width, size.Width, part.X, part.Width);
        var rows = ResampleWeights.Of(filter, source.Height, size.Height, part.Y, part.Height);
        var (firstRow, rowCount) = rows.Reach;

        var narrowed = new byte[checked(part.Width * rowCount * 3)];
        for (var y = 0; y < rowCount; y++) Narrow(source.Row(firstRow + y), narrowed.AsSpan(y * part.Width * 3, part.Width * 3), columns);

        var pixels = new byte[part.Width * part.Height * 3];
        var sums = new int[part.Width * 3];
        for (var y = 0; y < part.Height; y++)
        {
            var weights = rows.For(y, out var first);
            Flatten(narrowed.AsSpan((first - firstRow) * sums.Length), pixels.AsSpan(y * sums.Length, sums.Length), weights, sums);
        }
        return new Picture(part.Width, part.Height, pixels);
    }

    private static void Narrow(ReadOnlySpan<byte> source, Span<byte> target, ResampleWeights columns)
    {
        for (int x = 0, t = 0; t < target.Length; x++, t += 3)
        {
            var weights = columns.For(x, out var first);
            var taps = source[(first * 3)..];
            var sums = Vector128.Create(ResampleWeights.Half);
            // The three colours at once; a fourth byte is read with them, but for the row's last pixel.
            for (int i = 0, s = 0; i < weights.Length; i++, s += 3)
            {
                uint pixel = s + 4 <= taps.Length
                    ? BinaryPrimitives.ReadUInt32LittleEndian(taps[s..])
                    : (uint)(taps[s] | (taps[s + 1] << 8) | (taps[s + 2] << 16));
                var colours = Vector128.WidenLower(Vector128.WidenLower(Vector128.CreateScalarUnsafe(pixel).AsByte())).AsInt32();
                sums += colours * weights[i];
            }

            target[t] = ResampleWeights.ToByte(sums[0]);
            target[t + 1] = ResampleWeights.ToByte(sums[1]);
            target[t + 2] = ResampleWeights.ToByte(sums[2]);
        }
    }

    private static void Flatten(ReadOnlySpan<byte> rows, Span<byte> target, ReadOnlySpan<int> weights, int[] sums)
    {
        sums.AsSpan().Fill(ResampleWeights.Half);
        for (var i = 0; i < weights.Length; i++)
        {
            var row = rows.Slice(i * sums.Length, sums.Length);
            int x = 0;
            for (; x + 8 <= row.Length; x += 8)
            {
                var (low, high) = Vector128.Widen(Vector128.WidenLower(Vector128.CreateScalarUnsafe(
                    BinaryPrimitives.ReadUInt64LittleEndian(row[x..])).AsByte()));
                (Vector128.Create(sums, x) + (low.AsInt32() * weights[i])).CopyTo(sums, x);
                (Vector128.Create(sums, x + 4) + (high.AsInt32() * weights[i])).CopyTo(sums, x + 4);
            }

            for (; x < row.Length; x++)
                sums[x] += weights[i] * row[x];
        }

        for (var x = 0; x < target.Length; x++) target[x] = ResampleWeights.ToByte(sums[x]);
    }
}
