using OnnxGrad;

namespace GradCamSharp.Analysis;

/// <summary>Which axes of a clip [N, ...] of five axes are its frames and its channels.</summary>
/// <param name="Frames">1 or 2.</param>
/// <param name="Channels">1, 2 or 4.</param>
/// <param name="Reason">Why they are taken to lie there.</param>
public sealed record ClipAxes(int Frames, int Channels, string Reason)
{
    /// <summary>Reads the axes from a declared shape: [N, C, T, H, W], [N, T, C, H, W] or [N, T, H, W, C].</summary>
    /// <param name="name">
    /// The input's name: where the shape leaves it open, Hugging Face's <c>pixel_values</c> have frames in front.
    /// </param>
    /// <param name="declared">The shape.</param>
    internal static ClipAxes Of(string name, Shape declared)
    {
        bool Holds(int axis) => declared[axis].GetValueOrDefault(-1) is 1 or 3;
        if (Holds(1) && !Holds(2))
            return new ClipAxes(2, 1, $"the second axis of {declared} has {declared[1]} values, as a picture has channels");
        if (Holds(2) && !Holds(1))
            return new ClipAxes(1, 2, $"the third axis of {declared} has {declared[2]} values, as a picture has channels");
        if (Holds(4) && !Holds(1) && !Holds(2))
            return new ClipAxes(1, 4, $"the last axis of {declared} has {declared[4]} values, as a picture has channels");
        return name.Contains("pixel_values", StringComparison.OrdinalIgnoreCase)
            ? new ClipAxes(1, 2, $"{declared} does not say where the channels lie, and inputs called '{name}' have the frames in front")
            : new ClipAxes(2, 1, $"{declared} does not say where the channels lie, and ONNX has them second");
    }
}
