using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using GradCamSharp.Cli.CommandLine;
using GradCamSharp.Cli.Reporting;
using GradCamSharp.Cli.Zoo;

namespace GradCamSharp.Cli.Commands;

/// <summary><c>gradcam models</c>: the models that are known by name, and <c>models pull</c>, which fetches one.</summary>
internal static class ModelsCommand
{
    public static Command Create()
    {
        var json = JsonOutput.Option("the list");
        var command = new Command("models",
            "The models that are known by name: those that ship inside, and those of the public ONNX model zoo.")
        {
            json,
        };
        command.Subcommands.Add(Pull());
        command.SetRun((parsed, _) =>
        {
            if (parsed.GetValue(json))
                WriteJson(Console.Out);
            else
                WriteTable(Console.Out);
            return CommandRun.Done;
        });
        return command;
    }

    private static Command Pull()
    {
        var names = new Argument<string[]>("NAME")
        {
            Description = $"Names that {Invoked.As} models lists.",
            Arity = ArgumentArity.OneOrMore,
        };
        var timeout = CommandOption.Of<double>("--timeout", "S", 30, "Seconds that a connection, an answer or the next bytes may take.");
        var address = CommandOption.Of<string?>(
            "--url", "URL",
            $"The address under which the zoo's files lie, for a mirror. Default: {ModelZoo.AddressVariable}, else the zoo itself.");
        var command = new Command("pull",
            "Fetches models, checks their SHA-256 and keeps them in the user's cache folder (GRADCAM_HOME names another).")
        {
            names, timeout, address,
        };
        command.SetRun((parsed, cancellationToken) =>
        {
            double seconds = parsed.GetValue(timeout);
            if (!(seconds is > 0 and <= 86_400))
                throw new UsageException(FormattableString.Invariant($"--timeout takes seconds above 0, up to 86400, not {seconds}."));
            var options = new DownloadOptions { Timeout = TimeSpan.FromSeconds(seconds) };
            if (parsed.GetValue(address) is { } other)
                options = options with { Address = Web(other) };
            var chosen = parsed.GetValue(names)!.Select(n => (Name: n, Model: ModelZoo.Find(n))).ToList();
            foreach (string unknown in chosen.Where(c => c.Model is null && !ModelOptions.IsShipped(c.Name)).Select(c => c.Name))
            {
                throw new UsageException(
                    $"There is no model '{unknown}' to fetch.{Suggestion.For(unknown, ModelZoo.All.Select(m => m.Name))} " +
                    $"The models are {string.Join(", ", ModelZoo.All.Select(m => m.Name))}.");
            }

            foreach (var (name, model) in chosen)
                Console.Out.WriteLine(model is null ? $"{name} ships inside; nothing to fetch." : Fetch(model, options, cancellationToken));
            return CommandRun.Done;
        });
        return command;
    }

    private static string Fetch(ZooModel model, DownloadOptions options, CancellationToken cancellationToken)
    {
        var store = ModelStore.User;
        if (store.Has(model) && !store.Verify(model))
        {
            Console.Error.WriteLine($"{store.PathOf(model)} is damaged; fetching it anew.");
            File.Delete(store.PathOf(model));
        }

        return store.Get(model, options, Console.Error.WriteLine, cancellationToken);
    }

    private static string Web(string address) => Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"
        ? address.TrimEnd('/')
        : throw new UsageException($"--url takes an http or https address, not '{address}'.");

    private static void WriteTable(TextWriter output)
    {
        var table = new TextTable("NAME", ">MB", "LICENCE", "PREPROCESSING", "LAYER", "");
        foreach (string shipped in ModelOptions.Shipped())
        {
            long bytes = new FileInfo(ModelOptions.Resolve(shipped)).Length;
            table.Add(shipped, Megabytes(bytes), "Apache-2.0", "its own", "chosen", "ships inside");
        }

        var store = ModelStore.User;
        foreach (var model in ModelZoo.All)
        {
            table.Add(model.Name, Megabytes(model.Bytes), model.Licence, model.PreprocessingName, model.Layer,
                store.Has(model) ? store.PathOf(model) : "");
        }

        table.Write(output);
        output.WriteLine();
        output.WriteLine(
            $"{Invoked.As} models pull NAME fetches one; --model NAME does so on first use. Labels: the 1000 ImageNet classes.");
    }

    private static void WriteJson(TextWriter output)
    {
        var store = ModelStore.User;
        var models = new JsonArray();
        foreach (string shipped in ModelOptions.Shipped())
        {
            string path = ModelOptions.Resolve(shipped);
            models.Add(new JsonObject
            {
                ["name"] = shipped,
                ["state"] = "shipped",
                ["bytes"] = new FileInfo(path).Length,
                ["licence"] = "Apache-2.0",
                ["path"] = path,
            });
        }

        foreach (var model in ModelZoo.All)
        {
            models.Add(new JsonObject
            {
                ["name"] = model.Name,
                ["state"] = store.Has(model) ? "fetched" : "known",
                ["bytes"] = model.Bytes,
                ["sha256"] = model.Sha256,
                ["licence"] = model.Licence,
                ["file"] = model.File,
                ["preprocessing"] = JsonNode.Parse(Imaging.PreprocessingFile.ToJson(model.Preprocessing)),
                ["labels"] = "ImageNet, 1000 classes",
                ["layer"] = model.Layer,
                ["path"] = store.Has(model) ? store.PathOf(model) : null,
            });
        }

        JsonOutput.Write(output, new JsonObject { ["models"] = models });
    }

    private static string Megabytes(long bytes) => (bytes / 1e6).ToString("0.0", CultureInfo.InvariantCulture);
}
