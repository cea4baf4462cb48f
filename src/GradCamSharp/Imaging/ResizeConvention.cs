namespace GradCamSharp.Imaging;

/// <summary>How fractions of a pixel are dealt with where a picture is resized in proportion and its middle is cut out.</summary>
public enum ResizeConvention
{
    /// <summary>The longer side is rounded to the nearest pixel. The crop begins at (side - crop) / 2, rounded down.</summary>
    Nearest,

    /// <summary>
    /// As torchvision: the longer side is cut off, int(size * long / short). The crop begins at int(round((side - crop) / 2.0)), halves to
    /// the even number.
    /// </summary>
    Torchvision,
}
