using System.Net;
using System.Net.Http.Headers;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using System.Text;
using GradCamSharp.Web.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace GradCamSharp.Web.Tests.Hosting;

public sealed class WebServerTests
{
    private const string Token = "the-token-of-the-test";

    [Fact]
    public async Task AnyAnswer_CarriesSecurityHeadersAndNoServerName()
    {
        await using var server = await RunningServer.Start(Binding.Create(), Map);
        foreach (string path in (string[])["/", "/nothing-here", "/refused", "/defect"])
        {
            var response = await server.Client.GetAsync(path);
            string policy = response.Headers.GetValues("Content-Security-Policy").Single();
            Assert.Contains("default-src 'none'", policy);
            Assert.Contains("frame-ancestors 'none'", policy);
            Assert.DoesNotContain("unsafe", policy);
            Assert.Equal("nosniff", response.Headers.GetValues("X-Content-Type-Options").Single());
            Assert.Equal("no-referrer", response.Headers.GetValues("Referrer-Policy").Single());
            Assert.False(response.Headers.Contains("Server"));
        }
    }

    [Theory]
    [InlineData("GET", "/nothing-here", 404)]
    [InlineData("GET", "/../../etc/passwd", 404)]
    [InlineData("GET", "/%2e%2e%2f%2e%2e%2fetc%2fpasswd", 404)]
    [InlineData("DELETE", "/", 405)]
    [InlineData("GET", "/refused", 409)]
    public async Task RefusedRequest_GetsAReason(string method, string path, int status)
    {
        await using var server = await RunningServer.Start(Binding.Create(), Map);
        var response = await server.Client.SendAsync(new HttpRequestMessage(new HttpMethod(method), path));
        Assert.Equal(status, (int)response.StatusCode);
        Assert.NotEqual("", await RunningServer.Reason(response));
    }

    [Fact]
    public async Task Defect_IsNotToldToTheCaller()
    {
        await using var server = await RunningServer.Start(Binding.Create(), Map);
        var response = await server.Client.GetAsync("/defect");
        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        Assert.DoesNotContain("secret detail", await RunningServer.Reason(response));
    }

    [Fact]
    public async Task AnnouncedBodyBeyondTheLimit_GetsAReasonThoughItIsSent()
    {
        await using var server = await RunningServer.Start(Binding.Create(), Map);
        var response = await server.Client.PostAsync("/echo", new ByteArrayContent(new byte[5_000_000]));
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
        Assert.Contains("1000 bytes", await RunningServer.Reason(response));
    }

    [Fact]
    public async Task ChunkedBodyBeyondTheLimit_GetsAReason()
    {
        await using var server = await RunningServer.Start(Binding.Create(), Map);
        var request = new HttpRequestMessage(HttpMethod.Post, "/echo") { Content = new ByteArrayContent(new byte[2000]) };
        request.Headers.TransferEncodingChunked = true;
        var response = await server.Client.SendAsync(request);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
        Assert.NotEqual("", await RunningServer.Reason(response));
    }

    [Fact]
    public async Task LargeHeadersAndLongAddresses_GetAReason()
    {
        await using var server = await RunningServer.Start(Binding.Create(), Map);
        var request = new HttpRequestMessage(HttpMethod.Get, "/");
        request.Headers.Add("X-Large", new string('x', 100_000));
        var response = await server.Client.SendAsync(request);
        Assert.Equal(HttpStatusCode.RequestHeaderFieldsTooLarge, response.StatusCode);
        Assert.NotEqual("", await RunningServer.Reason(response));

        response = await server.Client.GetAsync("/" + new string('a', 20_000));
        Assert.Equal(HttpStatusCode.RequestUriTooLong, response.StatusCode);
        Assert.NotEqual("", await RunningServer.Reason(response));
    }

    [Fact]
    public async Task RandomBytesOnTheSocket_AreABadRequestAndTheServerLives()
    {
        await using var server = await RunningServer.Start(Binding.Create(), Map);
        var random = new Random(6);
        for (int i = 0; i < 50; i++)
        {
            byte[] bytes = new byte[random.Next(1, 400)];
            random.NextBytes(bytes);
            Assert.Matches(@"^(HTTP/1\.1 4\d\d |$)", await Raw(server.Address, [.. bytes, .. "\r\n\r\n"u8], hangUp: true));
        }

        Assert.Equal("hello", await server.Client.GetStringAsync("/"));
    }

