using System.CommandLine;
using System.Security.Cryptography;
using GradCamSharp.Cli.CommandLine;
using GradCamSharp.Studies;
using GradCamSharp.Web.Hosting;
using GradCamSharp.Web.Studies;

namespace GradCamSharp.Cli.Commands;

/// <summary><c>gradcam study serve</c>: shows a study to participants, and their progress to the operator.</summary>
internal static class StudyServeCommand
{
    private const int DefaultPort = 5081;

    public static Command Create()
    {
        var folder = StudyCommand.Folder();
        var port = CommandOption.Of<int>("--port", "P", DefaultPort, "The port; 0 takes a free one.");
        var host = CommandOption.Of<string>(
            "--host", "H", "127.0.0.1", "The address to listen on: an IP address, localhost, or * for all.");
        var token = CommandOption.Of<string?>(
            "--token", "T",
            "The operator's password. Default: one is made up and printed. Participants need none: they have personal links.");
        var command = new Command("serve", "Shows a study to participants, and their progress to the operator.")
        {
            folder, port, host, token,
        };
        command.SetRun((parsed, cancellationToken) =>
        {
            string secret = parsed.GetValue(token) ?? RandomNumberGenerator.GetHexString(32, lowercase: true);
            var binding = UsageException.Check(() => Binding.Create(parsed.GetValue(host), parsed.GetValue(port), secret));
            string address = parsed.GetValue(token) is null ? $"operator?token={secret}" : "operator?token=... (with the token given)";
            Serve(parsed.GetValue(folder)!, binding, address, cancellationToken).GetAwaiter().GetResult();
            return CommandRun.Done;
        });
        return command;
    }

    private static async Task Serve(string folder, Binding binding, string operatorPage, CancellationToken cancellationToken)
    {
        var study = Study.Load(folder);
        using var store = AnswerStore.Open(folder, study);
        await using var app = StudyServer.Create(binding, folder, study, store);
        using var started = app.Lifetime.ApplicationStarted.Register(() =>
        {
            Console.Out.WriteLine($"{WebServer.AddressOf(app)}{operatorPage}");
            Console.Out.Flush();
            Console.Error.WriteLine(
                "That is the operator's page: it makes the participants' personal links. Ctrl+C stops the server; no answer is lost.");
        });
        await WebServer.RunAsync(app, binding, TextWriter.Null, cancellationToken);
    }
}
