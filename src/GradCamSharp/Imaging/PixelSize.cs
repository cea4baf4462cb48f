namespace GradCamSharp.Imaging;

/// <summary>A size in pixels.</summary>
public readonly record struct PixelSize(int Width, int Height)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Width} x {Height}";
}
