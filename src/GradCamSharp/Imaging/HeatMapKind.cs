namespace GradCamSharp.Imaging;

/// <summary>What a map's values say, and so how they are drawn.</summary>
public enum HeatMapKind
{
    /// <summary>Evidence for something, from none to the most: one scale of colours.</summary>
    Evidence,

    /// <summary>Evidence for it and against it: two colours around 0.</summary>
    Signed,

    /// <summary>
    /// Strengths of single pixels, which have few high peaks: full strength is where their 99.5th percentile is, on a darkened picture.
    /// </summary>
    Pixels,
}
