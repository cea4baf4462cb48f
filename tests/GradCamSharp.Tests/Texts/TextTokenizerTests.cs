using System.Text.Json;
using GradCamSharp.Texts;

namespace GradCamSharp.Tests.Texts;

public sealed class TextTokenizerTests : IDisposable
{
    // Byte pairs of a few words, as CLIP's files have them: pieces, words that end, and what joins them.
    private static readonly string[] Pieces =
    [
        "a", "d", "g", "o", "!", "é", "a</w>", "d</w>", "g</w>", "o</w>", "!</w>", "Ã", "©", "©</w>", "do", "dog</w>", "go", "go</w>",
            "goo",
        "<|startoftext|>", "<|endoftext|>",
    ];

    private static readonly string[] Merges = ["d o", "do g</w>", "g o", "g o</w>", "go o"];

    private readonly string folder = Directory.CreateTempSubdirectory("gradcam-texts-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private string Model => Path.Combine(folder, "model.onnx");

    private static int Id(string piece) => Array.IndexOf(Pieces, piece);

    [Theory]
    [InlineData("dog", "dog</w>")]
    [InlineData("  A   DOG! ", "a</w>|dog</w>|!</w>")]
    [InlineData("go", "go</w>")]
    [InlineData("good", "goo|d</w>")]
    [InlineData("adé", "a|d|Ã|©</w>")]
    [InlineData("", "")]
    public void Encode_Words_AreTheLongestPairs(string text, string pieces)
    {
        WriteFiles();
        var tokenizer = TextTokenizer.Find(Model)!;
        long[] wanted = [Id("<|startoftext|>"), .. pieces.Split('|', StringSplitOptions.RemoveEmptyEntries).Select(p => (long)Id(p)),
            Id("<|endoftext|>")];
        Assert.Equal(wanted, tokenizer.Encode(text));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Find_OneFileForAll_ReadsTheSame(bool arePairs)
    {
        object merges = arePairs ? Merges.Select(m => m.Split(' ')).ToArray() : Merges;
        File.WriteAllText(Path.Combine(folder, "tokenizer.json"), JsonSerializer.Serialize(new
        {
            added_tokens = new[] { new { id = Id("<|startoftext|>"), content = "<|startoftext|>" } },
            model = new { type = "BPE", vocab = Vocabulary(), merges },
        }));
        Assert.Equal([Id("<|startoftext|>"), Id("dog</w>"), Id("<|endoftext|>")], TextTokenizer.Find(Model)!.Encode("dog"));
    }

    [Fact]
    public void Encode_SeveralTexts_FillsUpTheShorter()
    {
        WriteFiles();
        File.WriteAllText(Path.Combine(folder, "special_tokens_map.json"), """{"pad_token": "!"}""");
        var (ids, mask) = TextTokenizer.Find(Model)!.Encode(["a dog", "dog"]);
        Assert.Equal([2L, 4L], ids.Shape!.Value.Select(l => l.Value));
        Assert.Equal(Id("!"), ids.Values[7]);
        Assert.Equal([1, 1, 1, 1, 1, 1, 1, 0], mask.Values);
    }

    [Fact]
    public void Encode_LongerThanTheModelTakes_KeepsTheEnd()
    {
        WriteFiles();
        var (ids, _) = TextTokenizer.Find(Model)!.Encode(["a a a a a a"], 4);
        Assert.Equal([Id("<|startoftext|>"), Id("a</w>"), Id("a</w>"), Id("<|endoftext|>")], ids.Values.Select(v => (int)v));
    }

    [Fact]
    public void Find_NoFiles_IsNull() => Assert.Null(TextTokenizer.Find(Path.Combine(folder, "one", "two", "model.onnx")));

    [Theory]
    [InlineData("""{"model": {"type": "Unigram", "vocab": []}}""", "'Unigram'")]
    [InlineData("""{"model": {"type": "BPE", "vocab": {"a": 0}, "merges": []}}""", "no tokenizer of CLIP")]
    [InlineData("{", "is not JSON")]
    public void Find_OfAnotherKind_SaysSo(string json, string message)
    {
        File.WriteAllText(Path.Combine(folder, "tokenizer.json"), json);
        var error = Assert.Throws<InvalidDataException>(() => TextTokenizer.Find(Model));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    private void WriteFiles()
    {
        File.WriteAllText(Path.Combine(folder, "vocab.json"), JsonSerializer.Serialize(Vocabulary()));
        File.WriteAllLines(Path.Combine(folder, "merges.txt"), ["#version: 0.2", .. Merges]);
    }

    private static Dictionary<string, int> Vocabulary() => Pieces.Select((p, i) => (p, i)).ToDictionary(p => p.p, p => p.i);
}
