using System.Diagnostics;

namespace GradCamSharp.Benchmarks.Acceptance;

/// <summary>Runs gradcam, built for release, in processes of its own.</summary>
internal static class Tool
{
    private static readonly Lazy<string> Built = new(Build);

    /// <summary>Starts it; what it prints on standard output can be read, what it says is thrown away.</summary>
    /// <param name="environment">A variable of the process; null for none.</param>
    /// <param name="arguments">The command line.</param>
    public static Process Start((string Name, string Value)? environment, params IEnumerable<string> arguments)
    {
        var info = new ProcessStartInfo("dotnet", [Built.Value, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        if (environment is var (name, value))
            info.Environment[name] = value;
        var process = Process.Start(info)!;
        process.ErrorDataReceived += static (_, _) => { };
        process.BeginErrorReadLine();
        return process;
    }

    /// <summary>Runs it to its end.</summary>
    /// <exception cref="InvalidOperationException">It failed.</exception>
    public static void Run((string Name, string Value)? environment, params string[] arguments)
    {
        using var process = Start(environment, arguments);
        process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"gradcam {string.Join(' ', arguments)} ended with {process.ExitCode}.");
    }

    /// <summary>Draws scenes into a folder.</summary>
    /// <returns>The folder, in PASCAL VOC's layout.</returns>
    public static string DrawScenes(string folder, int count)
    {
        Run(null, "scenes", folder, "--count", $"{count}", "--seed", "5");
        return folder;
    }

    private static string Build()
    {
        string root = Checkout.Root();
        using var build = Process.Start(new ProcessStartInfo(
            "dotnet", ["build", Path.Combine(root, "src", "GradCamSharp.Cli"), "-c", "Release", "-v", "quiet", "--nologo"])
        {
            RedirectStandardOutput = true,
        })!;
        build.StandardOutput.ReadToEnd();
        build.WaitForExit();
        return build.ExitCode == 0 ? Path.Combine(root, "artifacts", "bin", "GradCamSharp.Cli", "release", "gradcam.dll")
            : throw new InvalidOperationException("src/GradCamSharp.Cli does not build.");
    }
}
