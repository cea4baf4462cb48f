namespace GradCamSharp.Imaging;

/// <summary>How a picture lies in a frame of another aspect: its longer side fits, and bars of one colour fill the rest.</summary>
/// <param name="Fill">The bars' grey, 0 to 255.</param>
/// <param name="IsCentred">Whether the picture lies in the middle; else at the upper left.</param>
public sealed record Letterbox(byte Fill, bool IsCentred)
{
    /// <summary>The picture's size in the frame. Centred ones are rounded and others cut off, as YOLO's own tools do.</summary>
    internal PixelSize Fit(PixelSize picture, PixelSize frame)
    {
        double factor = Math.Min((double)frame.Width / picture.Width, (double)frame.Height / picture.Height);
        return new PixelSize(Scaled(picture.Width, frame.Width), Scaled(picture.Height, frame.Height));

        int Scaled(int side, int most) => (int)Math.Clamp(
            IsCentred ? Math.Round(side * factor, MidpointRounding.ToEven) : Math.Floor(side * factor), 1, most);
    }

    /// <summary>The frame as a part of the resized picture, over whose edges it reaches.</summary>
    internal PixelBox Place(PixelSize resized, PixelSize frame) => IsCentred
        ? new PixelBox(-((frame.Width - resized.Width) / 2), -((frame.Height - resized.Height) / 2), frame.Width, frame.Height)
        : new PixelBox(0, 0, frame.Width, frame.Height);
}
