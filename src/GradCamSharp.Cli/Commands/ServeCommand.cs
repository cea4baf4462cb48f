using System.CommandLine;
using System.CommandLine.Parsing;
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
            "--timeout", "N", (int)defaults.Timeout.TotalSeconds, "How many seconds a request may be read, may wait, and may run: each.");
        var queue = CommandOption.Of<int>("--queue", "N", defaults.QueueLength, "How many requests may wait; more are answered 429.");
        var longSeconds = CommandOption.Of<int>(
            "--long-timeout", "N", (int)defaults.LongTimeout.TotalSeconds,
            "How many seconds a request may wait and run, each, whose method runs the network so often that it takes long.");
        var runs = CommandOption.Of<int>("--runs", "N", defaults.Runs, "How many requests run at once.");
        var memory = CommandOption.Of<int>(
            "--picture-memory", "N", (int)(defaults.PictureMemory >> 20),
            "MiB of memory for pictures that arrive, wait for their turn, or are kept for the page.");
        var command = new Command("serve", "Serves a page to look at explanations, and the HTTP API that it uses.")
        {
            models, port, host, token, megabytes, megapixels, seconds, longSeconds, queue, runs, memory,
        };
        var common = new ModelOptions(command, modelOption: false);
        var targets = new TargetArguments(command, explains: false);
        command.SetRun((parsed, cancellationToken) =>
        {
            var binding = UsageException.Check(() => Binding.Create(parsed.GetValue(host), parsed.GetValue(port), parsed.GetValue(token)));
            bool showPaths = binding.IsLoopback && binding.Token is null;
            var sources = Models(parsed.GetValue(models) ?? [], showPaths, cancellationToken);
            if (sources.CountBy(s => s.Name).FirstOrDefault(n => n.Value > 1) is { Key: { } twice })
                throw new UsageException($"Two models are called '{twice}'. Name them apart: --model NAME=PATH.");
            var options = new ServeOptions
            {
                Models = sources,
                Explainer = common.Explainer(parsed),
                Task = targets.Options(parsed, new ExplainerOptions()).Task,
                PictureInput = targets.Options(parsed, new ExplainerOptions()).PictureInput,
                Inputs = targets.Inputs(parsed),
                Texts = targets.Texts(parsed),
                TextModel = targets.TextModel(parsed) is { } text ? ModelOptions.Resolve(text, cancellationToken) : null,
                Preprocess = common.Preprocess(parsed),
                Labels = common.Labels(parsed),
                Command = Invoked.As,
                CommandOptions = [.. AlsoGiven(parsed, sources.Count, showPaths)],
                LargestBody = (long)CommandOption.Within(parsed, megabytes, 1, 1024) << 20,
                MostPixels = CommandOption.Within(parsed, megapixels, 1, 500) * 1_000_000L,
                Timeout = TimeSpan.FromSeconds(CommandOption.Within(parsed, seconds, 1, 3600)),
                LongTimeout = TimeSpan.FromSeconds(CommandOption.Within(parsed, longSeconds, 1, 86_400)),
                QueueLength = CommandOption.Within(parsed, queue, 0, 100_000),
                Runs = CommandOption.Within(parsed, runs, 1, 256),
            };
            long given = (long)CommandOption.Within(parsed, memory, 1) << 20;
            // Larger pictures are allowed: where nothing is said of the memory, it grows with them.
            options = options with
            {
                PictureMemory = parsed.GetResult(memory) is { Implicit: false } ? given : Math.Max(given, 2 * options.LeastPictureMemory),
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

    /// <summary>What the page's command lines name beside the model: options that change a result.</summary>
    /// <exception cref="UsageException">One that is about one model, and several are served.</exception>
    private static IEnumerable<string> AlsoGiven(ParseResult parsed, int models, bool showPaths)
    {
        foreach (string name in (string[])
            ["--layer", "--layer-format", "--outputs", "--labels", "--task", "--picture-input", "--input", "--preprocess",
                "--text", "--text-model"])
        {
            if (parsed.GetResult(name) is not OptionResult { Implicit: false, Tokens: [_, ..] tokens })
                continue;
            if (models > 1 && name != "--preprocess")
                throw new UsageException($"{name} is about one model, and {models} are to be served. Name the one by --model.");
            // The page's command lines name the layer and the texts that it shows.
            if (name is "--layer" or "--text")
                continue;
            foreach (string value in tokens.Select(t => t.Value))
            {
                yield return name;
                yield return !showPaths && File.Exists(value) ? Path.GetFileName(value) : value;
            }
        }
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
