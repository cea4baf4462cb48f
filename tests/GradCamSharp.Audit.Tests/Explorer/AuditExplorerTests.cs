using System.Text.Json;
using System.Text.RegularExpressions;
using GradCamSharp.Audit.Explorer;
using GradCamSharp.Audit.Results;
using GradCamSharp.Imaging;

namespace GradCamSharp.Audit.Tests.Explorer;

public sealed partial class AuditExplorerTests : IDisposable
{
    private readonly string root = Directory.CreateTempSubdirectory("explorer").FullName;

    private string Folder => Path.Combine(root, "audit");

    public void Dispose() => Directory.Delete(root, recursive: true);

    [Fact]
    public void Write_Twice_SameBytesAndNoFileOfTheFirst()
    {
        var result = SampleAudit.Make(Path.Combine(root, "pictures"));
        Write(result);
        var first = Contents();
        File.WriteAllText(Path.Combine(Folder, "explorer", "pictures", "000999.jpg"), "of an earlier audit");
        Write(result);
        Assert.Equal(first, Contents());
    }

    [Fact]
    public void Write_DataJs_HasEachPictureOnceClassByClass()
    {
        var result = SampleAudit.Make(Path.Combine(root, "pictures"));
        // Classes come by suspicion, not by number.
        Write(result with { Classes = [result.Classes[1], result.Classes[0], result.Classes[2]] });
        using var data = Data();
        var pictures = data.RootElement.GetProperty("pictures");
        string[] ids = [.. pictures.GetProperty("id").EnumerateArray().Select(e => e.GetString()!)];
        string[] expected =
            [.. ((int[])[1, 0, 2]).SelectMany(c => result.Pictures.Where(p => p.Class == c)).Select(p => p.Id)];
        Assert.Equal(expected, ids);
        Assert.Equal("key", data.RootElement.GetProperty("classes")[0].GetProperty("label").GetString());
        Assert.Equal(12, data.RootElement.GetProperty("classes")[1].GetProperty("first").GetInt32());
        var finding = data.RootElement.GetProperty("findings")[0];
        string[] members = [.. finding.GetProperty("pictures").EnumerateArray().Select(e => ids[e.GetInt32()])];
        Assert.Equal(result.Findings[0].Pictures.Select(i => result.Pictures[i].Id), members);
        Assert.Equal(1, finding.GetProperty("slot").GetInt32());
        Assert.Equal("same-mark", finding.GetProperty("kind").GetString());
        // The last class was not scanned: it has no places.
        Assert.Equal(JsonValueKind.Null, pictures.GetProperty("where").EnumerateArray().Last().ValueKind);
        Assert.Equal(ids.Length, Directory.GetFiles(Path.Combine(Folder, "explorer", "pictures")).Length);
    }

    [Fact]
    public void Write_ClassFile_HoldsMapsInBytesAndNeighboursByPlace()
    {
        Write(SampleAudit.Make(Path.Combine(root, "pictures")));
        string text = File.ReadAllText(Path.Combine(Folder, "explorer", "classes", "0.js"));
        using var data = JsonDocument.Parse(ClassCall().Match(text).Groups[1].Value);
        byte[] maps = data.RootElement.GetProperty("maps").GetBytesFromBase64();
        Assert.Equal(12 * 16, maps.Length);
        Assert.Equal((255, 0, 255), (maps[12], maps[5], maps[16 + 5]));
        Assert.Equal([1, 2, 3, 4, 5, 6, 7], data.RootElement.GetProperty("where")[0].EnumerateArray().Select(e => e.GetInt32()));
        var group = data.RootElement.GetProperty("clusters")[0].GetProperty("pictures");
        Assert.Equal([0, 3, 6, 9], group.EnumerateArray().Select(e => e.GetInt32()));
    }

    [Fact]
    public void Write_Script_IsOneWithoutModules()
    {
        Write(SampleAudit.Make(Path.Combine(root, "pictures")));
        string script = File.ReadAllText(Path.Combine(Folder, "explorer", "explorer.js"));
        Assert.DoesNotMatch(ModuleLine(), script);
        string page = File.ReadAllText(Path.Combine(Folder, "index.html"));
        Assert.Contains("model &lt;1&gt;.onnx", page, StringComparison.Ordinal);
        Assert.DoesNotContain("http", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_InputWiderThanThePicture_ShowsGreyAtItsEdges()
    {
        var result = SampleAudit.Make(Path.Combine(root, "pictures"));
        var box = result.Pictures[0] with
        {
            Geometry = new Geometry(new PixelSize(32, 32), new PixelSize(32, 32), new PixelBox(-8, -8, 48, 48)),
        };
        Write(result with { Pictures = result.Pictures.SetItem(0, box) });
        var shown = PictureDecoder.Decode(Path.Combine(Folder, "explorer", "pictures", "000000.jpg"));
        Assert.Equal(new PixelSize(48, 48), shown.Size);
        Assert.All(shown.Row(1).ToArray(), v => Assert.InRange(v, 120, 136));
        // The 29th row of the picture, whose rows grow by 7 from 0.
        Assert.All(shown.Row(36)[(3 * 10)..(3 * 38)].ToArray(), v => Assert.InRange(v, 180, 220));
    }

    [Fact]
    public void Write_APictureThatHasGone_IsGrey()
    {
        var result = SampleAudit.Make(Path.Combine(root, "pictures"));
        Write(result with { Pictures = result.Pictures.SetItem(3, result.Pictures[3] with { Path = Path.Combine(root, "gone.png") }) });
        var shown = PictureDecoder.Decode(Path.Combine(Folder, "explorer", "pictures", "000003.jpg"));
        Assert.All(shown.Pixels.ToArray(), v => Assert.InRange(v, 126, 130));
    }

    [Fact]
    public void Write_Nothing_IsAPageThatSaysSo()
    {
        var result = SampleAudit.Make(Path.Combine(root, "pictures"));
        Write(result with { Pictures = [], Classes = [], Findings = [], Leaks = [], Twins = [] });
        using var data = Data();
        Assert.Empty(data.RootElement.GetProperty("classes").EnumerateArray());
    }

    [Fact]
    public void Write_Cancelled_LeavesNoPage()
    {
        var result = SampleAudit.Make(Path.Combine(root, "pictures"));
        Assert.ThrowsAny<OperationCanceledException>(() => AuditExplorer.Write(result, Folder, new CancellationToken(canceled: true)));
        Assert.False(File.Exists(Path.Combine(Folder, "index.html")));
    }

    private void Write(AuditResult result) => AuditExplorer.Write(result, Folder, TestContext.Current.CancellationToken);

    private JsonDocument Data()
    {
        string text = File.ReadAllText(Path.Combine(Folder, "explorer", "data.js"));
        const string begin = "globalThis.audit = ", end = ";\n";
        Assert.StartsWith(begin, text, StringComparison.Ordinal);
        Assert.EndsWith(end, text, StringComparison.Ordinal);
        return JsonDocument.Parse(text[begin.Length..^end.Length]);
    }

    private Dictionary<string, string> Contents() => Directory.GetFiles(Folder, "*", SearchOption.AllDirectories)
        .ToDictionary(f => Path.GetRelativePath(Folder, f), f => Convert.ToBase64String(File.ReadAllBytes(f)));

    [GeneratedRegex(@"^auditClass\(0, (.*)\);\n$", RegexOptions.Singleline)]
    private static partial Regex ClassCall();

    [GeneratedRegex("^(import|export) ", RegexOptions.Multiline)]
    private static partial Regex ModuleLine();
}
