using System.Collections.Immutable;
using GradCamSharp.Texts;
using OnnxGrad;

namespace GradCamSharp.Web.Serving;

/// <summary>
/// The texts that a model compares pictures with: classes of a model of both, or vectors that a text encoder beside a model of pictures
/// makes of them.
/// </summary>
internal sealed class ServedTexts : IDisposable
{
    /// <summary>The most texts of a request, and of one text the most characters.</summary>
    public const int Most = 20, Longest = 500;

    // What the page begins with where the server's command line names no texts: its samples show these.
    private static readonly string[] Usual = ["a photo of an umbrella", "a photo of a mug", "a photo of a bird"];

    private readonly Lock gate = new();
    private readonly OnnxModel? model;
    private readonly TextTokenizer? tokenizer;
    private readonly TextEncoder? encoder;

    private ServedTexts(OnnxModel? model, TextTokenizer? tokenizer, TextEncoder? encoder, string? lacking, IReadOnlyList<string> start)
    {
        this.model = model;
        this.tokenizer = tokenizer;
        this.encoder = encoder;
        Lacking = lacking;
        Start = start;
    }

    /// <summary>Whether the texts are the model's classes; otherwise the likeness to their vectors is explained.</summary>
    public bool AreClasses => model is not null;

    /// <summary>Why no texts can be given, as a sentence; null where they can.</summary>
    public string? Lacking { get; }

    /// <summary>The texts that the page begins with.</summary>
    public IReadOnlyList<string> Start { get; }

    /// <summary>Of a model that scores texts for a picture; null of others, also of those that go on with a text.</summary>
    /// <param name="path">The model's file.</param>
    /// <param name="model">The model.</param>
    /// <param name="start">The texts to begin with; none for the usual ones.</param>
    public static ServedTexts? OfClasses(string path, OnnxModel model, IReadOnlyList<string> start)
    {
        if (!TextEncoder.IsScoring(model))
            return null;
        if (start.Count == 0)
        {
            int count = TextEncoder.TokensOf(model)!.Shape is { } shape && shape[0].IsKnown
                ? (int)Math.Clamp(shape[0].Value, 1, Most) : Usual.Length;
            start = [.. Enumerable.Range(0, count).Select(i => Usual[i % Usual.Length])];
        }

        try
        {
            var tokenizer = TextTokenizer.Find(path);
            return new ServedTexts(model, tokenizer, null, tokenizer is not null ? null
                : $"No tokenizer lies beside this model, so it is given no texts. Put {TextTokenizer.FileNames}, there and start the " +
                "server again.", start);
        }
        catch (InvalidDataException e)
        {
            return new ServedTexts(model, null, null, WithoutFolders(e.Message, path), start);
        }
    }

    /// <summary>Of a model of pictures alone, beside which a text encoder lies; null where none does.</summary>
    /// <param name="path">The model's file.</param>
    /// <param name="start">The texts to begin with; none for the usual ones.</param>
    /// <param name="textModel">The text encoder's file; null to look for it.</param>
    public static ServedTexts? OfVectors(string path, IReadOnlyList<string> start, string? textModel)
    {
        if ((textModel ?? TextEncoder.Beside(path)) is not { } file)
            return null;
        start = start.Count > 0 ? start : Usual;
        try
        {
            return new ServedTexts(null, null, TextEncoder.Load(file), null, start);
        }
        catch (Exception e) when (e is InvalidDataException or ModelException)
        {
            return new ServedTexts(null, null, null, WithoutFolders(e.Message, file), start);
        }
    }

    /// <summary>The inputs that texts fill, where they are the model's classes.</summary>
    public ImmutableDictionary<string, InputTensor> InputsOf(IReadOnlyList<string> texts) => tokenizer!.InputsOf(model!, texts);

    /// <summary>Compares a picture with texts.</summary>
    /// <param name="texts">The texts, at least one.</param>
    /// <param name="vector">The picture's vector; it is asked for where texts have vectors.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="InvalidDataException">The text encoder makes no vector of a text, or one of another length.</exception>
    public ComparedTexts Compare(IReadOnlyList<string> texts, Func<float[]> vector, CancellationToken cancellationToken)
    {
        if (encoder is null)
            return ComparedTexts.OfClasses(texts, InputsOf(texts));
        var picture = vector();
        lock (gate)
            return ComparedTexts.OfVectors(texts, picture, [.. texts.Select(t => encoder.Embed(t, cancellationToken))]);
    }

    public void Dispose() => encoder?.Dispose();

    // Whoever reads it has no business with the server's folders.
    private static string WithoutFolders(string message, string path) =>
        message.Replace((Path.GetDirectoryName(path) ?? "") + Path.DirectorySeparatorChar, "", StringComparison.Ordinal)
            .Replace((Path.GetDirectoryName(Path.GetFullPath(path)) ?? "") + Path.DirectorySeparatorChar, "", StringComparison.Ordinal);
}
