using System.Diagnostics;
using System.Text;
using System.Xml.Linq;

namespace GradCamSharp.Packages.Tests;

/// <summary>
/// A user's machine in a folder: an empty home, so that tools, settings and packages of the real one are neither used nor changed. Packages
/// of other people that the real one has are read from there, so that nothing is downloaded twice.
/// </summary>
internal sealed class Sandbox : IDisposable
{
    private readonly string root = Directory.CreateTempSubdirectory("gradcam-packages-").FullName;

    public Sandbox()
    {
        Home = Directory.CreateDirectory(Path.Combine(root, "home")).FullName;
        Checkout = Directory.CreateDirectory(Path.Combine(root, "checkout")).FullName;
        Work = Directory.CreateDirectory(Path.Combine(root, "work")).FullName;
        Feed = Directory.CreateDirectory(Path.Combine(Checkout, "artifacts", "package", "release")).FullName;
    }

    public string Home { get; }

    /// <summary>Stands for the user's checkout: the packages where dotnet pack puts them, and the samples.</summary>
    public string Checkout { get; }

    public string Work { get; }

    public string Feed { get; }

    /// <summary>Gives the home the real machine's package sources, and the real package folder as a fallback.</summary>
    public async Task AdoptSources(IEnumerable<string> own)
    {
        string said = await Run(Checkout, ["dotnet", "nuget", "locals", "global-packages", "--list"], real: true);
        string packages = said.Split(':', 2)[1].Trim();
        string real = Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "NuGet", "NuGet.Config");
        // The command above has made NuGet write its own defaults there where a machine had none.
        var config = File.Exists(real) ? XDocument.Load(real) : new XDocument(new XElement("configuration"));
        // A package of ours in the real folder would be found before the one under test.
        if (!own.Any(id => Directory.Exists(Path.Combine(packages, id.ToLowerInvariant()))))
        {
            var folderOfPackages = new XElement("add", new XAttribute("key", "machine"), new XAttribute("value", packages));
            config.Root!.Add(new XElement("fallbackPackageFolders", folderOfPackages));
        }

        string folder = Directory.CreateDirectory(Path.Combine(Home, ".nuget", "NuGet")).FullName;
        config.Save(Path.Combine(folder, "NuGet.Config"));
    }

    /// <summary>Runs a line as the README has it; only what a shell would do to "$PWD" and quotes is done.</summary>
    public Task<string> RunLine(string folder, string line) =>
        Run(folder, [.. line.Replace("$PWD", folder, StringComparison.Ordinal)
            .Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(w => w.Trim('"'))]);

    /// <summary>Runs a command and returns what it wrote to standard output; the test fails where the command does.</summary>
    /// <param name="folder">Where.</param>
    /// <param name="words">The program and its arguments.</param>
    /// <param name="real">Whether in the real home.</param>
    public async Task<string> Run(string folder, string[] words, bool real = false)
    {
        string tool = Path.Combine(Home, ".dotnet", "tools", words[0]);
        var start = new ProcessStartInfo(File.Exists(tool) ? tool : words[0], words[1..])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
        };
        // The build that runs this test leaves its own paths and options in the environment.
        var inherited = start.Environment.Keys.Where(k =>
            k.StartsWith("MSBuild", StringComparison.OrdinalIgnoreCase) || k.StartsWith("TESTINGPLATFORM", StringComparison.Ordinal));
        foreach (string name in inherited.ToList())
            start.Environment.Remove(name);
        foreach (var (name, value) in (ReadOnlySpan<(string, string)>)[
            ("DOTNET_CLI_TELEMETRY_OPTOUT", "1"), ("DOTNET_NOLOGO", "1"), ("DOTNET_GENERATE_ASPNET_CERTIFICATE", "false"),
            ("DOTNET_CLI_UI_LANGUAGE", "en"), ("MSBUILDDISABLENODEREUSE", "1"), ("UseSharedCompilation", "false")])
            start.Environment[name] = value;
        if (!real)
        {
            start.Environment["HOME"] = Home;
            start.Environment["DOTNET_CLI_HOME"] = Home;
            start.Environment["NUGET_PACKAGES"] = Path.Combine(Home, ".nuget", "packages");
        }

        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
            Assert.Fail($"'{string.Join(' ', words)}' ended with {process.ExitCode}:\n{await output}\n{await errors}");
        return await output;
    }

    public void Dispose() => Directory.Delete(root, recursive: true);
}
