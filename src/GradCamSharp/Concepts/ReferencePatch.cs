using GradCamSharp.Imaging;

namespace GradCamSharp.Concepts;

/// <summary>A part of a picture that excites a channel.</summary>
/// <param name="File">The picture's file.</param>
/// <param name="Activation">The channel's largest activation there.</param>
/// <param name="Part">The part of the picture around it, in its pixels.</param>
public sealed record ReferencePatch(string File, float Activation, PixelBox Part);
