namespace GradCamSharp.Runs;

/// <summary>How far a method that runs the network many times is.</summary>
/// <param name="Done">How many runs of the present step are done.</param>
/// <param name="Total">How many it has.</param>
public readonly record struct RunProgress(int Done, int Total);