    [Fact]
    public async Task OtherHostName_WithoutToken_IsRefused()
    {
        // What a name that an attacker points at 127.0.0.1 would send.
        await using var server = await RunningServer.Start(Binding.Create(), Map);
        byte[] foreign = "GET / HTTP/1.1\r\nHost: attacker.example\r\nConnection: close\r\n\r\n"u8.ToArray();
        Assert.StartsWith("HTTP/1.1 403 ", await Raw(server.Address, foreign));
        byte[] own = "GET / HTTP/1.1\r\nHost: LocalHost:1\r\nConnection: close\r\n\r\n"u8.ToArray();
        Assert.StartsWith("HTTP/1.1 200 ", await Raw(server.Address, own));
    }

    [Fact]
    public async Task PostFromAnotherSite_IsRefused()
    {
        await using var server = await RunningServer.Start(Binding.Create(), Map);
        var request = new HttpRequestMessage(HttpMethod.Post, "/echo");
        request.Headers.Add("Sec-Fetch-Site", "cross-site");
        Assert.Equal(HttpStatusCode.Forbidden, (await server.Client.SendAsync(request)).StatusCode);
    }

    [Fact]
    public async Task Token_IsAskedOfAllButOpenEndpoints()
    {
        await using var server = await RunningServer.Start(Binding.Create(token: Token), Map);
        Assert.Equal("alive", await server.Client.GetStringAsync("/open"));
        foreach (string path in (string[])["/", "/nothing-here", "/?token=wrong-token", "/?token="])
        {
            var response = await server.Client.GetAsync(path);
            Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
            Assert.Equal("Bearer", response.Headers.WwwAuthenticate.Single().Scheme);
            Assert.DoesNotContain(Token, await RunningServer.Reason(response));
        }
    }

