using System.Net;
using System.Net.Sockets;
using System.Text;

namespace GradCamSharp.Cli.Tests;

/// <summary>A request as it came.</summary>
internal sealed record LocalRequest(string Method, string Path, IReadOnlyDictionary<string, string> Headers, byte[] Body);

/// <summary>An answer, and how it fails.</summary>
internal sealed record LocalResponse(int Status, byte[] Body)
{
    public Dictionary<string, string> Headers { get; init; } = [];

    /// <summary>After how many bytes of the body the server sends no more; null to send all.</summary>
    public int? StopAfter { get; init; }

    /// <summary>Whether it then keeps the connection open and silent; else it hangs up.</summary>
    public bool Stalls { get; init; }

    /// <summary>What Content-Length says; null for the truth.</summary>
    public long? ClaimedLength { get; init; }
}

/// <summary>An HTTP server on the loopback interface, one connection a request, whose every answer a test decides.</summary>
internal sealed class LocalServer : IDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stop = new();
    private readonly Func<LocalRequest, LocalResponse> answer;

    public LocalServer(Func<LocalRequest, LocalResponse> answer)
    {
        this.answer = answer;
        listener.Start();
        _ = AcceptAsync();
    }

    public string Address => $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}";

    /// <summary>The requests so far, in the order in which they came.</summary>
    public System.Collections.Concurrent.ConcurrentQueue<LocalRequest> Requests { get; } = new();

    public void Dispose()
    {
        stop.Cancel();
        listener.Dispose();
        stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await listener.AcceptTcpClientAsync(stop.Token);
                _ = ServeAsync(client, stop.Token);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
        }
    }

    private async Task ServeAsync(TcpClient client, CancellationToken token)
    {
        using (client)
        {
            try
            {
                var stream = client.GetStream();
                var request = await ReadAsync(stream, token);
                Requests.Enqueue(request);
                var response = answer(request);
                long claimed = response.ClaimedLength ?? response.Body.Length;
                var head = new StringBuilder(
                    $"HTTP/1.1 {response.Status} X\r\nConnection: close\r\nContent-Length: {claimed}\r\n");
                foreach (var (name, value) in response.Headers)
                    head.Append($"{name}: {value}\r\n");
                await stream.WriteAsync(Encoding.ASCII.GetBytes(head.Append("\r\n").ToString()), token);
                int sent = Math.Min(response.StopAfter ?? int.MaxValue, response.Body.Length);
                await stream.WriteAsync(response.Body.AsMemory(0, sent), token);
                if (response.Stalls)
                    await Task.Delay(Timeout.Infinite, token);
            }
            catch (Exception e) when (e is IOException or OperationCanceledException or SocketException)
            {
            }
        }
    }

    private static async Task<LocalRequest> ReadAsync(NetworkStream stream, CancellationToken token)
    {
        var head = new List<byte>();
        byte[] one = new byte[1];
        while (head.Count < 4 || !head.TakeLast(4).SequenceEqual("\r\n\r\n"u8.ToArray()))
        {
            await stream.ReadExactlyAsync(one, token);
            head.Add(one[0]);
        }

        string[] lines = Encoding.ASCII.GetString([.. head]).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        var headers = lines.Skip(1).Select(l => l.Split(": ", 2)).ToDictionary(l => l[0], l => l[1], StringComparer.OrdinalIgnoreCase);
        byte[] body = new byte[headers.TryGetValue("Content-Length", out string? length)
            ? int.Parse(length, System.Globalization.CultureInfo.InvariantCulture)
            : 0];
        await stream.ReadExactlyAsync(body, token);
        string[] first = lines[0].Split(' ');
        return new LocalRequest(first[0], first[1], headers, body);
    }
}
