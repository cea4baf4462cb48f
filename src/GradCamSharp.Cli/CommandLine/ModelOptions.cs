using System.CommandLine;
using System.Globalization;
using GradCamSharp.Cli.Zoo;
using GradCamSharp.Heads;
using GradCamSharp.Imaging;
using GradCamSharp.Layers;

namespace GradCamSharp.Cli.CommandLine;

/// <summary>The options that mean the same for every command that runs a model.</summary>
internal sealed class ModelOptions
{
    public const string ShippedModel = "scenes-vgg";

    /// <summary>The option that says what runs are computed on.</summary>
    public const string Device = "--device";

    // What exporters and the hubs call the model of a folder.
    private const string ModelFile = "model.onnx";
    private static readonly string ShippedFolder = Path.Combine(AppContext.BaseDirectory, "Models");

    private readonly Option<string> model = CommandOption.Of<string>(
        "--model", "M",
        $"An .onnx file, a folder that holds a model.onnx, or the name of a model ({Invoked.As} models lists them). " +
        $"Default: {ShippedModel}, which ships inside.");
    private readonly Option<string?> layer = CommandOption.Of<string?>(
        "--layer", "NAME", "The ONNX value to explain. Default: chosen, and the reason said.");
    private readonly Option<string?> layerFormat = CommandOption.Of<string?>(
        "--layer-format", "F",
        "nchw, nhwc, tokens or tokens:HxW+L (H rows of W tokens behind L others): how the layer is laid out. Default: recognised.");
    private readonly Option<string?> outputs = CommandOption.Of<string?>(
        "--outputs", "NAME",
        "The model's output that holds the class scores. Default: the only one that can. Of a detector that is not recognised: " +
        "boxes=NAME:xyxy|xywh|yxyx[/norm],scores=NAME[:sigmoid|softmax|raw][,objectness=NAME][,classes=NAME]" +
        "[,masks=NAME[,prototypes=NAME]].");
    private readonly Option<string?> preprocess = CommandOption.Of<string?>(
        "--preprocess", "P",
        "torch, torchvision, caffe, tf, unit or a JSON file. Default: what lies beside the model, else its metadata, else torch.");
    private readonly Option<string?> labels = CommandOption.Of<string?>(
        "--labels", "F", "One label a line, or a config.json with id2label. Default: what lies beside the model.");
    private readonly Option<int> threads = CommandOption.Of<int>("--threads", "N", "Threads of one run. Default: all cores.");
    private readonly Option<string> device = DeviceOption();
    private readonly Option<string> optimizations = CommandOption.Of<string>(
        "--graph-optimizations", "ON|OFF", "on",
        "on, or off: run every operator as the graph has it. Slower; maps differ by rounding alone.");

    /// <param name="command">The command that gets the options.</param>
    /// <param name="modelOption">Whether the model is one of the options; else the command has its own way to name it.</param>
    public ModelOptions(Command command, bool modelOption = true)
    {
        if (modelOption)
            command.Options.Add(model);
        optimizations.AcceptOnlyFromAmong("on", "off");
        foreach (var option in (Option[])[layer, layerFormat, outputs, preprocess, labels, threads, device, optimizations])
            command.Options.Add(option);
    }

    /// <summary>
    /// The model's file: a path, or the name of a model that ships inside, or of one of the zoo's, which is fetched if it is not there.
    /// </summary>
    /// <exception cref="UsageException">There is no such model.</exception>
    /// <exception cref="IOException">It cannot be fetched.</exception>
    public static string Resolve(string? named, CancellationToken cancellationToken = default)
    {
        string name = named ?? ShippedModel;
        if (File.Exists(name))
            return name;
        if (Directory.Exists(name) && !IsShipped(name) && ModelZoo.Find(name) is null)
            return InFolder(name);
        if (IsShipped(name))
            return Path.Combine(ShippedFolder, name + ".onnx");
        if (ModelZoo.Find(name) is not { } model)
        {
            string question = Suggestion.For(name, [.. Shipped(), .. ModelZoo.All.Select(m => m.Name)]);
            throw new UsageException(
                $"There is no model '{name}'.{question} It is neither a file nor the name of a model that ships inside " +
                $"({string.Join(", ", Shipped())}) or can be fetched ({string.Join(", ", ModelZoo.All.Select(m => m.Name))}).");
        }

        var store = ModelStore.User;
        if (!store.Has(model))
        {
            Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{model.Name} is not here yet: fetching {model.Bytes / 1e6:0.0} MB ({model.Licence}) to {store.PathOf(model)}"));
        }

        return store.Get(model, new DownloadOptions(), Console.Error.WriteLine, cancellationToken);
    }

