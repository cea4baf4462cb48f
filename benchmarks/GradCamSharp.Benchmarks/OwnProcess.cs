using System.Diagnostics;

namespace GradCamSharp.Benchmarks;

/// <summary>This program once more, in a process of its own, however it was started.</summary>
internal static class OwnProcess
{
    /// <summary>How to start it with other arguments.</summary>
    public static ProcessStartInfo With(params string[] arguments)
    {
        string program = Environment.ProcessPath!;
        string[] before = Path.GetFileNameWithoutExtension(program) == "dotnet" ? [typeof(OwnProcess).Assembly.Location] : [];
        return new ProcessStartInfo(program, [.. before, .. arguments]) { RedirectStandardOutput = true };
    }
}
