using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace GradCamSharp.Web.Hosting;

/// <summary>A Kestrel server that is bound, guarded and stopped as every server of the tool is.</summary>
public static class WebServer
{
    /// <summary>How long requests under way may take to end when the server stops.</summary>
    public static readonly TimeSpan ShutdownTime = TimeSpan.FromSeconds(5);

    // Kestrel itself answers larger ones without a reason; what lies between these and RequestLimits' gets one.
    private const int LargestHeaders = 256 << 10, LargestRequestLine = 64 << 10;

    /// <summary>
    /// A builder that knows nothing of the environment: no settings files, no variables. Warnings and errors go to standard error.
    /// </summary>
    /// <param name="binding">Where it listens.</param>
    /// <param name="largestBody">The most bytes of a request's body.</param>
    public static WebApplicationBuilder CreateBuilder(Binding binding, long largestBody)
    {
        ArgumentNullException.ThrowIfNull(binding);
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = "gradcam" });
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = largestBody;
            kestrel.Limits.MaxRequestHeadersTotalSize = LargestHeaders;
            kestrel.Limits.MaxRequestHeaderCount = 1000;
            kestrel.Limits.MaxRequestLineSize = LargestRequestLine;
            kestrel.Limits.MaxConcurrentConnections = 1024;
            kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(15);
            kestrel.ConfigureEndpointDefaults(listen => listen.Protocols = HttpProtocols.Http1);
            if (binding.Address is { } address)
                kestrel.Listen(address, binding.Port);
            else
                kestrel.ListenAnyIP(binding.Port);
        });
        builder.Services.AddRoutingCore();
        // Where the server was started, beside what else it says there; the address stands on standard output.
        builder.Logging.SetMinimumLevel(LogLevel.Warning).AddConsole(log => log.LogToStandardErrorThreshold = LogLevel.Trace);
        // What clients do wrong is answered, not logged; what we do wrong the exception handler logs.
        builder.Logging.AddFilter("Microsoft.AspNetCore.Server.Kestrel", LogLevel.Critical);
        // A start that fails is the caller's to report, in one line.
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = ShutdownTime);
        return builder;
    }

    /// <summary>
    /// Builds the application, with what guards every request in front of its endpoints: reasons for errors, security headers, limits,
    /// access.
    /// </summary>
    /// <param name="builder">From <see cref="CreateBuilder"/>.</param>
    /// <param name="binding">The same binding.</param>
    /// <param name="guide">What to do about an address at which there is nothing, in a sentence.</param>
    /// <returns>The application, to which endpoints are added; the caller disposes.</returns>
    public static WebApplication Build(WebApplicationBuilder builder, Binding binding, string guide)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var app = builder.Build();
        app.UseMiddleware<SecurityHeaders>();
        Reasons.Use(app, guide);
        app.UseMiddleware<RequestLimits>();
        app.UseRouting();
        app.UseMiddleware<AccessGate>(binding);
        return app;
    }

    /// <summary>
    /// Starts the server, prints one line with its address, and runs until it is told to stop. Requests under way may end.
    /// </summary>
    /// <param name="app">From <see cref="Build"/>.</param>
    /// <param name="binding">The same binding.</param>
    /// <param name="output">Where the line goes.</param>
    /// <param name="cancellationToken">Stops the server.</param>
    /// <exception cref="IOException">The address cannot be listened on.</exception>
    public static async Task RunAsync(WebApplication app, Binding binding, TextWriter output, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(app);
        ArgumentNullException.ThrowIfNull(binding);
        ArgumentNullException.ThrowIfNull(output);
        try
        {
            await app.StartAsync(cancellationToken);
        }
        catch (IOException e)
        {
            throw new IOException($"{e.Message} Choose another port (0 takes a free one) or another address of this machine.", e);
        }

        await output.WriteLineAsync(Greeting(app, binding));
        await output.FlushAsync(CancellationToken.None);
        var stopping = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var stopped = app.Lifetime.ApplicationStopping.Register(stopping.SetResult);
        using var cancelled = cancellationToken.Register(app.Lifetime.StopApplication);
        await stopping.Task;
        using var timeout = new CancellationTokenSource(ShutdownTime);
        await app.StopAsync(timeout.Token);
    }

    /// <summary>
    /// The address at which the server answers: with the port that it was given, and a name that this machine understands.
    /// </summary>
    /// <param name="app">A server that has started.</param>
    public static Uri AddressOf(WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
        var bound = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        bool isAny = IPAddress.TryParse(bound.Host.Trim('[', ']'), out var address)
            && (address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any));
        return isAny ? new UriBuilder(bound) { Host = "localhost" }.Uri : bound;
    }

    private static string Greeting(WebApplication app, Binding binding)
    {
        var address = AddressOf(app);
        string on = binding.Address?.ToString() ?? "all addresses";
        return binding switch
        {
            { Token: null } => $"{address} (Ctrl+C stops it)",
            { IsTokenGenerated: true } => string.Create(
                CultureInfo.InvariantCulture, $"{address}?token={binding.Token} (on {on}; Ctrl+C stops it)"),
            _ => string.Create(CultureInfo.InvariantCulture, $"{address} (on {on}, with the token given; Ctrl+C stops it)"),
        };
    }
}
