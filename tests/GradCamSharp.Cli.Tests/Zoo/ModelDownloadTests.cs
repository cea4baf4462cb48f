using System.Security.Cryptography;
using GradCamSharp.Cli.Zoo;

namespace GradCamSharp.Cli.Tests.Zoo;

public sealed class ModelDownloadTests : IDisposable
{
    private static readonly byte[] Content = RandomNumberGenerator.GetBytes(300_000);
    private static readonly ZooModel Model = new(
        "tiny", "folder/tiny.onnx", Content.Length, Convert.ToHexStringLower(SHA256.HashData(Content)), "MIT", "torch", true, "");

    private readonly string folder = Directory.CreateTempSubdirectory("gradcam-zoo-").FullName;
    private readonly List<string> said = [];

    private ModelStore Store => new(folder);

    private string Target => Store.PathOf(Model);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Get_WholeFile_IsThereWithPreprocessingAndLabels()
    {
        using var server = new LocalServer(_ => new LocalResponse(200, Content));
        Assert.Equal(Target, Get(server));
        Assert.Equal(Content, File.ReadAllBytes(Target));
        Assert.Equal(["labels.txt", "preprocessor_config.json", "tiny.onnx", "tiny.onnx.lock"],
            Directory.GetFiles(Path.GetDirectoryName(Target)!).Select(f => Path.GetFileName(f)!).Order(StringComparer.Ordinal));
        Assert.Equal("/folder/tiny.onnx", Assert.Single(server.Requests).Path);
        // The second time nothing is asked for.
        Get(server);
        Assert.Single(server.Requests);
    }

    [Fact]
    public void Get_ConnectionThatBreaks_GoesOnWhereItEnded()
    {
        int requests = 0;
        using var server = new LocalServer(request => requests++ == 0 ? Whole() with { StopAfter = 100_000 } : Rest(request));
        Get(server);
        Assert.Equal(Content, File.ReadAllBytes(Target));
        var second = server.Requests.Last();
        Assert.Equal("bytes=100000-", second.Headers["Range"]);
        Assert.Equal("\"v1\"", second.Headers["If-Range"]);
    }

    [Fact]
    public void Get_PartOfAnEarlierRun_IsGoneOnWith()
    {
        using (var server = new LocalServer(_ => Whole() with { StopAfter = 70_000 }))
        {
            var failure = Assert.Throws<IOException>(() => Get(server, attempts: 1));
            Assert.Contains("is kept", failure.Message, StringComparison.Ordinal);
            Assert.False(File.Exists(Target));
        }

        using var again = new LocalServer(Rest);
        Get(again);
        Assert.Equal("bytes=70000-", Assert.Single(again.Requests).Headers["Range"]);
        Assert.Equal(Content, File.ReadAllBytes(Target));
    }

    [Fact]
    public void Get_ServerThatIgnoresRange_StartsAgain()
    {
        int requests = 0;
        using var server = new LocalServer(_ => requests++ == 0 ? Whole() with { StopAfter = 100_000 } : Whole());
        Get(server);
        Assert.Equal(Content, File.ReadAllBytes(Target));
    }

