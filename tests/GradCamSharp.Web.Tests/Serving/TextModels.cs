using System.Text.Json;
using GradCamSharp.Web.Serving;
using OnnxGrad;

namespace GradCamSharp.Web.Tests.Serving;

/// <summary>
/// Networks of a few nodes that compare pictures with texts. A picture's vector is its mean red, green and blue; the words red, green and
/// blue have one of these each.
/// </summary>
internal static class TextModels
{
    private const int Side = 32, Length = 8, Red = 16, Green = 17, Blue = 18;

    private static readonly string[] Pieces =
    [
        "a", "b", "d", "e", "g", "l", "n", "r", "u", "a</w>", "d</w>", "e</w>", "n</w>", "re", "gr", "bl", "red</w>", "green</w>",
        "blue</w>", "ee", "gree", "ue</w>", "<|startoftext|>", "<|endoftext|>",
    ];

    private static readonly string[] Merges = ["r e", "re d</w>", "e e", "g r", "gr ee", "gree n</w>", "u e</w>", "b l", "bl ue</w>"];

    /// <summary>
    /// Writes them: "clip", one file for both; "pair", a text encoder beside the other's; "bare", a pair without a tokenizer.
    /// </summary>
    /// <param name="folder">Where; it has a folder each.</param>
    public static IReadOnlyList<ModelSource> Write(string folder)
    {
        string clip = Folder("clip"), pair = Folder("pair"), bare = Folder("bare");
        Save(Path.Combine(clip, "model.onnx"), graph =>
        {
            var (picture, text) = (Picture(graph), Text(graph));
            graph.Output("image_embeds", picture);
            graph.Output("text_embeds", text);
            var turned = graph.Append(
                "Transpose", [text], ElementType.Float, new Shape(Length, text.Shape[0]), ("perm", new long[] { 1, 0 }));
            graph.Output("logits_per_image", graph.Append(
                "MatMul", [picture, turned], ElementType.Float, new Shape(Dimension.Batch, text.Shape[0])));
        });
        foreach (string beside in (string[])[pair, bare])
        {
            Save(Path.Combine(beside, "vision_model.onnx"), graph => graph.Output("image_embeds", Picture(graph)));
            Save(Path.Combine(beside, "text_model.onnx"), graph => graph.Output("text_embeds", Text(graph)));
        }

        foreach (string with in (string[])[clip, pair])
        {
            File.WriteAllText(Path.Combine(with, "vocab.json"), JsonSerializer.Serialize(
                Pieces.Index().ToDictionary(p => p.Item, p => p.Index)));
            File.WriteAllLines(Path.Combine(with, "merges.txt"), Merges.Prepend("#version: 0.2"));
        }

        return
        [
            new ModelSource("clip", Path.Combine(clip, "model.onnx"), "clip.onnx"),
            new ModelSource("pair", Path.Combine(pair, "vision_model.onnx"), "vision_model.onnx"),
            new ModelSource("bare", Path.Combine(bare, "vision_model.onnx"), "bare.onnx"),
        ];

        string Folder(string name) => Directory.CreateDirectory(Path.Combine(folder, name)).FullName;
    }

    private static void Save(string path, Action<Graph> build)
    {
        var model = OnnxModel.Create(Path.GetFileNameWithoutExtension(path));
        build(model.Graph);
        File.WriteAllBytes(path, model.ToBytes());
    }

    /// <summary>The layer has as many cells as a quarter of the picture's sides, and a colour a channel.</summary>
    private static Tensor Picture(Graph graph)
    {
        var x = graph.Input("pixel_values", ElementType.Float, new Shape(Dimension.Batch, 3, Side, Side));
        var cells = graph.Append(
            "Conv", [x, graph.Weights("colours", new Shape(Length, 3, 4, 4), Kernel())], ElementType.Float,
            new Shape(Dimension.Batch, Length, Side / 4, Side / 4), ("strides", new long[] { 4, 4 }));
        var pooled = graph.Append(
            "GlobalAveragePool", [cells.Relu()], ElementType.Float, new Shape(Dimension.Batch, Length, 1, 1));
        return graph.Append("Flatten", [pooled], ElementType.Float, new Shape(Dimension.Batch, Length));
    }

    private static Tensor Text(Graph graph)
    {
        var (texts, tokens) = (new Dimension("texts"), new Dimension("tokens"));
        var ids = graph.Input("input_ids", ElementType.Int64, new Shape(texts, tokens));
        float[] table = new float[Pieces.Length * Length];
        Array.Fill(table, 0.01f);
        foreach (var (channel, word) in ((int[])[Red, Green, Blue]).Index())
            table[(word * Length) + channel] = 4;
        var words = graph.Append(
            "Gather", [graph.Weights("words", new Shape(Pieces.Length, Length), table), ids], ElementType.Float,
            new Shape(texts, tokens, Length));
        return graph.Append(
            "ReduceMean", [words, graph.Constant(1)], ElementType.Float, new Shape(texts, Length), ("keepdims", 0L));
    }

    private static float[] Kernel()
    {
        float[] kernel = new float[Length * 3 * 16];
        for (int channel = 0; channel < 3; channel++)
            Array.Fill(kernel, 1f / 16, ((channel * 3) + channel) * 16, 16);
        return kernel;
    }
}
