using GradCamSharp.Imaging;

namespace GradCamSharp.Films;

/// <summary>A frame of a film.</summary>
/// <param name="Picture">The frame.</param>
/// <param name="Duration">How long it is shown.</param>
public sealed record FilmFrame(Picture Picture, TimeSpan Duration);

/// <summary>How a film is read.</summary>
public sealed record FilmOptions
{
    /// <summary>How many frames of a folder are shown a second; above 0, at most 1000. Other films say it themselves.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is outside that range.</exception>
    public double FramesPerSecond
    {
        get;
        init
        {
            if (!(value > 0 && value <= 1000))
                throw new ArgumentOutOfRangeException(nameof(FramesPerSecond), value, "A film has more than 0 and at most 1000 frames " +
                    "a second.");
            field = value;
        }
    } = 10;

    /// <summary>What a frame may cost.</summary>
    public PictureLimits Limits { get; init; } = PictureLimits.Default;
}
