using System.Diagnostics;

namespace GradCamSharp.Benchmarks.Acceptance;

/// <summary>gradcam, built for release, to be run in processes of its own.</summary>
internal sealed class Tool
{
    private static readonly Lazy<Tool> Published = new(Publish);
    private static readonly Lazy<Tool> Built = new(() => Build(Path.Combine(Checkout.Root(), "artifacts")));

    private readonly string path;

    private Tool(string path) => this.path = path;

    /// <summary>As it is.</summary>
    public static Tool Usual => Built.Value;

    /// <summary>As <c>./gradcam</c> builds and runs it: compiled ahead to native code.</summary>
    public static Tool AsPublished => Published.Value;

    /// <summary>The same with another list of models that can be fetched.</summary>
    /// <param name="models">The list, in the form of models.tsv.</param>
    /// <param name="folder">Where it is built.</param>
    public static Tool WithModels(string models, string folder) => Build(folder, $"-p:ZooModels={models}");

    /// <summary>Starts it; what it prints on standard output can be read, what it says is thrown away.</summary>
    /// <param name="environment">A variable of the process; null for none.</param>
    /// <param name="arguments">The command line.</param>
    public Process Start((string Name, string Value)? environment, params IEnumerable<string> arguments)
    {
        var info = new ProcessStartInfo("dotnet", [path, .. arguments])
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
    public void Run((string Name, string Value)? environment, params string[] arguments)
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
        Usual.Run(null, "scenes", folder, "--count", $"{count}", "--seed", "5");
        return folder;
    }

    private static Tool Publish()
    {
        string root = Checkout.Root();
        using var script = Process.Start(
            new ProcessStartInfo(Path.Combine(root, "gradcam"), ["--version"]) { RedirectStandardOutput = true })!;
        script.StandardOutput.ReadToEnd();
        script.WaitForExit();
        return script.ExitCode == 0 ? new Tool(Path.Combine(root, "artifacts", "gradcam", "gradcam.dll"))
            : throw new InvalidOperationException("./gradcam does not build.");
    }

    private static Tool Build(string folder, params string[] more)
    {
        string project = Path.Combine(Checkout.Root(), "src", "GradCamSharp.Cli");
        using var build = Process.Start(new ProcessStartInfo(
            "dotnet", ["build", project, "-c", "Release", "-v", "quiet", "--nologo", "--artifacts-path", folder,
                // A compiler or a node that stays would hold the pipe open, and be waited for.
                "-nodeReuse:false", "-p:UseSharedCompilation=false", .. more])
        {
            RedirectStandardOutput = true,
        })!;
        build.StandardOutput.ReadToEnd();
        build.WaitForExit();
        return build.ExitCode == 0 ? new Tool(Path.Combine(folder, "bin", "GradCamSharp.Cli", "release", "gradcam.dll"))
            : throw new InvalidOperationException("src/GradCamSharp.Cli does not build.");
    }
}
