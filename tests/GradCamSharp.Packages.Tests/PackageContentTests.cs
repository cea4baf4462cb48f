using System.IO.Compression;

namespace GradCamSharp.Packages.Tests;

public class PackageContentTests(PackedFeed feed)
{
    public static TheoryData<string> Ids => [.. PackedFeed.Ids];

    [Fact]
    public void Pack_OfTheSolution_MakesThesePackagesAndTheirSymbols()
    {
        string[] ids = [.. feed.Packages.Select(p =>
        {
            using var package = ZipFile.OpenRead(p);
            return PackedFeed.Metadata(package, "id")!;
        })];
        Assert.Equal(PackedFeed.Ids.Order(StringComparer.Ordinal), ids.Order(StringComparer.Ordinal));
        Assert.Equal(
            feed.Packages.Select(p => Path.ChangeExtension(p, ".snupkg")),
            Directory.EnumerateFiles(feed.Sandbox.Feed, "*.snupkg").Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void Package_Describes_ItselfAndItsLicence(string id)
    {
        using var package = feed.Open(id);
        Assert.Equal("Apache-2.0", PackedFeed.Metadata(package, "license"));
        Assert.Equal("README.md", PackedFeed.Metadata(package, "readme"));
        Assert.Equal("icon.png", PackedFeed.Metadata(package, "icon"));
        Assert.True(PackedFeed.Metadata(package, "description")!.Length > 40);
        Assert.Equal(feed.Packages.Select(VersionOf).Distinct(), [PackedFeed.Metadata(package, "version")!]);
        foreach (string file in (string[])["README.md", "icon.png", "LICENSE", "NOTICE"])
            Assert.True(package.GetEntry(file)?.Length > 100, $"{id} lacks {file}.");

        // Packages name no machine and no host of the source.
        Assert.Null(PackedFeed.Metadata(package, "projectUrl"));
        Assert.Null(PackedFeed.Metadata(package).Elements().SingleOrDefault(e => e.Name.LocalName == "repository")?.Attribute("url"));
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void Package_WithTheFont_HasItsLicence(string id)
    {
        using var package = feed.Open(id);
        bool hasFont = package.Entries.Any(e => e.Name == "GradCamSharp.dll");
        Assert.Equal(hasFont, package.GetEntry("LICENSE.DejaVu.txt") is not null);
    }

    [Fact]
    public void Library_HasDocumentationOfItsMembers()
    {
        foreach (string id in PackedFeed.Ids.Where(i => i != "gradcam"))
        {
            using var package = feed.Open(id);
            Assert.NotNull(package.GetEntry($"lib/net10.0/{id}.dll"));
            Assert.True(package.GetEntry($"lib/net10.0/{id}.xml")?.Length > 1000);
        }
    }

    [Fact]
    public void Tool_HoldsNetworksPlatformsAndNotices_AndNoMore()
    {
        using var package = feed.Open("gradcam");
        string[] files = [.. package.Entries.Select(e => e.FullName)];
        string models = Path.Combine(SharedData.RepositoryRoot(), "src/GradCamSharp.Cli/Models");
        foreach (string model in Directory.EnumerateFiles(models, "*.onnx"))
            Assert.Contains($"tools/net10.0/any/Models/{Path.GetFileName(model)}", files);
        foreach (string platform in (string[])["linux-x64", "linux-arm64", "win-x64", "win-arm64", "osx-arm64"])
        {
            string native = $"tools/net10.0/any/runtimes/{platform}/native/";
            Assert.Contains(files, f =>
                f.StartsWith(native, StringComparison.Ordinal) && f.Contains("onnxruntime", StringComparison.Ordinal));
            string skia = platform == "osx-arm64" ? "osx" : platform;
            Assert.Contains(files, f => f.StartsWith($"tools/net10.0/any/runtimes/{skia}/native/libSkiaSharp.", StringComparison.Ordinal));
        }

        foreach (string owner in (string[])["Microsoft.ML.OnnxRuntime", "SkiaSharp", "System.Numerics.Tensors"])
            Assert.Contains(files, f => f.StartsWith($"notices/{owner}", StringComparison.Ordinal));
        Assert.Contains("notices/LICENSES.txt", files);

        // Debug symbols of other people's libraries, and libraries for platforms that ONNX Runtime does not run on, were most of the size.
        Assert.DoesNotContain(files, f => f.Contains("/native/", StringComparison.Ordinal) && Path.GetExtension(f) is ".pdb" or ".lib");
        string packed = feed.Packages.Single(p => Path.GetFileName(p).StartsWith("gradcam.", StringComparison.Ordinal));
        Assert.InRange(new FileInfo(packed).Length, 10L << 20, 110L << 20);
    }

    private static string VersionOf(string path)
    {
        using var package = ZipFile.OpenRead(path);
        return PackedFeed.Metadata(package, "version")!;
    }
}