    private static string InFolder(string folder)
    {
        const int Most = 10;
        string model = Path.Combine(folder, ModelFile);
        if (File.Exists(model))
            return model;
        string[] there = [.. Directory.EnumerateFiles(folder, "*.onnx").Order(StringComparer.Ordinal)];
        string more = there.Length > Most ? FormattableString.Invariant($" and {there.Length - Most} more") : "";
        throw new UsageException(there.Length > 0
            ? $"'{folder}' is a folder without a {ModelFile}. Name one of its models: {string.Join(", ", there.Take(Most))}{more}"
            : $"'{folder}' is a folder, and no .onnx file lies in it. Name an .onnx file, or a model that {Invoked.As} models lists.");
    }

    /// <summary>The option that says what runs are computed on.</summary>
    public static Option<string> DeviceOption()
    {
        var option = CommandOption.Of<string>(
            Device, "D", "cpu",
            $"cpu, cuda, directml or coreml. {DeviceList.Word} shows which of them can be used here, and why the others cannot.");
        option.Validators.Add(result =>
        {
            string given = result.GetValueOrDefault<string>() ?? "";
            if (!ExplainerOptions.Devices.Contains(given, StringComparer.OrdinalIgnoreCase))
                result.AddError($"There is no device '{given}'. The devices are {string.Join(", ", ExplainerOptions.Devices)}; " +
                    $"{Device} {DeviceList.Word} shows which of them can be used here.");
        });
        return option;
    }

    /// <summary>Whether a model of that name ships inside.</summary>
    public static bool IsShipped(string name) =>
        name.IndexOfAny(['/', '\\']) < 0 && File.Exists(Path.Combine(ShippedFolder, name + ".onnx"));

    /// <summary>The names of the models that ship inside, the default first.</summary>
    public static IReadOnlyList<string> Shipped() => Directory.Exists(ShippedFolder)
        ? [.. Directory.EnumerateFiles(ShippedFolder, "*.onnx").Select(f => Path.GetFileNameWithoutExtension(f))
            .OrderBy(n => n != ShippedModel).ThenBy(n => n, StringComparer.Ordinal)]
        : [];

    public string ModelPath(ParseResult parsed, CancellationToken cancellationToken = default) =>
        Resolve(parsed.GetValue(model), cancellationToken);

    public ExplainerOptions Explainer(ParseResult parsed)
    {
        int count = CommandOption.Within(parsed, threads, 0, 1024);
        return UsageException.Check(() => new ExplainerOptions
        {
            Layer = parsed.GetValue(layer),
            LayerFormat = parsed.GetValue(layerFormat) is { } format ? LayerFormat.Parse(format) : null,
            Output = Roles(parsed) is null ? parsed.GetValue(outputs) : null,
            Threads = count,
            Device = parsed.GetValue(device) ?? "cpu",
            GraphOptimizations = parsed.GetValue(optimizations) != "off",
        });
    }

    /// <summary>Which outputs hold boxes and scores; null where none is named so.</summary>
    /// <exception cref="UsageException">The roles cannot be read.</exception>
    public OutputRoles? Roles(ParseResult parsed) => parsed.GetValue(outputs) is { } given && given.Contains('=', StringComparison.Ordinal)
        ? UsageException.Check(() => OutputRoles.Parse(given)) : null;

    /// <summary>Whether no model is named, so that the shipped one is used.</summary>
    public bool IsDefault(ParseResult parsed) => parsed.GetResult(model) is null or { Implicit: true };

    public string? Preprocess(ParseResult parsed) => parsed.GetValue(preprocess) is { } named && Preprocessing.Preset(named) is null
        ? NoFolder(preprocess, named) : parsed.GetValue(preprocess);

    public string? Labels(ParseResult parsed) => parsed.GetValue(labels) is { } named ? NoFolder(labels, named) : null;

    private static string NoFolder(Option option, string named) => !Directory.Exists(named) ? named
        : throw new UsageException($"{option.Name} '{named}' is a folder. Name a file in it.");
}
