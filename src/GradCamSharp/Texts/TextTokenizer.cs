using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.ML.Tokenizers;
using OnnxGrad;

namespace GradCamSharp.Texts;

/// <summary>
/// The tokenizer of CLIP and its kin, from the files beside a model: lower case, words and signs apart, byte pairs whose last one ends in
/// <c>&lt;/w&gt;</c>, between a start and an end token (Radford et al., arXiv 2103.00020).
/// </summary>
public sealed partial class TextTokenizer
{
    private const string Start = "<|startoftext|>", End = "<|endoftext|>", EndOfWord = "</w>";
    private const int LargestFile = 64 << 20, UsualLength = 77;

    private readonly BpeTokenizer words;
    private readonly int start, end, pad;

    private TextTokenizer(BpeTokenizer words, int start, int end, int pad, int length, string source)
    {
        this.words = words;
        (this.start, this.end, this.pad) = (start, end, pad);
        MaximumLength = length;
        Source = source;
    }

    /// <summary>The most tokens that a text has, start and end included; longer texts are cut.</summary>
    public int MaximumLength { get; }

    /// <summary>The files that it was read from.</summary>
    public string Source { get; }

    /// <summary>The files that hold one, in words.</summary>
    public const string FileNames = "vocab.json and merges.txt, or tokenizer.json";

    /// <summary>Looks for vocab.json and merges.txt, or tokenizer.json, beside a model or in the folder above it.</summary>
    /// <param name="modelPath">The model's file.</param>
    /// <returns>The tokenizer; null where no such file lies there.</returns>
    /// <exception cref="InvalidDataException">The files are of another kind of tokenizer, or damaged.</exception>
    public static TextTokenizer? Find(string modelPath)
    {
        ArgumentException.ThrowIfNullOrEmpty(modelPath);
        string folder = Path.GetDirectoryName(Path.GetFullPath(modelPath)) ?? ".";
        foreach (string place in (string[])[folder, Path.GetDirectoryName(folder) ?? folder])
        {
            string vocabulary = Path.Combine(place, "vocab.json"), merges = Path.Combine(place, "merges.txt");
            if (File.Exists(vocabulary) && File.Exists(merges))
                return Read(place, vocabulary, merges);
            string whole = Path.Combine(place, "tokenizer.json");
            if (File.Exists(whole))
                return Read(place, whole);
        }

        return null;
    }

    /// <summary>The tokens of a text, from start to end.</summary>
    /// <param name="text">The text.</param>
    public ImmutableArray<long> Encode(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        string clean = Spaces().Replace(text.Normalize(System.Text.NormalizationForm.FormC), " ").Trim().ToLowerInvariant();
        var ids = words.EncodeToIds(clean).Take(MaximumLength - 2).Select(id => (long)id);
        return [start, .. ids, end];
    }

    /// <summary>The tokens of several texts, as a model takes them: the shorter ones are filled up.</summary>
    /// <param name="texts">The texts, at least one.</param>
    /// <param name="length">The length that the model takes; null for that of the longest.</param>
    /// <returns>Tokens, and 1 where there is one, else 0: both [texts, length].</returns>
    public (InputTensor Ids, InputTensor Mask) Encode(IReadOnlyList<string> texts, int? length = null)
    {
        ArgumentNullException.ThrowIfNull(texts);
        ArgumentOutOfRangeException.ThrowIfZero(texts.Count, nameof(texts));
        var rows = texts.Select(Encode).ToList();
        int longest = length ?? rows.Max(r => r.Length);
        var shape = new Shape(texts.Count, longest);
        var ids = ImmutableArray.CreateBuilder<double>();
        var mask = ImmutableArray.CreateBuilder<double>();
        foreach (var row in rows)
        {
            // Of a text that is too long the last token stays: it ends the text.
            ImmutableArray<long> kept = row.Length <= longest ? row : [.. row[..(longest - 1)], row[^1]];
            for (int i = 0; i < longest; i++)
            {
                ids.Add(i < kept.Length ? kept[i] : pad);
                mask.Add(i < kept.Length ? 1 : 0);
            }
        }

        return (new InputTensor(shape, ids.ToImmutable()), new InputTensor(shape, mask.ToImmutable()));
    }

    /// <summary>The inputs of a model that texts fill: their tokens, and where there are any, where the model takes that too.</summary>
    /// <param name="model">A model that takes tokens: <see cref="TextEncoder.TokensOf"/>.</param>
    /// <param name="texts">The texts, at least one.</param>
    /// <exception cref="ArgumentException">The model takes no tokens.</exception>
    public ImmutableDictionary<string, InputTensor> InputsOf(OnnxModel model, IReadOnlyList<string> texts)
    {
        ArgumentNullException.ThrowIfNull(model);
        var tokens = TextEncoder.TokensOf(model) ?? throw new ArgumentException($"'{model.Name}' takes no tokens.", nameof(model));
        var (ids, mask) = EncodeFor(tokens, texts);
        return ImmutableDictionary<string, InputTensor>.Empty.Add(tokens.Name, ids).AddRange(
            model.Inputs.Where(i => i.Name.Contains("attention_mask", StringComparison.OrdinalIgnoreCase))
                .Select(i => KeyValuePair.Create(i.Name, mask)));
    }

    /// <summary>Tokens and mask, as long as an input of tokens wants them.</summary>
    internal (InputTensor Ids, InputTensor Mask) EncodeFor(ValueDeclaration tokens, IReadOnlyList<string> texts) =>
        Encode(texts, tokens.Shape is { } shape && shape[1].IsKnown ? (int)shape[1].Value : null);

