using System.IO.Compression;
using System.Xml.Linq;
using GradCamSharp.Packages.Tests;

[assembly: AssemblyFixture(typeof(PackedFeed))]

namespace GradCamSharp.Packages.Tests;

/// <summary>The packages of the solution as it is built, in a sandbox.</summary>
public sealed class PackedFeed : IAsyncLifetime
{
    /// <summary>What dotnet pack is to make, and nothing else.</summary>
    public static readonly string[] Ids =
    [
        "GradCamSharp", "GradCamSharp.Audit", "GradCamSharp.DependencyInjection", "GradCamSharp.Evaluation",
        "GradCamSharp.Evaluation.Parquet", "GradCamSharp.Scenes", "GradCamSharp.Studies", "OnnxGrad", "gradcam",
    ];

    internal Sandbox Sandbox { get; } = new();

    /// <summary>The package files, without those of symbols.</summary>
    public IReadOnlyList<string> Packages => [.. Directory.EnumerateFiles(Sandbox.Feed, "*.nupkg").Order(StringComparer.Ordinal)];

    /// <summary>Opens the package of that id.</summary>
    public ZipArchive Open(string id) => ZipFile.OpenRead(Packages.Single(p => IdOf(p) == id));

    /// <summary>A package's description of itself.</summary>
    public static XElement Metadata(ZipArchive package)
    {
        using var nuspec = package.Entries.Single(e => e.Name.EndsWith(".nuspec", StringComparison.Ordinal)).Open();
        return XDocument.Load(nuspec).Root!.Elements().Single();
    }

    /// <summary>The text of one of its elements; null where it has none.</summary>
    public static string? Metadata(ZipArchive package, string element) =>
        Metadata(package).Elements().SingleOrDefault(e => e.Name.LocalName == element)?.Value;

    public async ValueTask InitializeAsync()
    {
        string repository = SharedData.RepositoryRoot();
        // bin/GradCamSharp.Packages.Tests/debug: what was built with this test is packed, so that nothing is built twice.
        string configuration = new DirectoryInfo(AppContext.BaseDirectory).Name;
        string[] pack = ["dotnet", "pack", "GradCamSharp.slnx", "--no-build", "-c", configuration, "-o", Sandbox.Feed, "-v", "q"];
        await Sandbox.Run(repository, pack, real: true);
        await Sandbox.AdoptSources(Ids);
        string samples = Directory.CreateDirectory(Path.Combine(Sandbox.Checkout, "samples")).FullName;
        foreach (string sample in Directory.EnumerateFiles(Path.Combine(repository, "samples")))
            File.Copy(sample, Path.Combine(samples, Path.GetFileName(sample)));
    }

    public ValueTask DisposeAsync()
    {
        Sandbox.Dispose();
        return ValueTask.CompletedTask;
    }

    private static string IdOf(string path)
    {
        using var package = ZipFile.OpenRead(path);
        return Metadata(package, "id")!;
    }
}
