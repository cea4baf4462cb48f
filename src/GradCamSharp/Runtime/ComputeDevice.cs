namespace GradCamSharp.Runtime;

/// <summary>Where sessions run.</summary>
/// <param name="Name">The execution provider: cpu, cuda, directml or coreml.</param>
/// <param name="Threads">The number of threads of the process's pool; 0 for one a core.</param>
/// <param name="Optimizes">Whether the runtime may change graphs before it runs them.</param>
internal sealed record ComputeDevice(string Name, int Threads, bool Optimizes = true)
{
    /// <summary>The devices' names.</summary>
    public static IReadOnlyList<string> Names { get; } = ["cpu", "cuda", "directml", "coreml"];
}
