namespace GradCamSharp.Imaging;

/// <summary>Where the network's input lies in the picture.</summary>
/// <param name="Original">The picture's size.</param>
/// <param name="Resized">Its size after resizing.</param>
/// <param name="Crop">The part of the resized picture that the network sees; it may reach over the edge.</param>
public readonly record struct Geometry(PixelSize Original, PixelSize Resized, PixelBox Crop)
{
    /// <summary>The part of the resized picture that the network sees, without what reaches over the edge.</summary>
    internal PixelBox Kept => new(
        Math.Max(Crop.X, 0), Math.Max(Crop.Y, 0), Math.Min(Crop.Width, Resized.Width), Math.Min(Crop.Height, Resized.Height));
}
