namespace GradCamSharp.Benchmarking;

/// <summary>What explanations of one model cost beside its plain inference.</summary>
/// <param name="InferenceMilliseconds">The median time of the model's own file in plain ONNX Runtime.</param>
/// <param name="Methods">For each method its cost.</param>
/// <param name="PeakMegabytes">
/// The largest resident memory of the process so far, all sessions of the benchmark together, in 10^6 bytes.
/// </param>
public sealed record BenchmarkResult(double InferenceMilliseconds, IReadOnlyList<MethodCost> Methods, double PeakMegabytes);

/// <summary>What one method costs.</summary>
/// <param name="Method">The method's name.</param>
/// <param name="Milliseconds">The median time of a run that makes scores and maps.</param>
/// <param name="Ratio">That time over the plain inference's.</param>
public sealed record MethodCost(string Method, double Milliseconds, double Ratio);
