using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;

namespace GradCamSharp.Benchmarks.Acceptance;

/// <summary>The machine that figures are from, without names.</summary>
internal static class Machine
{
    private const string LoadFile = "/proc/loadavg";

    // ONNX Runtime itself is not asked for its version: it would start without the pool of threads that explainers share.
    /// <summary>One line: date, cores, memory, system, .NET, ONNX Runtime, and what else the machine does.</summary>
    /// <param name="isShort">Whether the figures are of a trial.</param>
    public static string Describe(bool isShort) => string.Create(CultureInfo.InvariantCulture,
        $"Measured on {DateTime.UtcNow:yyyy-MM-dd}: {Environment.ProcessorCount} cores, " +
        $"{GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 1e9:0} GB, {RuntimeInformation.OSDescription}, " +
        $"{RuntimeInformation.FrameworkDescription}, ONNX Runtime {typeof(OrtEnv).Assembly.GetName().Version?.ToString(3)}{Load()}." +
        $"{(isShort ? " A trial in miniature (`--short`): no figures to judge by." : "")}");

    // Other work spoils times; whoever reads them should know.
    private static string Load() => File.Exists(LoadFile)
        ? $"; the load average before it began was {File.ReadAllText(LoadFile).Split(' ')[0]}"
        : "";
}
