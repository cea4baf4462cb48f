using GradCamSharp.Cli.Commands;

namespace GradCamSharp.Cli.Tests.Commands;

public sealed class AuditServeCommandTests
{
    [Fact]
    public void Serve_FolderWithoutAPage_SaysWhatIsMissing()
    {
        string folder = Directory.CreateTempSubdirectory("no-audit").FullName;
        var result = CommandLine.Run(AuditServeCommand.Create(), folder);
        Directory.Delete(folder);
        Assert.Equal(1, result.ExitCode);
        Assert.Contains($"'{folder}' holds no page of an audit: index.html", result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Serve_PortThatIsNone_IsWrongUsage()
    {
        var result = CommandLine.Run(AuditServeCommand.Create(), "audit", "--port", "70000");
        Assert.Equal(2, result.ExitCode);
        Assert.StartsWith("There is no port 70000.", result.Errors, StringComparison.Ordinal);
    }
}