    [Fact]
    public void Get_PartOfAnotherVersion_IsThrownAwayAndFetchedWhole()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Target)!);
        // Without a tag the server cannot tell; the SHA-256 does.
        File.WriteAllBytes(Target + ".part", new byte[50_000]);
        using var server = new LocalServer(request => request.Headers.ContainsKey("Range") ? Rest(request) : Whole());
        Get(server);
        Assert.Equal(Content, File.ReadAllBytes(Target));
        Assert.Contains(said, s => s.Contains("does not fit", StringComparison.Ordinal));
    }

    [Fact]
    public void Get_WrongChecksum_LeavesNoFile()
    {
        byte[] wrong = [.. Content[..^1], (byte)(Content[^1] ^ 1)];
        using var server = new LocalServer(_ => new LocalResponse(200, wrong));
        var failure = Assert.Throws<IOException>(() => Get(server));
        Assert.Contains("SHA-256", failure.Message, StringComparison.Ordinal);
        Assert.Equal(["tiny.onnx.lock"], Directory.GetFiles(Path.GetDirectoryName(Target)!).Select(f => Path.GetFileName(f)!));
        Assert.Single(server.Requests);
    }

    [Fact]
    public void Get_NotFound_SaysWhatWasTriedAndWhatToDo()
    {
        using var server = new LocalServer(_ => new LocalResponse(404, []));
        var failure = Assert.Throws<IOException>(() => Get(server));
        Assert.Contains("404", failure.Message, StringComparison.Ordinal);
        Assert.Contains($"{server.Address}/folder/tiny.onnx", failure.Message, StringComparison.Ordinal);
        Assert.Contains($"put it at '{Target}'", failure.Message, StringComparison.Ordinal);
        Assert.Single(server.Requests);
    }

    [Fact]
    public void Get_ServerThatIsBusy_IsAskedAgain()
    {
        int requests = 0;
        using var server = new LocalServer(_ => requests++ == 0 ? new LocalResponse(503, []) : Whole());
        Get(server);
        Assert.Equal(Content, File.ReadAllBytes(Target));
    }

    [Fact]
    public void Get_Stall_EndsAfterTheTimeoutAndGoesOn()
    {
        int requests = 0;
        using var server = new LocalServer(request => requests++ == 0 ? Whole() with { StopAfter = 1000, Stalls = true } : Rest(request));
        // On a busy machine a good answer may take longer than the timeout too: there are attempts enough.
        Get(server, timeout: 0.5, attempts: 20);
        Assert.Equal(Content, File.ReadAllBytes(Target));
        Assert.Contains(said, s => s.Contains("Nothing came for 0.5 s", StringComparison.Ordinal));
    }

    [Fact]
    public void Get_Redirect_IsFollowed()
    {
        using var server = new LocalServer(request => request.Path == "/elsewhere"
            ? Whole()
            : new LocalResponse(302, []) { Headers = { ["Location"] = "/elsewhere" } });
        Get(server);
        Assert.Equal(Content, File.ReadAllBytes(Target));
    }

    [Theory]
    [InlineData(133)]
    [InlineData(300_001)]
    public void Get_OtherLength_IsRefusedBeforeItIsFetched(int length)
    {
        using var server = new LocalServer(_ => new LocalResponse(200, new byte[length]));
        var failure = Assert.Throws<IOException>(() => Get(server));
        Assert.Contains($"{length} bytes", failure.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(Target + ".part"));
    }

    [Fact]
    public void Get_NobodyListens_SaysSo()
    {
        string address;
        using (var server = new LocalServer(_ => Whole()))
            address = server.Address;
        var options = new DownloadOptions { Address = address, Attempts = 2 };
        var failure = Assert.Throws<IOException>(() => Store.Get(Model, options, said.Add, Token));
        Assert.Contains("tried 2 times", failure.Message, StringComparison.Ordinal);
        Assert.Contains("Without a network", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Get_Cancelled_KeepsThePart()
    {
        using var stop = new CancellationTokenSource();
        using var server = new LocalServer(_ =>
        {
            stop.CancelAfter(TimeSpan.FromMilliseconds(300));
            return Whole() with { StopAfter = 1000, Stalls = true };
        });
        var options = new DownloadOptions { Address = server.Address };
        Assert.ThrowsAny<OperationCanceledException>(() => Store.Get(Model, options, said.Add, stop.Token));
        Assert.False(File.Exists(Target));
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task Get_FromTwoSides_FetchesOnce()
    {
        using var server = new LocalServer(_ => Whole());
        await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => Task.Run(
            () => Store.Get(Model, new DownloadOptions { Address = server.Address }, _ => { }, Token), Token)));
        Assert.Single(server.Requests);
        Assert.Equal(Content, File.ReadAllBytes(Target));
    }

    [Fact]
    public void Verify_DamagedFile_IsFound()
    {
        using var server = new LocalServer(_ => Whole());
        Get(server);
        Assert.True(Store.Verify(Model));
        File.WriteAllBytes(Target, new byte[Content.Length]);
        Assert.False(Store.Verify(Model));
    }

    private static LocalResponse Whole() => new(200, Content) { Headers = { ["ETag"] = "\"v1\"" } };

    /// <summary>What a server that knows ranges answers.</summary>
    private static LocalResponse Rest(LocalRequest request)
    {
        int from = int.Parse(request.Headers["Range"]["bytes=".Length..^1], System.Globalization.CultureInfo.InvariantCulture);
        return new LocalResponse(206, Content[from..])
        {
            Headers = { ["ETag"] = "\"v1\"", ["Content-Range"] = $"bytes {from}-{Content.Length - 1}/{Content.Length}" },
        };
    }

    private string Get(LocalServer server, double timeout = 30, int attempts = 3) =>
        Store.Get(
            Model, new DownloadOptions { Address = server.Address, Timeout = TimeSpan.FromSeconds(timeout), Attempts = attempts },
            said.Add, Token);
}
