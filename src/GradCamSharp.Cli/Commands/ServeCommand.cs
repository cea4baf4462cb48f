using System.CommandLine;
using GradCamSharp.Cli.CommandLine;
using GradCamSharp.Web.Hosting;
using GradCamSharp.Web.Serving;

namespace GradCamSharp.Cli.Commands;

/// <summary><c>gradcam serve</c>: the page and the HTTP API.</summary>
internal static class ServeCommand
{
    private const int DefaultPort = 5080;

    public static Command Create()
    {
        var defaults = new ServeOptions { Models = [] };
        var models = CommandOption.Of<string[]>(
            "--model", "M",
            $"A model to serve: a file, NAME=FILE, or the name of a model ({Invoked.As} models lists them). May be repeated; the first " +
            "is the default. Default: those that ship inside.");
        var port = CommandOption.Of<int>("--port", "P", DefaultPort, "The port; 0 takes a free one.");
        var host = CommandOption.Of<string>(
            "--host", "H", "127.0.0.1",
            "The address to listen on: an IP address, localhost, or * for all. Beyond this machine a token is asked for.");
        var token = CommandOption.Of<string?>(
            "--token", "T", "What callers have to know. Default: none on this machine, elsewhere one is made up and printed.");
        var megabytes = CommandOption.Of<int>(
            "--max-megabytes", "N", (int)(defaults.LargestBody >> 20), "The largest file of a picture, in MiB.");
        var megapixels = CommandOption.Of<int>(
            "--max-megapixels", "N", (int)(defaults.MostPixels / 1_000_000), "The most pixels of a picture, in millions.");
        var seconds = CommandOption.Of<int>(
            "--timeout", "N", (int)defaults.Patience.TotalSeconds, "How many seconds a request may be read, may wait, and may run: each.");
        var queue = CommandOption.Of<int>("--queue", "N", defaults.QueueLength, "How many requests may wait; more are answered 429.");
        var runs = CommandOption.Of<int>("--runs", "N", defaults.Runs, "How many requests run at once.");
        var threads = CommandOption.Of<int>("--threads", "N", "Threads of the pool that all runs share. Default: all cores.");
        var device = ModelOptions.DeviceOption();
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
                Explainer = new ExplainerOptions
                {
                    Threads = CommandOption.Within(parsed, threads, 0, 1024),
                    Device = parsed.GetValue(device)!,
                },
                Command = Invoked.As,
                LargestBody = (long)CommandOption.Within(parsed, megabytes, 1, 1024) << 20,
                MostPixels = CommandOption.Within(parsed, megapixels, 1, 500) * 1_000_000L,
                Patience = TimeSpan.FromSeconds(CommandOption.Within(parsed, seconds, 1, 3600)),
                QueueLength = CommandOption.Within(parsed, queue, 0, 100_000),
                Runs = CommandOption.Within(parsed, runs, 1, 256),
            };
            Serve(options, binding, cancellationToken).GetAwaiter().GetResult();
            return CommandRun.Done;
        });
        return command;
    }

    private static async Task Serve(ServeOptions options, Binding binding, CancellationToken cancellationToken)
    {
        await Console.Error.WriteLineAsync($"Loading {string.Join(", ", options.Models.Select(m => m.Name))} ...");
        await using var app = UsageException.Check(() => ExplainServer.Create(options, binding));
        await WebServer.RunAsync(app, binding, Console.Out, cancellationToken);
    }

    private static string NameOf(string given)
    {
        string path = Path.TrimEndingDirectorySeparator(given);
        return Directory.Exists(path) ? Path.GetFileName(path) : Path.GetFileNameWithoutExtension(path);
    }

    /// <summary>The models that are named: NAME=FILE, a file by its own name, or one that is known by name.</summary>
    private static List<ModelSource> Models(string[] named, bool showPaths, CancellationToken cancellationToken) => named.Length == 0
        ? [.. ModelOptions.Shipped().Select(name => new ModelSource(name, ModelOptions.Resolve(name), name))]
        : [.. named.Select(text =>
        {
            int equals = File.Exists(text) ? -1 : text.IndexOf('=', StringComparison.Ordinal);
            string file = equals < 0 ? text : text[(equals + 1)..];
            string name = equals < 0 ? NameOf(text) : text[..equals];
            if (name.Length == 0 || file.Length == 0)
                throw new UsageException($"--model '{text}': give NAME=FILE, a file, or the name of a model.");
            string path = ModelOptions.Resolve(file, cancellationToken);
            // Whoever is not sitting at this machine has no business with its folders.
            return new ModelSource(name, path, showPaths || path != file ? file : Path.GetFileName(file));
        })];
}
