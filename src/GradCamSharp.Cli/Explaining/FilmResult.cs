namespace GradCamSharp.Cli.Explaining;

/// <summary>What is said of a film beside its explanations.</summary>
/// <param name="Frames">How many frames it has.</param>
/// <param name="Seconds">How long it is.</param>
/// <param name="ClipLength">How many frames are explained at once.</param>
/// <param name="Stride">Every how manieth frame they are.</param>
internal sealed record FilmResult(int Frames, double Seconds, int ClipLength, int Stride);

/// <summary>An explanation of a part of a film.</summary>
/// <param name="First">The first frame, from 0.</param>
/// <param name="Last">The last.</param>
/// <param name="Start">When the part begins, in seconds.</param>
/// <param name="End">When it ends.</param>
/// <param name="Label">What is explained: a class's label, or the target in words.</param>
/// <param name="Class">The class; null of other targets.</param>
/// <param name="Score">The number S.</param>
/// <param name="Minimum">The map's least value.</param>
/// <param name="Maximum">Its largest.</param>
/// <param name="IsEmpty">Whether it has no positive value.</param>
/// <param name="Raw">The file that holds the raw map and its row there; null where none was asked for.</param>
internal sealed record FilmMoment(
    int First, int Last, double Start, double End, string Label, long? Class, double Score, float Minimum, float Maximum, bool IsEmpty,
    (string File, int Row)? Raw);
