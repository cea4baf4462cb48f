namespace GradCamSharp.Imaging;

/// <summary>An upright rectangle of whole pixels; (X, Y) is its upper left pixel.</summary>
public readonly record struct PixelBox(int X, int Y, int Width, int Height)
{
    /// <inheritdoc/>
    public override string ToString() => $"[{X}, {Y}, {Width}, {Height}]";
}
