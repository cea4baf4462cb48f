using SkiaSharp;

namespace GradCamSharp.Imaging;

// The frames of an animated GIF or WebP.
internal sealed partial class EncodedPicture
{
    // What browsers take for frames whose file says less.
    private const int ShortestFrame = 11, UsualFrame = 100;

    /// <summary>The number of frames, at least 1.</summary>
    public int FrameCount => Math.Max(1, codec.FrameCount);

    /// <summary>Decodes one frame after the other.</summary>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="PictureException">A frame is truncated or damaged.</exception>
    public IEnumerable<(Picture Picture, TimeSpan Duration)> Frames(CancellationToken cancellationToken)
    {
        var frames = codec.FrameInfo;
        if (frames.Length < 2)
        {
            yield return (Decode(), TimeSpan.FromMilliseconds(UsualFrame));
            yield break;
        }

        using var pixels = new PixelBuffer(new PixelSize(info.Width, info.Height));
        for (int i = 0; i < frames.Length; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            // The buffer holds the frame before; where a frame builds on another the decoder makes that first.
            bool isBefore = i > 0 && frames[i].RequiredFrame == i - 1
                && frames[i - 1].DisposalMethod != SKCodecAnimationDisposalMethod.RestorePrevious;
            var options = new SKCodecOptions(i, isBefore ? i - 1 : -1);
            var result = codec.GetPixels(info, pixels.Address, options);
            if (result != SKCodecResult.Success)
                throw result == SKCodecResult.IncompleteInput ? Truncated(name) : Damaged(result);
            int duration = frames[i].Duration < ShortestFrame ? UsualFrame : frames[i].Duration;
            yield return (
                StoredPixels.Upright(pixels.Rgba, info.Width, info.Height, SKEncodedOrigin.TopLeft, hasAlpha: true),
                TimeSpan.FromMilliseconds(duration));
        }
    }
}
