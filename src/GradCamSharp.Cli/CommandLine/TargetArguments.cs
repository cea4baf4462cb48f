using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using GradCamSharp.Heads;
using GradCamSharp.Heads.Recognition;
using GradCamSharp.Output;
using GradCamSharp.Targets;
using GradCamSharp.Texts;
using OnnxGrad;

namespace GradCamSharp.Cli.CommandLine;

/// <summary>The options that say what is explained of a model with any outputs, and what it is fed beside the picture.</summary>
internal sealed class TargetArguments
{
    private readonly Option<string[]> target = new("--target")
    {
        Description = "What is explained: class:C, class:C@mask, class:C@X,Y, box:0, box:LABEL/2, box:X,Y, box:0.x1, " +
            "mask:top1, keypoint:0, value@X,Y, " +
            "similarity:FILE, token:last, OUTPUT[0,5,17], or a sum of these; may be repeated. Default: by what the model does.",
        HelpName = "T",
    };

    private readonly Option<string?> task = CommandOption.Of<string?>(
        "--task", "TASK", $"What the model does, where it is not recognised: {string.Join(", ", ModelTasks.Names)}.");

    private readonly Option<string[]> inputs = new("--input")
    {
        Description = "Another input of the model: NAME=FILE.npy, NAME=1,2,3, NAME=ones or NAME=size " +
            "(the picture's width and height); may be repeated.",
        HelpName = "NAME=V",
    };

    private readonly Option<string?> picture = CommandOption.Of<string?>(
        "--picture-input", "NAME", "The input that takes the picture, where several could. Default: the only one that can.");

    private readonly Option<string[]> texts = new("--text")
    {
        Description = "A text that the picture is compared with (CLIP and its kin); may be repeated. Needs the tokenizer beside the " +
            $"model: {TextTokenizer.FileNames}.",
        HelpName = "TEXT",
    };

    private readonly Option<string?> textModel = CommandOption.Of<string?>(
        "--text-model", "M", "The text encoder of a pair of two files. Default: text_model.onnx beside the model.");

    private readonly Option<string> fuse = CommandOption.Of<string>(
        "--fuse", "HOW", "mean", "How the maps of several layers (--layer A+B) become one: mean or max.");

    /// <param name="command">The command that gets the options.</param>
    /// <param name="explains">Whether it explains: then it has targets and fusion too.</param>
    public TargetArguments(Command command, bool explains = true)
    {
        fuse.AcceptOnlyFromAmong("mean", "max");
        foreach (var option in explains ? (Option[])[target, task, inputs, picture, texts, textModel, fuse]
            : [task, inputs, picture, texts, textModel])
            command.Options.Add(option);
    }

    /// <summary>Whether something is asked that plain classifiers do not have.</summary>
    public bool AreGiven(ParseResult parsed) => parsed.GetValue(task) is not null || parsed.GetValue(picture) is not null
        || parsed.GetValue(texts) is { Length: > 0 } || parsed.GetValue(inputs) is { Length: > 0 } || Targets(parsed).Any(t =>
            t is not ClassTarget { Place: null });

    /// <summary>The classes of targets that are classes alone.</summary>
    public IReadOnlyList<string> Classes(ParseResult parsed) =>
        [.. Targets(parsed).OfType<ClassTarget>().Where(t => t.Place is null).Select(t => t.Class.ToString())];

    /// <summary>The targets; none where none is named.</summary>
    /// <exception cref="UsageException">One is none.</exception>
    public IReadOnlyList<Target> Targets(ParseResult parsed) => UsageException.Check<IReadOnlyList<Target>>(
        () => [.. (parsed.GetValue(target) ?? []).SelectMany(Target.Parse)]);

    /// <summary>How the model is read.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="explainer">Threads, device and layer.</param>
    /// <param name="roles">Which outputs hold boxes and scores; null to find out.</param>
    public TargetOptions Options(ParseResult parsed, ExplainerOptions explainer, OutputRoles? roles = null) => new()
    {
        Outputs = roles,
        Explainer = explainer,
        Task = parsed.GetValue(task),
        PictureInput = parsed.GetValue(picture),
        Fusion = parsed.GetValue(fuse) == "max" ? LayerFusion.Max : LayerFusion.Mean,
    };

    /// <summary>The texts that pictures are compared with.</summary>
    public IReadOnlyList<string> Texts(ParseResult parsed) => parsed.GetValue(texts) ?? [];

    /// <summary>The text encoder; null where none is named.</summary>
    public string? TextModel(ParseResult parsed) => parsed.GetValue(textModel);

    /// <summary>The other inputs.</summary>
    /// <exception cref="UsageException">One is not NAME=VALUE, or its value is none.</exception>
    public ImmutableDictionary<string, InputTensor> Inputs(ParseResult parsed)
    {
        var given = ImmutableDictionary.CreateBuilder<string, InputTensor>();
        foreach (string text in parsed.GetValue(inputs) ?? [])
        {
            int equals = text.IndexOf('=', StringComparison.Ordinal);
            if (equals < 1 || equals == text.Length - 1)
                throw new UsageException($"--input takes NAME=VALUE, not '{text}'.");
            // What follows from the picture is left to the library, which knows these inputs by their names.
            string value = text[(equals + 1)..];
            if (value != "size")
                given[text[..equals]] = Value(value, text);
        }

        return given.ToImmutable();
    }

    private static InputTensor Value(string value, string text)
    {
        if (value.Equals("ones", StringComparison.OrdinalIgnoreCase))
            return new InputTensor(null, [1]);
        if (value.EndsWith(".npy", StringComparison.OrdinalIgnoreCase))
        {
            var array = Npy.Read<double>(value);
            return new InputTensor(new Shape([.. array.Shape.Select(l => (long)l)]), [.. array.Values]);
        }

        var numbers = new List<double>();
        foreach (string number in value.Split(',', StringSplitOptions.TrimEntries))
        {
            if (!double.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out double parsed))
                throw new UsageException($"--input '{text}': '{number}' is neither a number, nor a .npy file, nor ones or size.");
            numbers.Add(parsed);
        }

        return new InputTensor(null, [.. numbers]);
    }
}
