using GradCamSharp.Heads;
using GradCamSharp.Heads.Families;
using GradCamSharp.Runtime;
using OnnxGrad;

namespace GradCamSharp.Texts;

/// <summary>The text half of a pair of encoders: a model that makes a vector of a text, to compare pictures with.</summary>
/// <remarks>Dispose it when done: it owns an ONNX Runtime session.</remarks>
public sealed class TextEncoder : IDisposable
{
    private static readonly string[] Names = ["text_embeds", "text_features", "sentence_embedding", "embeddings", "pooler_output"];

    private static readonly string[] Files = ["text_model.onnx", "text_encoder.onnx", "textual.onnx"];

    private readonly OnnxModel model;
    private readonly ForwardSession session;
    private readonly TextTokenizer tokenizer;

    private TextEncoder(OnnxModel model, TextTokenizer tokenizer, ForwardSession session) =>
        (this.model, this.tokenizer, this.session) = (model, tokenizer, session);

    /// <summary>The text encoder that lies beside a picture's: text_model.onnx, as exporters call it; null without one.</summary>
    /// <param name="imageModelPath">The picture encoder's file.</param>
    public static string? Beside(string imageModelPath)
    {
        string folder = Path.GetDirectoryName(Path.GetFullPath(imageModelPath)) ?? ".";
        return Files.Select(n => Path.Combine(folder, n)).FirstOrDefault(File.Exists);
    }

    /// <summary>Loads a text encoder with the tokenizer beside it.</summary>
    /// <param name="path">An .onnx file that takes input_ids.</param>
    /// <exception cref="InvalidDataException">No tokenizer lies beside it, or it takes no tokens.</exception>
    public static TextEncoder Load(string path)
    {
        var model = OnnxModel.Load(path);
        if (TokensOf(model) is null)
            throw new InvalidDataException($"'{path}' takes no texts: none of its inputs is called input_ids. Name a text encoder.");
        var tokenizer = TextTokenizer.Find(path) ?? throw new InvalidDataException(
            $"No tokenizer lies beside '{path}'. Put {TextTokenizer.FileNames}, there.");
        return new TextEncoder(model, tokenizer, new ForwardSession(model, new ComputeDevice("cpu", 0)));
    }

    /// <summary>The input that takes tokens; null where the model takes none.</summary>
    /// <param name="model">The model.</param>
    public static ValueDeclaration? TokensOf(OnnxModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return model.Inputs.FirstOrDefault(i => i.Name is "input_ids" or "text" or "tokens" or "text_input"
            && i.Type is ElementType.Int64 or ElementType.Int32 && i.Shape is { Rank: 2 });
    }

    /// <summary>
    /// Whether a model of pictures and texts scores each text: it takes tokens, and one of its outputs is called logits_per_image.
    /// </summary>
    /// <param name="model">The model.</param>
    public static bool IsScoring(OnnxModel model) =>
        TokensOf(model) is not null && model.Outputs.Any(o => HeadContext.IsCalled(o.Name, ClassScores.OfTexts));

    /// <summary>The vector of a text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="cancellationToken">Stops the run.</param>
    /// <exception cref="InvalidDataException">The model makes no vector a text.</exception>
    public float[] Embed(string text, CancellationToken cancellationToken = default)
    {
        var tokens = TokensOf(model)!;
        var (ids, mask) = tokenizer.EncodeFor(tokens, [text]);
        var given = new Dictionary<string, (Shape?, IReadOnlyList<double>)> { [tokens.Name] = (ids.Shape, ids.Values) };
        foreach (var other in model.Inputs.Where(i => i.Name != tokens.Name))
            given[other.Name] = other.Name.Contains("mask", StringComparison.OrdinalIgnoreCase) ? (mask.Shape, mask.Values)
                : (ids.Shape, [0]);
        using var feeds = InputFeeds.Create(model, given);
        using var run = session.Run(name => feeds.Values[name], cancellationToken);
        var vectors = model.Outputs.Select(o => (o.Name, Value: run.Numbers(o.Name)))
            .Where(o => o.Value is { IsInteger: false, Shape.Rank: 2 } && o.Value.Shape[0] == 1).ToList();
        var named = vectors.FirstOrDefault(o => Names.Contains(o.Name));
        return (named.Value ?? (vectors.Count == 1 ? vectors[0].Value : null))?.Floats.ToArray() ?? throw new InvalidDataException(
            $"'{model.Name}' makes no vector of a text: {string.Join(", ", model.Outputs.Select(o => $"'{o.Name}' {o.Shape}"))}.");
    }

    /// <inheritdoc/>
    public void Dispose() => session.Dispose();
}