    private static TextTokenizer Read(string folder, string vocabularyFile, string mergesFile)
    {
        using var document = Parse(vocabularyFile);
        var vocabulary = Vocabulary(document.RootElement, vocabularyFile);
        // The first line is a comment.
        var merges = Text(mergesFile).Split('\n').Select(l => l.TrimEnd('\r'))
            .Where(l => l.Length > 0 && !l.StartsWith("#version", StringComparison.Ordinal)).ToList();
        return Make(folder, vocabulary, merges, $"{Path.GetFileName(vocabularyFile)} and {Path.GetFileName(mergesFile)}", vocabularyFile);
    }

    private static TextTokenizer Read(string folder, string file)
    {
        using var document = Parse(file);
        if (!document.RootElement.TryGetProperty("model", out var model) || model.ValueKind != JsonValueKind.Object)
            throw new InvalidDataException($"'{file}' is no tokenizer.json: it has no 'model'.");
        string kind = model.TryGetProperty("type", out var type) ? type.ToString() : "BPE";
        if (kind != "BPE" || !model.TryGetProperty("vocab", out var vocab) || !model.TryGetProperty("merges", out var pairs)
            || pairs.ValueKind != JsonValueKind.Array)
            throw new InvalidDataException($"'{file}' holds a tokenizer of the kind '{kind}'; CLIP's, by byte pairs, are read. {ByHand}");
        var vocabulary = Vocabulary(vocab, file);
        if (document.RootElement.TryGetProperty("added_tokens", out var added) && added.ValueKind == JsonValueKind.Array)
        {
            foreach (var token in added.EnumerateArray())
            {
                if (token.TryGetProperty("content", out var content) && token.TryGetProperty("id", out var id)
                    && id.TryGetInt32(out int number))
                    vocabulary[content.ToString()] = number;
            }
        }

        var merges = pairs.EnumerateArray().Select(p => p.ValueKind == JsonValueKind.Array && p.GetArrayLength() == 2
            ? $"{p[0]} {p[1]}" : p.ToString()).ToList();
        return Make(folder, vocabulary, merges, Path.GetFileName(file), file);
    }

    private const string ByHand = "Give the tokens themselves: input_ids as numbers.";

    private static TextTokenizer Make(
        string folder, Dictionary<string, int> vocabulary, List<string> merges, string source, string file)
    {
        if (!vocabulary.TryGetValue(Start, out int start) || !vocabulary.TryGetValue(End, out int end)
            || !vocabulary.Keys.Any(t => t.EndsWith(EndOfWord, StringComparison.Ordinal)))
        {
            throw new InvalidDataException(
                $"'{file}' holds no tokenizer of CLIP: it lacks '{Start}', '{End}' or words that end in '{EndOfWord}'. {ByHand}");
        }

        try
        {
            var options = new BpeOptions(vocabulary)
            {
                Merges = merges,
                EndOfWordSuffix = EndOfWord,
                ByteLevel = true,
                PreTokenizer = new RegexPreTokenizer(Words(), null),
                UnknownToken = End,
            };
            var (pad, length) = Settings(folder, vocabulary, end);
            return new TextTokenizer(BpeTokenizer.Create(options), start, end, pad, length, source);
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or FormatException)
        {
            throw new InvalidDataException($"'{file}' holds no tokenizer that can be read: {e.Message} {ByHand}", e);
        }
    }

    private static (int Pad, int Length) Settings(string folder, Dictionary<string, int> vocabulary, int end)
    {
        int pad = end, length = UsualLength;
        foreach (string name in (string[])["special_tokens_map.json", "tokenizer_config.json"])
        {
            string file = Path.Combine(folder, name);
            if (!File.Exists(file))
                continue;
            using var document = Parse(file);
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object)
                continue;
            if (root.TryGetProperty("pad_token", out var token))
            {
                string text = token.ValueKind == JsonValueKind.Object && token.TryGetProperty("content", out var content)
                    ? content.ToString() : token.ToString();
                pad = vocabulary.GetValueOrDefault(text, pad);
            }

            if (root.TryGetProperty("model_max_length", out var most) && most.TryGetInt32(out int number) && number is > 2 and <= 4096)
                length = number;
        }

        return (pad, length);
    }

    private static Dictionary<string, int> Vocabulary(JsonElement element, string file)
    {
        if (element.ValueKind != JsonValueKind.Object)
            throw new InvalidDataException($"'{file}' holds no vocabulary: an object of tokens and their numbers.");
        var vocabulary = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var token in element.EnumerateObject())
        {
            vocabulary[token.Name] = token.Value.ValueKind == JsonValueKind.Number && token.Value.TryGetInt32(out int number) && number >= 0
                ? number : throw new InvalidDataException(string.Create(
                    CultureInfo.InvariantCulture, $"'{file}': the token '{token.Name}' has the number {token.Value}."));
        }

        return vocabulary;
    }

    private static JsonDocument Parse(string file)
    {
        try
        {
            return JsonDocument.Parse(Text(file));
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"'{file}' is not JSON: {e.Message}", e);
        }
    }

    private static string Text(string file) => new FileInfo(file).Length <= LargestFile ? File.ReadAllText(file)
        : throw new InvalidDataException($"'{file}' is too large for a tokenizer.");

    [GeneratedRegex(@"'s|'t|'re|'ve|'m|'ll|'d|\p{L}+|\p{N}|[^\s\p{L}\p{N}]+", RegexOptions.CultureInvariant)]
    private static partial Regex Words();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
