namespace GradCamSharp.Imaging;

/// <summary>Where a mask multiplies the picture (Eq. 11).</summary>
public enum MaskSpace
{
    /// <summary>Before mean and scale: what is masked is black.</summary>
    Pixel,

    /// <summary>After mean and scale: what is masked is 0, which is the mean's colour.</summary>
    Normalized,
}
