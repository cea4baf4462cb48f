namespace GradCamSharp.Cli.Tests.Deploy;

/// <summary>The archive that deploy/archives/make.sh makes for this platform, unpacked in a Debian with nothing added.</summary>
public sealed class ArchiveTests
{
    [Fact]
    public async Task Archive_InABareDebian_ExplainsAPicture()
    {
        BareDebian.SkipWhereImpossible();
        using var debian = new BareDebian();
        string platform = System.Runtime.InteropServices.RuntimeInformation.RuntimeIdentifier;
        // Both wait for the network and the disk: at the same time.
        await Task.WhenAll(
            debian.Make(), debian.Build($"SOURCE_DATE_EPOCH=0 deploy/archives/make.sh {platform}", "deploy/archives"));
        string archive = Assert.Single(Directory.EnumerateFiles(Path.Combine(debian.Source, "artifacts", "archives"), "*.tar.gz"));
        Assert.EndsWith($"-{platform}.tar.gz", archive);
        string home = debian.OpenFolder("unpacked");
        File.Copy(archive, Path.Combine(home, "gradcam.tar.gz"));
        File.Copy(Path.Combine(SharedData.RepositoryRoot(), "samples", "umbrellas.jpg"), Path.Combine(home, "umbrellas.jpg"));

        await debian.Run("1000:1000", "/unpacked", [], "tar", "xzf", "gradcam.tar.gz", "--strip-components=1");
        await debian.Run("1000:1000", "/unpacked", [], "./gradcam", "explain", "umbrellas.jpg");
        Assert.NotEmpty(Directory.EnumerateFiles(Path.Combine(home, "explanations"), "umbrellas.*.overlay.png"));
        Assert.All((string[])["LICENSE", "NOTICE"], name => Assert.True(File.Exists(Path.Combine(home, name))));
        Assert.NotEmpty(Directory.EnumerateFiles(Path.Combine(home, "notices", "SkiaSharp")));
    }
}
