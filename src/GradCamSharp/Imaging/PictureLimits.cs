namespace GradCamSharp.Imaging;

/// <summary>What a picture may cost. Both limits are checked before a pixel is decoded.</summary>
public sealed record PictureLimits
{
    private const long MostPixels = 500_000_000;

    /// <summary>100 megapixels, 256 MiB.</summary>
    public static PictureLimits Default { get; } = new();

    /// <summary>The most pixels (width times height) that are decoded; 1 to 500 million.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is outside that range.</exception>
    public long MaximumPixels
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, MostPixels);
            field = value;
        }
    } = 100_000_000;

    /// <summary>The most bytes that the compressed file may have; 1 to 2 GiB less 64 KiB.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is outside that range.</exception>
    public long MaximumBytes
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, int.MaxValue - 65535L);
            field = value;
        }
    } = 256 << 20;
}
