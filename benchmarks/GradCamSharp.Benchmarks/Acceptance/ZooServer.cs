using System.Globalization;
using System.Net;

namespace GradCamSharp.Benchmarks.Acceptance;

/// <summary>Hands out one file for every path, also from its middle, as slowly as a network does.</summary>
internal sealed class ZooServer : IDisposable
{
    private const int Chunk = 1 << 18;

    private readonly HttpListener listener = new();
    private readonly string path;

    public ZooServer(string path)
    {
        this.path = path;
        int port = FreePort();
        Address = FormattableString.Invariant($"http://127.0.0.1:{port}");
        listener.Prefixes.Add(Address + "/");
        listener.Start();
        _ = Answer();
    }

    public string Address { get; }

    public void Dispose() => listener.Close();

    private static int FreePort()
    {
        using var probe = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    private async Task Answer()
    {
        while (listener.IsListening)
        {
            HttpListenerContext context;
            try
            {
                context = await listener.GetContextAsync();
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
            {
                return;
            }

            _ = Send(context);
        }
    }

    private async Task Send(HttpListenerContext context)
    {
        try
        {
            await using var file = File.OpenRead(path);
            long from = context.Request.Headers["Range"] is { } range && range.StartsWith("bytes=", StringComparison.Ordinal)
                ? long.Parse(range["bytes=".Length..].TrimEnd('-'), CultureInfo.InvariantCulture) : 0;
            if (from > 0)
            {
                context.Response.StatusCode = (int)HttpStatusCode.PartialContent;
                context.Response.Headers["Content-Range"] = FormattableString.Invariant($"bytes {from}-{file.Length - 1}/{file.Length}");
            }

            context.Response.Headers["ETag"] = "\"1\"";
            context.Response.ContentLength64 = file.Length - from;
            file.Position = from;
            byte[] chunk = new byte[Chunk];
            for (int read; (read = await file.ReadAsync(chunk)) > 0;)
            {
                await context.Response.OutputStream.WriteAsync(chunk.AsMemory(0, read));
                await Task.Delay(10);
            }

            context.Response.Close();
        }
        catch (Exception e) when (e is HttpListenerException or IOException)
        {
            // The client was killed.
        }
    }
}