    [Fact]
    public async Task Token_AsBearer_LetsThrough()
    {
        await using var server = await RunningServer.Start(Binding.Create(token: Token), Map);
        server.Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Token);
        Assert.Equal("hello", await server.Client.GetStringAsync("/"));
        server.Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Token + "x");
        Assert.Equal(HttpStatusCode.Unauthorized, (await server.Client.GetAsync("/")).StatusCode);
    }

    [Fact]
    public async Task Token_InThePagesAddress_BecomesACookieAndLeavesTheAddress()
    {
        await using var server = await RunningServer.Start(Binding.Create(token: Token), Map);
        var request = new HttpRequestMessage(HttpMethod.Get, $"/?a=1&token={Token}&b=x%20y");
        request.Headers.Accept.ParseAdd("text/html");
        var response = await server.Client.SendAsync(request);
        Assert.Equal(HttpStatusCode.SeeOther, response.StatusCode);
        Assert.Equal("/?a=1&b=x%20y", response.Headers.Location?.OriginalString);
        string cookie = response.Headers.GetValues("Set-Cookie").Single();
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=lax", cookie, StringComparison.OrdinalIgnoreCase);

        request = new HttpRequestMessage(HttpMethod.Get, "/");
        request.Headers.Add("Cookie", cookie.Split(';')[0]);
        Assert.Equal("hello", await (await server.Client.SendAsync(request)).Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task RunAsync_Cancelled_PrintsItsAddressAndLetsTheRequestUnderWayEnd()
    {
        var binding = Binding.Create();
        var (entered, release) = (new TaskCompletionSource(), new TaskCompletionSource());
        await using var app = WebServer.Build(WebServer.CreateBuilder(binding, 1000), binding, "");
        app.MapGet("/slow", async context =>
        {
            entered.SetResult();
            await release.Task;
            await context.Response.WriteAsync("ended well");
        });
        using var stop = new CancellationTokenSource();
        await using var output = new FirstLine();
        var run = WebServer.RunAsync(app, binding, output, stop.Token);
        string line = await output.Line;
        Assert.Matches(@"^http://127\.0\.0\.1:\d+/ \(", line);

        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        var answer = client.GetStringAsync(new Uri(new Uri(line.Split(' ')[0]), "/slow"));
        await entered.Task;
        await stop.CancelAsync();
        release.SetResult();
        Assert.Equal("ended well", await answer);
        await run;
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => client.GetStringAsync(new Uri(line.Split(' ')[0])));
    }

    [Fact]
    public async Task Star_AnswersByIPv4AndByIPv6()
    {
        await using var server = await RunningServer.Start(Binding.Create("*", token: Token), Map);
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        Assert.Equal("alive", await client.GetStringAsync(new Uri($"http://127.0.0.1:{server.Address.Port}/open")));
        if (!Socket.OSSupportsIPv6 || !HasLoopbackV6())
            Assert.Skip("This machine has no IPv6.");
        Assert.Equal("alive", await client.GetStringAsync(new Uri($"http://[::1]:{server.Address.Port}/open")));
    }

    [Fact]
    public async Task RunAsync_PortInUse_SaysWhatToDo()
    {
        await using var server = await RunningServer.Start(Binding.Create(), Map);
        var binding = Binding.Create(port: server.Address.Port);
        await using var app = WebServer.Build(WebServer.CreateBuilder(binding, 1000), binding, "");
        var error = await Assert.ThrowsAsync<IOException>(() => WebServer.RunAsync(app, binding, TextWriter.Null, CancellationToken.None));
        Assert.Contains("Choose another port", error.Message);
    }

    [Fact]
    public async Task EmbeddedAssets_KnowWhatTheBrowserHasAlready()
    {
        await using var server = await RunningServer.Start(Binding.Create(), app => new EmbeddedAssets("samples/").Map(app, "/samples/"));
        var response = await server.Client.GetAsync("/samples/umbrellas.jpg");
        Assert.Equal("image/jpeg", response.Content.Headers.ContentType?.MediaType);
        byte[] expected = await File.ReadAllBytesAsync(Path.Combine(SharedData.RepositoryRoot(), "samples", "umbrellas.jpg"));
        Assert.Equal(expected, await response.Content.ReadAsByteArrayAsync());

        var request = new HttpRequestMessage(HttpMethod.Get, "/samples/umbrellas.jpg");
        request.Headers.IfNoneMatch.Add(response.Headers.ETag!);
        Assert.Equal(HttpStatusCode.NotModified, (await server.Client.SendAsync(request)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await server.Client.GetAsync("/samples/..%2fumbrellas.jpg")).StatusCode);
    }

    private static bool HasLoopbackV6() => NetworkInterface.GetAllNetworkInterfaces()
        .SelectMany(n => n.GetIPProperties().UnicastAddresses).Any(a => a.Address.Equals(IPAddress.IPv6Loopback));

    private static void Map(WebApplication app)
    {
        app.MapGet("/", context => context.Response.WriteAsync("hello"));
        app.MapGet("/open", context => context.Response.WriteAsync("alive")).WithMetadata(OpenToAll.Mark);
        app.MapGet("/refused", context => throw new RefusedException(409, "no"));
        app.MapGet("/defect", context => throw new InvalidOperationException("secret detail"));
        app.MapPost("/echo", context => context.Request.Body.CopyToAsync(context.Response.Body));
    }

    private static async Task<string> Raw(Uri address, byte[] request, bool hangUp = false)
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(address.Host, address.Port);
        var stream = socket.GetStream();
        try
        {
            await stream.WriteAsync(request);
            if (hangUp)
                socket.Client.Shutdown(SocketShutdown.Send);
            using var reader = new StreamReader(stream, Encoding.Latin1);
            return await reader.ReadToEndAsync();
        }
        catch (IOException)
        {
            // The server may hang up on what is no HTTP.
            return "";
        }
    }

    /// <summary>Waits for the first line written.</summary>
    private sealed class FirstLine : StringWriter
    {
        private readonly TaskCompletionSource<string> line = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<string> Line => line.Task;

        public override Task WriteLineAsync(string? value)
        {
            line.TrySetResult(value ?? "");
            return Task.CompletedTask;
        }
    }
}
