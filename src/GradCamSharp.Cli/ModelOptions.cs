using System.CommandLine;
using GradCamSharp.Layers;

namespace GradCamSharp.Cli;

/// <summary>The options that mean the same for every command that runs a model.</summary>
internal sealed class ModelOptions
{
    public const string ShippedModel = "scenes-vgg";

    private readonly Option<string> model = new("--model") { Description = $"An .onnx file, or the name of a model (gradcam models lists them). Default: {ShippedModel}, which ships inside.", HelpName = "M" };
    private readonly Option<string?> layer = new("--layer") { Description = "The ONNX value to explain. Default: chosen, and the reason said.", HelpName = "NAME" };
    private readonly Option<string?> layerFormat = new("--layer-format") { Description = "nchw, nhwc or tokens: how the layer is laid out. Default: recognised.", HelpName = "F" };
    private readonly Option<string?> preprocess = new("--preprocess") { Description = "torch, caffe, tf, unit or a JSON file. Default: what lies beside the model, else its metadata, else torch.", HelpName = "P" };
    private readonly Option<string?> labels = new("--labels") { Description = "One label a line, or a config.json with id2label. Default: what lies beside the model.", HelpName = "F" };
    private readonly Option<int> threads = new("--threads") { Description = "Default: all cores.", HelpName = "N" };
    private readonly Option<string> device = new("--device") { Description = "cpu, cuda, directml or coreml.", DefaultValueFactory = _ => "cpu", HelpName = "D" };

    /// <param name="command">The command that gets the options.</param>
    /// <param name="modelOption">Whether the model is an option; else it is an argument of the command's own.</param>
    public ModelOptions(Command command, bool modelOption = true)
    {
        if (modelOption)
            command.Options.Add(model);
        foreach (var option in (Option[])[layer, layerFormat, preprocess, labels, threads, device])
            command.Options.Add(option);
    }

    /// <summary>The model's file: a path, or a name of a shipped model.</summary>
    /// <exception cref="UsageException">There is neither.</exception>
    public static string Resolve(string? named)
    {
        string name = named ?? ShippedModel;
        if (File.Exists(name))
            return name;
        string shipped = Path.Combine(AppContext.BaseDirectory, "Models", name + ".onnx");
        if (name.IndexOfAny(['/', '\\']) < 0 && File.Exists(shipped))
            return shipped;
        string known = string.Join(", ", Directory.Exists(Path.GetDirectoryName(shipped)) ? Directory.EnumerateFiles(Path.GetDirectoryName(shipped)!, "*.onnx").Select(Path.GetFileNameWithoutExtension).Order(StringComparer.Ordinal) : []);
        throw new UsageException($"There is no model '{name}': it is neither a file nor the name of a model that ships inside{(known.Length > 0 ? $" ({known})" : "")}.");
    }

    public string ModelPath(ParseResult parsed) => Resolve(parsed.GetValue(model));

    public ExplainerOptions Explainer(ParseResult parsed)
    {
        int count = parsed.GetValue(threads);
        if (count < 0 || count > 1024)
            throw new UsageException($"--threads takes a number from 0 to 1024, not {count}.");
        try
        {
            return new ExplainerOptions
            {
                Layer = parsed.GetValue(layer),
                LayerFormat = parsed.GetValue(layerFormat) is { } format ? LayerFormats.Parse(format) : null,
                Threads = count,
                Device = parsed.GetValue(device) ?? "cpu",
            };
        }
        catch (ArgumentException e)
        {
            throw new UsageException(e.Message);
        }
    }

    public string? Preprocess(ParseResult parsed) => parsed.GetValue(preprocess);

    public string? Labels(ParseResult parsed) => parsed.GetValue(labels);
}
