using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace GradCamSharp.Imaging;

/// <summary>
/// How a part of a picture is brought to another size: what it takes of the old pixels is known before these are decoded.
/// </summary>
/// <remarks>Columns first, then rows, as <see cref="Resampling"/> says; four pixels at a time in both.</remarks>
internal sealed class ResamplePlan
{
    private readonly ResampleWeights columns, rows;

    /// <param name="source">The picture's size.</param>
    /// <param name="size">The size of the whole picture after resizing.</param>
    /// <param name="part">The part of it that is wanted, inside <paramref name="size"/>.</param>
    /// <param name="filter">The filter.</param>
    public ResamplePlan(PixelSize source, PixelSize size, PixelBox part, ResampleFilter filter)
    {
        columns = ResampleWeights.Of(filter, source.Width, size.Width, part.X, part.Width);
        rows = ResampleWeights.Of(filter, source.Height, size.Height, part.Y, part.Height);
        var ((x, width), (y, height)) = (columns.Reach, rows.Reach);
        Needed = new PixelBox(x, y, width, height);
    }

    /// <summary>The part of the old picture that is read.</summary>
    public PixelBox Needed { get; }

    /// <summary>The wanted part at its new size.</summary>
    /// <param name="source">The old picture, or a part of it that holds what is <see cref="Needed"/>.</param>
    public Picture Apply(PixelRows source)
    {
        int stride = (columns.Count + 3) / 4 * 16;
        byte[] narrowed = ArrayPool<byte>.Shared.Rent(checked(stride * Needed.Height));
        try
        {
            int[] weights = columns.PerChannel();
            // Where a new pixel needs fewer old ones than others do, what lies beyond them is read and multiplied by 0.
            int own = Needed.Width * 4;
            byte[] old = new byte[own + (weights.Length / columns.Count)];
            for (int y = 0; y < Needed.Height; y++)
            {
                source.CopyTo(Needed.X, Needed.Y + y, old.AsSpan(0, own));
                Narrow(old, weights, narrowed.AsSpan(y * stride, stride));
            }

            byte[] pixels = GC.AllocateUninitializedArray<byte>(checked(columns.Count * rows.Count * 3));
            for (int y = 0; y < rows.Count; y++)
            {
                var down = rows.For(y, out int first);
                var row = pixels.AsSpan(y * columns.Count * 3, columns.Count * 3);
                Flatten(narrowed.AsSpan((first - Needed.Y) * stride), stride, down, row);
            }

            return new Picture(columns.Count, rows.Count, pixels);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(narrowed);
        }
    }

    // A row at its new width; four bytes a pixel in both.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Narrow(ReadOnlySpan<byte> row, ReadOnlySpan<int> weights, Span<byte> target)
    {
        // One half, in the first of four pixels that are added up in the end.
        var half = Vector512.Create(Vector256.Create(Vector128.Create(ResampleWeights.Half), Vector128<int>.Zero), Vector256<int>.Zero);
        var firsts = columns.Firsts;
        int taps = weights.Length / firsts.Length;
        for (int x = 0, w = 0; x < firsts.Length; x++)
        {
            int at = 4 * (firsts[x] - Needed.X);
            var sums = half;
            for (int end = w + taps; w < end; w += 16, at += 16)
                sums += Widen(Vector128.Create(row.Slice(at, 16))) * Vector512.Create(weights.Slice(w, 16));
            var pair = sums.GetLower() + sums.GetUpper();
            BinaryPrimitives.WriteUInt32LittleEndian(target[(4 * x)..], ResampleWeights.ToBytes(pair.GetLower() + pair.GetUpper()));
        }
    }

    // One new row of several narrowed ones.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Flatten(ReadOnlySpan<byte> rows, int stride, ReadOnlySpan<int> weights, Span<byte> target)
    {
        var withoutFourth = Vector128.Create((byte)0, 1, 2, 4, 5, 6, 8, 9, 10, 12, 13, 14, 3, 7, 11, 15);
        Span<byte> four = stackalloc byte[16];
        for (int x = 0, t = 0; x < stride; x += 16, t += 12)
        {
            var sums = Vector512.Create(ResampleWeights.Half);
            for (int i = 0; i < weights.Length; i++)
                sums += Widen(Vector128.Create(rows.Slice((i * stride) + x, 16))) * weights[i];
            var pixels = Vector128.Shuffle(ResampleWeights.ToBytes(sums), withoutFourth);
            // What is stored beyond the four pixels is overwritten by the next.
            if (t + 16 <= target.Length)
            {
                pixels.CopyTo(target[t..]);
                continue;
            }

            pixels.CopyTo(four);
            four[..Math.Min(12, target.Length - t)].CopyTo(target[t..]);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<int> Widen(Vector128<byte> bytes)
    {
        var halves = Vector256.WidenLower(bytes.ToVector256Unsafe());
        return Vector512.WidenLower(halves.ToVector512Unsafe()).AsInt32();
    }
}
