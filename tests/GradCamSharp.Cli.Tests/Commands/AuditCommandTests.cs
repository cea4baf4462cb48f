using System.Text.Json;
using GradCamSharp.Scenes;

namespace GradCamSharp.Cli.Tests.Commands;

public sealed class AuditCommandTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory().FullName;

    [Fact]
    public void Audit_OfScenes_SaysWhatItFoundAndGoesOn()
    {
        string data = Path.Combine(folder, "scenes"), output = Path.Combine(folder, "audit");
        SceneDataSet.Write(
            data, new SceneOptions { Count = 6, Seed = 3, SingleShare = 1, Size = 96 },
            cancellationToken: TestContext.Current.CancellationToken);
        string[] command = ["audit", "scenes-resnet", data, "--image-set", "trainval", "--output", output, "--fail-on", "mark"];
        var first = CommandLine.RunTool(command);
        Assert.Equal(0, first.ExitCode);
        Assert.Contains("5 pictures", first.Output, StringComparison.Ordinal);
        Assert.Contains("Nothing stands out", first.Output, StringComparison.Ordinal);
        Assert.Contains("fewer than 32 pictures", first.Output, StringComparison.Ordinal);
        Assert.Contains("What an audit does not see", first.Output, StringComparison.Ordinal);
        byte[] found = File.ReadAllBytes(Path.Combine(output, "findings.json"));

        var again = CommandLine.RunTool([.. command, "--json"]);
        Assert.Contains("5 of 5 pictures are there already", again.Errors, StringComparison.Ordinal);
        Assert.Equal(5, again.Json.GetProperty("pictures").GetInt32());
        Assert.Equal(found, File.ReadAllBytes(Path.Combine(output, "findings.json")));
        Assert.Equal(JsonValueKind.Array, again.Json.GetProperty("findings").ValueKind);

        var scored = CommandLine.RunTool([.. command, "--score"]);
        Assert.Equal(1, scored.ExitCode);
        Assert.Contains("plant.json", scored.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--level", "0")]
    [InlineData("--per-class", "0")]
    [InlineData("--limit", "0")]
    [InlineData("--fail-on", "everything")]
    [InlineData("--explain", "nothing")]
    [InlineData("--method", "no-such-method")]
    public void Audit_WithAWrongOption_SaysWhich(string option, string value)
    {
        var result = CommandLine.RunTool("audit", "scenes-resnet", folder, option, value);
        Assert.Equal(2, result.ExitCode);
        Assert.Contains(option == "--method" ? value : option, result.Errors, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);
}
