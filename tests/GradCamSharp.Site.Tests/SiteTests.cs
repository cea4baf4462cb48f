using System.Text.RegularExpressions;
using GradCamSharp.Imaging;
using GradCamSharp.Methods;

namespace GradCamSharp.Site.Tests;

public sealed class SiteTests : IDisposable
{
    private static readonly string Root = SharedData.RepositoryRoot();
    private readonly string folder = Directory.CreateTempSubdirectory("gradcam-site-").FullName;

    public static TheoryData<string> Methods => [.. CamMethods.All.Select(m => m.Name)];

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [MemberData(nameof(Methods))]
    public void MethodPage_OfEveryMethod_IsCurrentAndSaysWhenToUseIt(string name)
    {
        var method = CamMethods.Parse(name).Single();
        if (Environment.GetEnvironmentVariable("GRADCAM_UPDATE_DOCS") == "1")
            File.WriteAllText(Path.Combine(Root, MethodPages.PathOf(method)), MethodPages.Current(Root, method));
        string page = File.ReadAllText(Path.Combine(Root, MethodPages.PathOf(method))).ReplaceLineEndings("\n");
        Assert.Equal(MethodPages.Current(Root, method), page);
        foreach (string heading in (string[])["## When to use\n\n- ", "## When not to\n\n- ", "## Source\n\n"])
            Assert.Contains(heading, MethodPages.Written(page), StringComparison.Ordinal);

        string picture = Path.Combine(Root, "docs/images/methods", MethodPages.FileName(method) + ".jpg");
        Assert.Equal(new PixelSize(480, 240), PictureDecoder.Decode(picture).Size);
        Assert.InRange(new FileInfo(picture).Length, 5_000, 60_000);
    }

    [Fact]
    public void MethodPages_AreThoseOfTheMethods() => Assert.Equal(
        CamMethods.All.Select(m => Path.GetFileName(MethodPages.PathOf(m))).Append("contact-sheets.md").Order(StringComparer.Ordinal),
        Directory.EnumerateFiles(Path.Combine(Root, "docs/methods")).Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal));

    [Fact]
    public void Build_OfTheRepository_HasEveryPageNoBrokenLinkAndNothingFromElsewhere()
    {
        Assert.Empty(SiteBuilder.Build(Root, folder));
        string index = File.ReadAllText(Path.Combine(folder, "index.html"));
        foreach (string document in Directory.EnumerateFiles(Path.Combine(Root, "docs"), "*.md"))
            Assert.Contains($"href=\"docs/{Path.GetFileNameWithoutExtension(document)}.html\"", index, StringComparison.Ordinal);
        foreach (string file in Directory.EnumerateFiles(folder, "*.html", SearchOption.AllDirectories))
        {
            foreach (Match link in Regex.Matches(File.ReadAllText(file), "<(img|script|link)[^>]*(src|href)=\"([^\"]*)\""))
                Assert.True(
                    File.Exists(Path.Combine(Path.GetDirectoryName(file)!, Uri.UnescapeDataString(link.Groups[3].Value))),
                    $"{file} needs {link.Groups[3].Value}.");
        }
    }
}
