namespace GradCamSharp.Imaging;

/// <summary>
/// How a picture is resized. The numbers are those of Python's Pillow, which <c>"resample"</c> in Hugging Face's files holds.
/// </summary>
public enum ResampleFilter
{
    /// <summary>The pixel in whose area the new pixel's centre lies.</summary>
    Nearest = 0,

    /// <summary>A sinc windowed by a sinc, support 3.</summary>
    Lanczos = 1,

    /// <summary>A triangle, support 1.</summary>
    Bilinear = 2,

    /// <summary>Keys' cubic with a = -0.5, support 2.</summary>
    Bicubic = 3,

    /// <summary>The average over the new pixel's area, support 0.5.</summary>
    Box = 4,

    /// <summary>A sinc windowed by Hamming's window, support 1.</summary>
    Hamming = 5,
}
