using System.Diagnostics;

namespace GradCamSharp.Benchmarks.Acceptance;

/// <summary>A server of gradcam on a free port of this machine.</summary>
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
    /// <param name="arguments">The command line, without the port.</param>
    /// <exception cref="InvalidOperationException">It ended before it listened.</exception>
    public static Task<Served> Start(params string[] arguments) => On(Tool.Usual.Start(null, [.. arguments, "--port", "0"]));

    /// <summary>Waits until a process says where it listens.</summary>
    public static async Task<Served> On(Process process)
    {
        for (string? line; (line = await process.StandardOutput.ReadLineAsync()) is not null;)
        {
            if (line.Split(' ').FirstOrDefault(word => word.StartsWith("http://", StringComparison.Ordinal)) is { } address)
                return new Served(process, new Uri(new Uri(address).GetLeftPart(UriPartial.Authority)));
        }

        throw new InvalidOperationException("gradcam did not say where it listens.");
    }

    public void Dispose()
    {
        Http.Dispose();
        process.Kill();
        process.WaitForExit();
        process.Dispose();
    }
}
