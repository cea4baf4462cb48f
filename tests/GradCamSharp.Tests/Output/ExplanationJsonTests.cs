using System.Text;
using System.Text.Json;
using GradCamSharp.Imaging;
using GradCamSharp.Layers;
using GradCamSharp.Methods;
using GradCamSharp.Output;
using OnnxGrad;

namespace GradCamSharp.Tests.Output;

public sealed class ExplanationJsonTests
{
    private static readonly ExplanationSummary Summary =
        new(CamMethods.Default, 7, "Küken, \"chick\"", new Shape(5, 6), -0.5f, 2, false, new PixelBox(1, 2, 30, 40));

    [Fact]
    public void Write_Document_HasModelLayerResultsAndTimings()
    {
        var layer = new Layer("features", "Relu", new Shape(Dimension.Batch, 64, 5, 6), LayerFormat.Nchw, "the last one");
        Assert.Equal(
            """
            {"model":"a.onnx","layer":{"name":"features","shape":[-1,64,5,6],"reason":"the last one"},
            "results":[1,2],"timings":{"load_ms":0,"run_ms":12.3}}
            """.ReplaceLineEndings(""),
            Written(json => ExplanationJson.Write(json, "a.onnx", layer, Results(json), 0, 12.34)));
    }

    [Fact]
    public void WritePredictions_Two_AreInTheirOrder() => Assert.Equal(
        """
        {"predictions":[{"index":3,"label":"mug","probability":0.75,"score":4.5},{"index":1,"label":"key","probability":0.25,"score":-1}]}
        """,
        WrittenInside(json => ExplanationJson.WritePredictions(json, [new(3, "mug", 0.75f, 4.5f), new(1, "key", 0.25f, -1)])));

    [Fact]
    public void WriteSummary_WithBoxAndFiles_SaysAll() => Assert.Equal(
        """
        {"method":"gradcam++","parameters":{"eigen_smooth":false,"augment":false},"class":{"index":7,"label":"Küken, \"chick\""},
        "shape":[5,6],"min":-0.5,"max":2,"empty":false,"box":[1,2,30,40],"files":{"raw":"a.npy"}}
        """.ReplaceLineEndings(""),
        WrittenInside(json => ExplanationJson.WriteSummary(json, Summary, new Dictionary<string, string> { ["raw"] = "a.npy" })));

    [Fact]
    public void WriteSummary_WithoutBox_IsNull() => Assert.Contains(
        "\"empty\":true,\"box\":null,\"files\":{}",
        WrittenInside(json => ExplanationJson.WriteSummary(
            json, Summary with { IsEmpty = true, Box = null }, new Dictionary<string, string>())), StringComparison.Ordinal);

    private static Action Results(Utf8JsonWriter json) => () =>
    {
        json.WriteNumberValue(1);
        json.WriteNumberValue(2);
    };

    private static string WrittenInside(Action<Utf8JsonWriter> write) => Written(json =>
    {
        json.WriteStartObject();
        write(json);
        json.WriteEndObject();
    });

    private static string Written(Action<Utf8JsonWriter> write)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes, ExplanationJson.Options(isIndented: false)))
            write(json);
        return Encoding.UTF8.GetString(bytes.ToArray());
    }
}
