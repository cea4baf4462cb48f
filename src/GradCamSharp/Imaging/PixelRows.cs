using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace GradCamSharp.Imaging;

/// <summary>Pixels to resample: a whole picture's, or those of the part of it that was decoded.</summary>
internal readonly ref struct PixelRows
{
    private readonly ReadOnlySpan<byte> bytes;
    private readonly int bytesPerPixel;
    private readonly PixelBox part;

    /// <param name="bytes">The part's pixels, row by row without padding.</param>
    /// <param name="bytesPerPixel">3 (R, G, B) or 4 (and one of no meaning).</param>
    /// <param name="part">Where they lie in the whole picture.</param>
    public PixelRows(ReadOnlySpan<byte> bytes, int bytesPerPixel, PixelBox part)
    {
        this.bytes = bytes;
        this.bytesPerPixel = bytesPerPixel;
        this.part = part;
    }

    /// <summary>All pixels of a picture.</summary>
    public static PixelRows Of(Picture picture) => new(picture.Pixels, 3, new PixelBox(0, 0, picture.Width, picture.Height));

    /// <summary>Copies pixels of a row, four bytes each: R, G, B and one of no meaning.</summary>
    /// <param name="x">The first one's column in the whole picture.</param>
    /// <param name="y">The row in the whole picture.</param>
    /// <param name="target">As many pixels as are wanted.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void CopyTo(int x, int y, Span<byte> target)
    {
        int at = checked((((y - part.Y) * part.Width) + x - part.X) * bytesPerPixel);
        var source = bytes.Slice(at, target.Length / 4 * bytesPerPixel);
        if (bytesPerPixel == 4)
        {
            source.CopyTo(target);
            return;
        }

        var fourOfThree = Vector128.Create((byte)0, 1, 2, 2, 3, 4, 5, 5, 6, 7, 8, 8, 9, 10, 11, 11);
        int s = 0, t = 0;
        for (; s + 16 <= source.Length; s += 12, t += 16)
            Vector128.Shuffle(Vector128.Create(source.Slice(s, 16)), fourOfThree).CopyTo(target[t..]);
        for (; s < source.Length; s += 3, t += 4)
            source.Slice(s, 3).CopyTo(target[t..]);
    }
}
