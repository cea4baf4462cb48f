namespace GradCamSharp.Imaging;

/// <summary>Where the network's input lies in the picture.</summary>
/// <param name="Original">The picture's size.</param>
/// <param name="Resized">Its size after resizing.</param>
/// <param name="Crop">The part of the resized picture that the network sees; it may reach over the edge.</param>
public readonly record struct Geometry(PixelSize Original, PixelSize Resized, PixelBox Crop)
{
    /// <summary>
    /// Where the centre of a column of the original picture lies in the network's input, in pixels (0 is the first pixel's centre).
    /// </summary>
    public double InputX(int x) => ((x + 0.5) * Resized.Width / Original.Width) - 0.5 - Crop.X;

    /// <summary>
    /// Where the centre of a row of the original picture lies in the network's input, in pixels (0 is the first pixel's centre).
    /// </summary>
    public double InputY(int y) => ((y + 0.5) * Resized.Height / Original.Height) - 0.5 - Crop.Y;

    /// <summary>The part of the resized picture that the network sees, without what reaches over the edge.</summary>
    internal PixelBox Kept => new(
        Math.Max(Crop.X, 0), Math.Max(Crop.Y, 0), Math.Min(Crop.Width, Resized.Width), Math.Min(Crop.Height, Resized.Height));
}
