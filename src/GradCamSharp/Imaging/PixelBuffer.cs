using System.Buffers;
using System.Runtime.InteropServices;
using SkiaSharp;

namespace GradCamSharp.Imaging;

/// <summary>Memory to decode pixels into; at first it holds anything.</summary>
/// <remarks>
/// Small photos' is used again, and need not be cleared again as new memory is. Large ones' is native, which is free again at once:
/// thousands of pictures would leave as many large arrays to the collector, and a pool would keep the largest of each thread.
/// </remarks>
internal sealed class PixelBuffer : IDisposable
{
    private const int BytesPerPixel = 4, LargestPooled = 4 << 20;

    private readonly byte[]? pooled;
    private readonly SKBitmap? native;
    private readonly int length;
    private GCHandle pin;

    /// <param name="size">The number of pixels; no side is 0.</param>
    /// <exception cref="OverflowException">There are more than 2 GiB of them.</exception>
    public PixelBuffer(PixelSize size)
    {
        length = checked(size.Width * size.Height * BytesPerPixel);
        if (length > LargestPooled)
        {
            native = new SKBitmap(new SKImageInfo(size.Width, size.Height, SKColorType.Rgba8888, SKAlphaType.Unpremul));
            return;
        }

        pooled = ArrayPool<byte>.Shared.Rent(length);
        pin = GCHandle.Alloc(pooled, GCHandleType.Pinned);
    }

    /// <summary>R, G, B and alpha of each pixel, rows without padding.</summary>
    public Span<byte> Rgba => native is null ? pooled.AsSpan(0, length) : native.GetPixelSpan();

    /// <summary>Where the first pixel lies; it stays there.</summary>
    public nint Address => native?.GetPixels() ?? pin.AddrOfPinnedObject();

    /// <inheritdoc/>
    public void Dispose()
    {
        native?.Dispose();
        if (!pin.IsAllocated)
            return;
        pin.Free();
        ArrayPool<byte>.Shared.Return(pooled!);
    }
}
