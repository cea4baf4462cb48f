using System.CommandLine;
using GradCamSharp.Cli.CommandLine;
using GradCamSharp.Web.Audits;
using GradCamSharp.Web.Hosting;

namespace GradCamSharp.Cli.Commands;

/// <summary><c>gradcam audit serve</c>: shows an audit in the browser and keeps what is said of its findings.</summary>
internal static class AuditServeCommand
{
    private const int DefaultPort = 5082;

    public static Command Create()
    {
        var folder = new Argument<string>("FOLDER") { Description = "The audit's folder." };
        var port = CommandOption.Of<int>("--port", "P", DefaultPort, "The port; 0 takes a free one.");
        var host = CommandOption.Of<string>(
            "--host", "H", "127.0.0.1", "The address to listen on: an IP address, localhost, or * for all.");
        var token = CommandOption.Of<string?>(
            "--token", "T", "What visitors need to know. Default: none on this machine alone; else one is made up and printed.");
        var command = new Command("serve", "Shows an audit in the browser; what is said of its findings is kept in judged.json.")
        {
            folder, port, host, token,
        };
        command.SetRun((parsed, cancellationToken) =>
        {
            var binding = UsageException.Check(() =>
                Binding.Create(parsed.GetValue(host), parsed.GetValue(port), parsed.GetValue(token)));
            Serve(parsed.GetRequiredValue(folder), binding, cancellationToken).GetAwaiter().GetResult();
            return CommandRun.Done;
        });
        return command;
    }

    private static async Task Serve(string folder, Binding binding, CancellationToken cancellationToken)
    {
        await using var app = AuditServer.Create(binding, folder);
        await WebServer.RunAsync(app, binding, Console.Out, cancellationToken);
    }
}
