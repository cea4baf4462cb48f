using System.CommandLine;
using System.Globalization;
using GradCamSharp.Web.Hosting;
using GradCamSharp.Web.Serving;

namespace GradCamSharp.Cli.Commands;

/// <summary><c>gradcam serve</c>: the page and the HTTP API.</summary>
internal static class ServeCommand
{
    private const int DefaultPort = 5080;

    // The script at the repository's root says how it was called.
    private const string CommandVariable = "GRADCAM_COMMAND";

    public static Command Create()
    {
        var defaults = new ServeOptions { Models = [] };
        var models = new Option<string[]>("--model") { Description = "A model to serve: a file, NAME=FILE, or the name of a model that ships inside. May be repeated; the first is the default. Default: those that ship inside.", HelpName = "M" };
        var port = new Option<int>("--port") { Description = "The port; 0 takes a free one.", DefaultValueFactory = _ => DefaultPort, HelpName = "P" };
        var host = new Option<string>("--host") { Description = "The address to listen on: an IP address, localhost, or * for all. Beyond this machine a token is asked for.", DefaultValueFactory = _ => "127.0.0.1", HelpName = "H" };
        var token = new Option<string?>("--token") { Description = "What callers have to know. Default: none on this machine, elsewhere one is made up and printed.", HelpName = "T" };
        var megabytes = Number("--max-megabytes", "The largest file of a picture, in MiB.", (int)(defaults.LargestBody >> 20));
        var megapixels = Number("--max-megapixels", "The most pixels of a picture, in millions.", (int)(defaults.MostPixels / 1_000_000));
        var seconds = Number("--timeout", "How many seconds a request may be read, may wait, and may run: each.", (int)defaults.Patience.TotalSeconds);
        var queue = Number("--queue", "How many requests may wait; more are answered 429.", defaults.QueueLength);
        var runs = Number("--runs", "How many requests run at once.", defaults.Runs);
        var threads = new Option<int>("--threads") { Description = "Threads of the pool that all runs share. Default: all cores.", HelpName = "N" };
        var device = new Option<string>("--device") { Description = "cpu, cuda, directml or coreml.", DefaultValueFactory = _ => "cpu", HelpName = "D" };
        var command = new Command("serve", "Serves a page to look at explanations, and the HTTP API that it uses.")
        {
            models, port, host, token, megabytes, megapixels, seconds, queue, runs, threads, device,
        };
        command.SetRun((parsed, cancellationToken) =>
        {
            var binding = UsageException.Check(() => Binding.Create(parsed.GetValue(host), parsed.GetValue(port), parsed.GetValue(token)));
            var options = new ServeOptions
            {
                Models = Models(parsed.GetValue(models) ?? [], binding.IsLoopback && binding.Token is null, cancellationToken),
                Explainer = new ExplainerOptions { Threads = Within(parsed, threads, 0, 1024), Device = parsed.GetValue(device)! },
                Command = Environment.GetEnvironmentVariable(CommandVariable) is { Length: > 0 } called ? called : "gradcam",
                LargestBody = (long)Within(parsed, megabytes, 1, 1024) << 20,
                MostPixels = Within(parsed, megapixels, 1, 500) * 1_000_000L,
                Patience = TimeSpan.FromSeconds(Within(parsed, seconds, 1, 3600)),
                QueueLength = Within(parsed, queue, 0, 100_000),
                Runs = Within(parsed, runs, 1, 256),
            };
            Serve(options, binding, cancellationToken).GetAwaiter().GetResult();
            return CommandRun.Done;
        });
        return command;
    }

    private static async Task Serve(ServeOptions options, Binding binding, CancellationToken cancellationToken)
    {
        await Console.Error.WriteLineAsync($"Loading {string.Join(", ", options.Models.Select(m => m.Name))} ...");
        await using var app = ExplainServer.Create(options, binding);
        await WebServer.RunAsync(app, binding, Console.Out, cancellationToken);
    }

    /// <summary>The models that are named: NAME=FILE, a file by its own name, or one that ships inside.</summary>
    private static List<ModelSource> Models(string[] named, bool showPaths, CancellationToken cancellationToken) => named.Length == 0
        ? [.. ModelOptions.Shipped().Select(name => new ModelSource(name, ModelOptions.Resolve(name), name))]
        : [.. named.Select(text =>
        {
            int equals = File.Exists(text) ? -1 : text.IndexOf('=', StringComparison.Ordinal);
            string file = equals < 0 ? text : text[(equals + 1)..];
            string name = equals < 0 ? Path.GetFileNameWithoutExtension(text) : text[..equals];
            if (name.Length == 0 || file.Length == 0)
                throw new UsageException($"--model '{text}': give NAME=FILE, a file, or the name of a model that ships inside.");
            string path = ModelOptions.Resolve(file, cancellationToken);
            // Whoever is not sitting at this machine has no business with its folders.
            return new ModelSource(name, path, showPaths || path != file ? file : Path.GetFileName(file));
        })];

    private static Option<int> Number(string name, string description, int value) => new(name) { Description = description, DefaultValueFactory = _ => value, HelpName = "N" };

    private static int Within(ParseResult parsed, Option<int> option, int least, int most) => parsed.GetValue(option) is { } value && value >= least && value <= most
        ? value : throw new UsageException(string.Create(CultureInfo.InvariantCulture, $"{option.Name} takes a number from {least} to {most}."));
}
