using System.Diagnostics;
using System.Globalization;

namespace GradCamSharp.Cli.Tests.Deploy;

/// <summary>
/// The image of deploy/kubernetes/Dockerfile, made without a container engine: what .dockerignore lets through is published as the file
/// says, into a plain Debian without .NET, and the manifests' own commands run in it.
/// </summary>
public sealed class ContainerTests : IDisposable
{
    private const int Parts = 2;
    private const string User = "1000:1000";
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(30);

    private readonly string work = Directory.CreateTempSubdirectory("gradcam-image-").FullName;

    private string Image => Path.Combine(work, "image");

    public void Dispose() => Directory.Delete(work, recursive: true);

    [Fact]
    public async Task Image_OfPlainDebian_ExplainsEvaluatesAndMerges()
    {
        foreach (string program in (string[])["debootstrap", "unshare", "chroot"])
        {
            if (!Places().Any(folder => File.Exists(Path.Combine(folder, program))))
                Assert.Skip($"This test needs {program}, which is not installed.");
        }

        if (!Environment.IsPrivilegedProcess)
            Assert.Skip("debootstrap makes a system only as root.");

        string published = Path.Combine(work, "published");
        // Both wait for the network and the disk: at the same time.
        await Task.WhenAll(
            Succeed("debootstrap", "--variant=minbase", "--include=ca-certificates", "bookworm", Image),
            Publish(published));
        Install(published);
        Assert.False(File.Exists(Path.Combine(Image, "usr", "bin", "dotnet")));
        Assert.False(Directory.Exists(Path.Combine(Image, "usr", "share", "dotnet")));

        await Inside([], "gradcam", "explain", "/data/umbrellas.jpg", "--output", "/runs/explained");
        Assert.NotEmpty(Directory.EnumerateFiles(Path.Combine(Image, "runs", "explained"), "*.png"));

        var evaluate = KubernetesTests.Read("evaluate.yaml").Spec.Template.Spec.Containers.Single();
        for (int i = 0; i < Parts; i++)
        {
            string[] variables = [Variable("JOB_COMPLETIONS", Parts), Variable("JOB_COMPLETION_INDEX", i)];
            await Inside(variables, [.. evaluate.Command, evaluate.Args[0], "--", "faithfulness", "/data"]);
            Assert.True(File.Exists(Path.Combine(Image, "runs", "vgg16", $"part-{i}", "summary.json")));
        }

        var merge = KubernetesTests.Read("merge.yaml").Spec.Template.Spec.Containers.Single();
        await Inside([], [.. merge.Command, .. merge.Args]);
        string records = File.ReadAllText(Path.Combine(Image, "runs", "vgg16", "whole", "records.csv"));
        string samples = Path.Combine(SharedData.RepositoryRoot(), "samples");
        Assert.All(Directory.EnumerateFiles(samples, "*.jpg"), f => Assert.Contains(Path.GetFileName(f), records));
        Assert.True(File.Exists(Path.Combine(Image, "runs", "vgg16", "whole", "report.html")));
    }

    /// <summary>Runs the Dockerfile's own line on what .dockerignore lets through.</summary>
    private async Task Publish(string output)
    {
        string root = SharedData.RepositoryRoot(), source = Path.Combine(work, "source");
        var kept = File.ReadLines(Path.Combine(root, ".dockerignore")).Where(l => l.StartsWith('!')).Select(l => l[1..]);
        foreach (string name in kept)
            Copy(Path.Combine(root, name), Path.Combine(source, name));
        string line = File.ReadLines(Path.Combine(root, "deploy", "kubernetes", "Dockerfile"))
            .Single(l => l.StartsWith("RUN dotnet publish ", StringComparison.Ordinal))["RUN ".Length..];
        Assert.EndsWith("--output /gradcam", line);
        await Succeed("sh", "-c", $"cd '{source}' && {line.Replace("/gradcam", $"'{output}'", StringComparison.Ordinal)}");
    }

    private static void Copy(string from, string to)
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

    private void Install(string published)
    {
        Directory.Move(published, Path.Combine(Image, "opt", "gradcam"));
        File.CreateSymbolicLink(Path.Combine(Image, "usr", "local", "bin", "gradcam"), "/opt/gradcam/gradcam");
        Copy(Path.Combine(SharedData.RepositoryRoot(), "samples"), Path.Combine(Image, "data"));
        string runs = Path.Combine(Image, "runs");
        Directory.CreateDirectory(runs);
        // Afterwards: what a process creates is cut down by its mask.
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(runs, (UnixFileMode)0b111_111_111);
    }

    /// <summary>Runs a command in the image as its user, in a mount space of its own, so that nothing stays mounted.</summary>
    private Task Inside(string[] variables, params string[] command) => Succeed("unshare",
    [
        "--mount", "--pid", "--fork", "sh", "-c",
        """
        user=$1; shift
        mount -t proc proc "$0/proc" || exit
        exec chroot --userspec="$user" "$0" env -i -C /runs PATH=/usr/local/bin:/usr/bin:/bin HOME=/tmp "$@"
        """,
        Image, User, .. variables, .. command,
    ]);

    private static string Variable(string name, int value) => string.Create(CultureInfo.InvariantCulture, $"{name}={value}");

    private static IEnumerable<string> Places() => Environment.GetEnvironmentVariable("PATH")!.Split(':').Append("/usr/sbin");

    private static async Task Succeed(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["PATH"] = string.Join(':', Places());
        using var process = Process.Start(start)!;
        var token = TestContext.Current.CancellationToken;
        var errors = process.StandardError.ReadToEndAsync(token);
        string output = await process.StandardOutput.ReadToEndAsync(token).WaitAsync(Timeout, token);
        await process.WaitForExitAsync(token).WaitAsync(Timeout, token);
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)}: {output}{await errors}");
    }
}
