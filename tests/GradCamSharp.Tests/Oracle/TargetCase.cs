using System.Text.Json;
using GradCamSharp.Output;
using OnnxGrad;

namespace GradCamSharp.Tests.Oracle;

/// <summary>A small network with the head of a public exporter, and references of its targets computed in float64.</summary>
internal sealed class TargetCase
{
    private readonly string folder;
    private readonly JsonElement document;

    public TargetCase(string name)
    {
        folder = SharedData.Path($"targets/cases/{name}");
        document = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "case.json"))).RootElement;
    }

    public static string[] Names =>
    [
        "caption", "clip", "depth", "detr", "embedding", "embedding_raw", "keypoints", "regression", "rtdetr", "saliency", "sam_points",
        "segmentation", "segmentation_argmax", "ssd_nms", "swin_nonsquare", "two_stage", "video", "vit_nonsquare", "vit_registers",
            "yolov10",
        "yolov5", "yolov8", "yolov8_pose", "yolov8_seg", "yolox", "yunet_neck",
    ];

    public IEnumerable<JsonElement> Targets => document.GetProperty("targets").EnumerateArray();

    public IReadOnlyList<JsonElement> Decoded =>
        document.TryGetProperty("decoded", out var decoded) && decoded.ValueKind == JsonValueKind.Array ? [.. decoded.EnumerateArray()]
            : [];

    public TargetExplainer Load(string? layer = null) => TargetExplainer.Load(
        Path.Combine(folder, "model.onnx"), new TargetOptions { Explainer = new ExplainerOptions { Layer = layer } });

    public TargetInput Input(TargetExplainer explainer)
    {
        var picture = Npy.Read<float>(Path.Combine(folder, $"input.{explainer.Input.Name}.npy"));
        var input = new TargetInput(picture.Values, Shaped(picture.Shape)) { VectorOf = Vector };
        foreach (var other in document.GetProperty("inputs").EnumerateObject().Where(i => i.Name != explainer.Input.Name))
        {
            var array = Npy.Read<double>(Path.Combine(folder, $"input.{other.Name}.npy"));
            input = input with { Others = input.Others.Add(other.Name, new InputTensor(Shaped(array.Shape), [.. array.Values])) };
        }

        return input;
    }

    public float[]? Reference(string target, string layer, string method)
    {
        string path = Path.Combine(folder, $"{target}.{(layer.Contains('+') ? "fused" : layer)}.{method}.npy");
        return File.Exists(path) ? Npy.Read<float>(path).Values : null;
    }

    private static Shape Shaped(IReadOnlyList<int> lengths) => new([.. lengths.Select(l => (long)l)]);

    // The vector of the other picture stands beside it.
    private float[] Vector(string file) =>
        Npy.Read<float>(Path.Combine(folder, file == "other.jpg" ? "other_embedding.npy" : file)).Values;
}
