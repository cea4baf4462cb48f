using System.Diagnostics;

namespace GradCamSharp.Cli.Tests.Deploy;

/// <summary>
/// A plain Debian without .NET, made by debootstrap in a folder, and the project's sources as .dockerignore lets them through. Tests that
/// need it are skipped where it cannot be made.
/// </summary>
internal sealed class BareDebian : IDisposable
{
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(30);

    private readonly string work = Directory.CreateTempSubdirectory("gradcam-debian-").FullName;

    /// <summary>The system's root.</summary>
    public string Root => Path.Combine(work, "root");

    /// <summary>A copy of the sources, so that what is published from them leaves the checkout as it is.</summary>
    public string Source => Path.Combine(work, "source");

    /// <summary>Skips the test where a Debian cannot be made.</summary>
    public static void SkipWhereImpossible()
    {
        foreach (string program in (string[])["debootstrap", "unshare", "chroot"])
        {
            if (!Places().Any(folder => File.Exists(Path.Combine(folder, program))))
                Assert.Skip($"This test needs {program}, which is not installed.");
        }

        if (!Environment.IsPrivilegedProcess)
            Assert.Skip("debootstrap makes a system only as root.");
    }

    public void Dispose() => Directory.Delete(work, recursive: true);

    /// <summary>Makes the system.</summary>
    /// <param name="packages">What is added to the smallest Debian.</param>
    public async Task Make(params string[] packages)
    {
        string[] included = packages.Length > 0 ? [$"--include={string.Join(',', packages)}"] : [];
        await Succeed("debootstrap", ["--variant=minbase", .. included, "bookworm", Root]);
        Assert.False(File.Exists(Path.Combine(Root, "usr", "bin", "dotnet")));
        Assert.False(Directory.Exists(Path.Combine(Root, "usr", "share", "dotnet")));
    }

    /// <summary>Copies what .dockerignore lets through, and what else is named, and runs a line of the shell there.</summary>
    /// <param name="line">The line.</param>
    /// <param name="others">Files and folders of the repository.</param>
    public async Task Build(string line, params string[] others)
    {
        string root = SharedData.RepositoryRoot();
        var kept = File.ReadLines(Path.Combine(root, ".dockerignore")).Where(l => l.StartsWith('!')).Select(l => l[1..]);
        foreach (string name in kept.Concat(others))
            Copy(Path.Combine(root, name), Path.Combine(Source, name));
        await Succeed("sh", "-c", $"cd '{Source}' && {line}");
    }

    /// <summary>Runs a command in the system, in a mount space of its own, so that nothing stays mounted.</summary>
    /// <param name="user">Whose process it is.</param>
    /// <param name="folder">Where it runs.</param>
    /// <param name="variables">Its environment, beside PATH and HOME.</param>
    /// <param name="command">The command.</param>
    public Task Run(string user, string folder, string[] variables, params string[] command) => Succeed("unshare",
    [
        "--mount", "--pid", "--fork", "sh", "-c",
        """
        user=$1; folder=$2; shift 2
        mount -t proc proc "$0/proc" || exit
        exec chroot --userspec="$user" "$0" env -i -C "$folder" PATH=/usr/local/bin:/usr/bin:/bin HOME=/tmp "$@"
        """,
        Root, user, folder, .. variables, .. command,
    ]);

    /// <summary>Makes a folder of the system that everybody may write to.</summary>
    public string OpenFolder(string name)
    {
        string path = Directory.CreateDirectory(Path.Combine(Root, name)).FullName;
        // Afterwards: what a process creates is cut down by its mask.
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, (UnixFileMode)0b111_111_111);
        return path;
    }

    public static void Copy(string from, string to)
    {
        if (!Directory.Exists(from))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(to)!);
            File.Copy(from, to);
            return;
        }

        foreach (string entry in Directory.EnumerateFileSystemEntries(from))
        {
            if (Path.GetFileName(entry) is not ("bin" or "obj") and var name)
                Copy(entry, Path.Combine(to, name));
        }
    }

    private static IEnumerable<string> Places() => Environment.GetEnvironmentVariable("PATH")!.Split(':').Append("/usr/sbin");

    private static async Task Succeed(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["PATH"] = string.Join(':', Places());
        // A node that outlives the build would keep its output open, and the test waiting.
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        start.Environment["DOTNET_CLI_USE_MSBUILD_SERVER"] = "0";
        using var process = Process.Start(start)!;
        var token = TestContext.Current.CancellationToken;
        try
        {
            var errors = process.StandardError.ReadToEndAsync(token);
            string output = await process.StandardOutput.ReadToEndAsync(token).WaitAsync(Timeout, token);
            await process.WaitForExitAsync(token).WaitAsync(Timeout, token);
            Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)}: {output}{await errors}");
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }
    }
}
