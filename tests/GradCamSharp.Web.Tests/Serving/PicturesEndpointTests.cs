using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using GradCamSharp.Web.Hosting;
using GradCamSharp.Web.Serving;
using GradCamSharp.Web.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace GradCamSharp.Web.Tests.Serving;

public sealed class PicturesEndpointTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    [Fact]
    public async Task Keep_Picture_IsExplainedByItsHandleAsIfItWereSent()
    {
        var kept = await Keep();
        Assert.Equal((480, 480), (kept.GetProperty("width").GetInt32(), kept.GetProperty("height").GetInt32()));
        string query = $"?method=gradcam&class=1&maps=float32&picture={kept.GetProperty("picture").GetString()}";
        using var response = await api.Client.PostAsync("/api/explain" + query, null);
        var byHandle = JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;
        var sent = await api.Explain("?method=gradcam&class=1&maps=float32");
        Assert.Equal(sent.GetProperty("results").GetRawText(), byHandle.GetProperty("results").GetRawText());
    }

    [Fact]
    public async Task Forget_Handle_IsGoneFromThen()
    {
        string handle = (await Keep()).GetProperty("picture").GetString()!;
        Assert.Equal(HttpStatusCode.NoContent, (await api.Client.DeleteAsync($"/api/pictures/{handle}")).StatusCode);
        using var response = await api.Client.PostAsync($"/api/explain?picture={handle}", null);
        Assert.Equal(HttpStatusCode.Gone, response.StatusCode);
        Assert.Contains("Send it again", await RunningServer.Reason(response));
        Assert.Equal(HttpStatusCode.NoContent, (await api.Client.DeleteAsync($"/api/pictures/{handle}")).StatusCode);
    }

    [Fact]
    public async Task Keep_NoPicture_IsRefusedAsByExplain()
    {
        using var response = await api.Client.PostAsync("/api/pictures", ApiFixture.Form("no picture"u8.ToArray()));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, response.StatusCode);
    }

    [Fact]
    public async Task SlowSenders_HoldNeitherPlacesNorMoreThanTheMemory()
    {
        const int senders = 12, sent = 3_000_000;
        var options = ApiFixture.Options("scenes-vgg") with
        {
            PictureMemory = 20 << 20,
            QueueLength = 0,
            Timeout = TimeSpan.FromMinutes(2),
        };
        var (app, client) = await ApiFixture.Start(options);
        await using var _ = app;
        var address = WebServer.AddressOf(app);
        var sockets = Enumerable.Range(0, senders).Select(_ => new TcpClient()).ToList();
        try
        {
            byte[] part = [.. "--b\r\nContent-Disposition: form-data; name=\"image\"; filename=\"a.jpg\"\r\n\r\n"u8, .. new byte[sent]];
            foreach (var socket in sockets)
            {
                await socket.ConnectAsync(address.Host, address.Port);
                string head = string.Create(CultureInfo.InvariantCulture, $"Content-Length: {part.Length + 1000}\r\n\r\n");
                await socket.GetStream().WriteAsync(Encoding.ASCII.GetBytes(
                    $"POST /api/explain HTTP/1.1\r\nHost: localhost\r\nContent-Type: multipart/form-data; boundary=b\r\n{head}"));
                await socket.GetStream().WriteAsync(part);
            }

            // 36 MB do not fit into 20: the first have to go, and are told so.
            using var reader = new StreamReader(sockets[0].GetStream(), Encoding.ASCII, leaveOpen: true);
            Assert.StartsWith("HTTP/1.1 429 ", await reader.ReadLineAsync());
            string? line;
            do
                line = await reader.ReadLineAsync();
            while (line is not null && !line.StartsWith("Retry-After: ", StringComparison.Ordinal));
            Assert.NotNull(line);

            var memory = app.Services.GetRequiredService<PictureMemory>();
            Assert.InRange(memory.Used, 1, 20 << 20);
            // Nobody of them has a place in the queue.
            Assert.Equal(0, app.Services.GetRequiredService<ExplainQueue>().Present);
            using var response = await client.PostAsync("/api/explain", ApiFixture.Form(ApiFixture.Sample()));
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }
        finally
        {
            sockets.ForEach(s => s.Dispose());
            await app.StopAsync();
        }
    }

    [Fact]
    public void Create_MemoryBelowOnePicture_SaysHowMuchIsNeeded()
    {
        var options = ApiFixture.Options("scenes-vgg") with { PictureMemory = 1 << 20 };
        var error = Assert.Throws<ArgumentException>(() => ExplainServer.Create(options, Binding.Create()));
        Assert.Contains("at least 16 MiB", error.Message);
    }

    private async Task<JsonElement> Keep()
    {
        using var response = await api.Client.PostAsync("/api/pictures", ApiFixture.Form(ApiFixture.Sample()));
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        return JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;
    }
}
