namespace GradCamSharp.Scenes.Drawing;

/// <summary>One object on the stage, as it is seen.</summary>
/// <param name="Class">Its class.</param>
/// <param name="Box">The smallest rectangle around its visible pixels: left, top, width, height.</param>
/// <param name="Pixels">The number of its visible pixels.</param>
/// <param name="Truncated">Whether the picture's edge cuts off a part.</param>
/// <param name="Occluded">Whether another object hides a part.</param>
internal sealed record StagedObject(string Class, (int X, int Y, int Width, int Height) Box, int Pixels, bool Truncated, bool Occluded);
