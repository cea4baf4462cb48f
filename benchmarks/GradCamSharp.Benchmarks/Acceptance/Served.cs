using System.Diagnostics;

namespace GradCamSharp.Benchmarks.Acceptance;

/// <summary>A <c>gradcam serve</c> on a free port of this machine.</summary>
internal sealed class Served : IDisposable
{
    private readonly Process process;

    private Served(Process process, Uri address)
    {
        this.process = process;
        Http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = address };
    }

    public HttpClient Http { get; }

    /// <summary>Starts it and waits until it says where it listens.</summary>
    public static async Task<Served> Start(params string[] arguments)
    {
        var process = Tool.Start(null, ["serve", "--port", "0", .. arguments]);
        for (string? line; (line = await process.StandardOutput.ReadLineAsync()) is not null;)
        {
            if (line.Split(' ').FirstOrDefault(word => word.StartsWith("http://", StringComparison.Ordinal)) is { } address)
                return new Served(process, new Uri(address));
        }

        throw new InvalidOperationException("gradcam serve did not say where it listens.");
    }

    public void Dispose()
    {
        Http.Dispose();
        process.Kill();
        process.WaitForExit();
        process.Dispose();
    }
}
