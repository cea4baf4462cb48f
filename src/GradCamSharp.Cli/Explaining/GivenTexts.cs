using System.Collections.Immutable;
using System.CommandLine;
using GradCamSharp.Cli.CommandLine;
using GradCamSharp.Targets;
using GradCamSharp.Texts;
using OnnxGrad;

namespace GradCamSharp.Cli.Explaining;

/// <summary>The texts that pictures are compared with: tokens for a model of both, vectors for one of pictures alone.</summary>
internal sealed class GivenTexts
{
    private readonly Dictionary<string, float[]> vectors = new(StringComparer.Ordinal);

    /// <summary>Reads texts for a model.</summary>
    /// <param name="texts">The texts; none where none is given.</param>
    /// <param name="modelPath">The model.</param>
    /// <param name="textModel">The text encoder; null to look for it beside the model.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="UsageException">The model takes no texts, and no text encoder lies beside it.</exception>
    public GivenTexts(IReadOnlyList<string> texts, string modelPath, string? textModel, CancellationToken cancellationToken)
    {
        if (texts.Count == 0)
            return;
        var model = OnnxModel.Load(modelPath);
        if (textModel is null && TextEncoder.TokensOf(model) is not null)
        {
            var tokenizer = TextTokenizer.Find(modelPath) ?? throw new UsageException(
                $"--text needs the model's tokenizer: {TextTokenizer.FileNames}, beside '{modelPath}'. " +
                "Or give the tokens themselves: --input input_ids=FILE.npy.");
            Inputs = tokenizer.InputsOf(model, texts);
            Labels = new Labels(texts);
            return;
        }

        string path = textModel ?? TextEncoder.Beside(modelPath) ?? throw new UsageException(
            $"'{modelPath}' takes no texts, and no text_model.onnx lies beside it. Name the text encoder with --text-model.");
        using var encoder = TextEncoder.Load(ModelOptions.Resolve(path, cancellationToken));
        foreach (string text in texts)
            vectors[text] = encoder.Embed(text, cancellationToken);
        Targets = [.. texts.Select(t => new SimilarityTarget(t))];
    }

    /// <summary>The inputs that the texts fill.</summary>
    public ImmutableDictionary<string, InputTensor> Inputs { get; private set; } = ImmutableDictionary<string, InputTensor>.Empty;

    /// <summary>The texts that a command line gives, read for a model.</summary>
    public static GivenTexts Of(ParseResult parsed, TargetArguments arguments, string modelPath, CancellationToken cancellationToken) =>
        new(arguments.Texts(parsed), modelPath, arguments.TextModel(parsed), cancellationToken);

    /// <summary>The options with the texts as labels, where they are the classes.</summary>
    public TargetOptions Label(TargetOptions options) => Labels is null ? options : options with { Labels = Labels };

    /// <summary>The texts as classes; null where they are none.</summary>
    public Labels? Labels { get; }

    /// <summary>What is explained where no target is named: the likeness to each text; none where texts are classes.</summary>
    public IReadOnlyList<Target> Targets { get; } = [];

    /// <summary>The vector of a text; null where it is none of the texts.</summary>
    public float[]? VectorOf(string text) => vectors.GetValueOrDefault(text);
}
