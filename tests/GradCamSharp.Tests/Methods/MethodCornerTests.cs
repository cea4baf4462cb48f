using System.Text.Json;
using GradCamSharp.Methods;
using OnnxGrad;

namespace GradCamSharp.Tests.Methods;

/// <summary>
/// Hand-sized activations and gradients with what is easily got wrong: dead, constant and negative channels, sums of 0, one position, a
/// value exactly on a threshold, one and three axes.
/// </summary>
public class MethodCornerTests
{
    private static readonly Dictionary<string, ExplanationMethod> Methods = new()
    {
        ["gradcam"] = new GradCam(),
        ["gradcampp"] = new GradCamPlusPlus(),
        ["hirescam"] = new HiResCam(),
        ["elementwise"] = new ElementwiseCam(),
        ["layercam"] = new LayerCam(),
        ["xgradcam"] = new XGradCam(),
        ["fem"] = new Fem(),
        ["eigencam"] = new EigenCam(),
        ["eigencam_centred"] = new EigenCam { Centred = true },
        ["eigengradcam"] = new EigenGradCam(),
    };

    private static JsonElement Corners => SharedData.Find("methods/cases-cam/corners.json") is { } path
        ? JsonDocument.Parse(File.ReadAllText(path)).RootElement : JsonDocument.Parse("[]").RootElement;

    public static TheoryData<string> Names
    {
        get
        {
            string[] names = [.. Corners.EnumerateArray().Select(c => c.GetProperty("name").GetString()!)];
            return [.. names.DefaultIfEmpty("the shared test data are absent")];
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Map_OfACorner_IsTheReference(string name)
    {
        SharedData.Path("methods/cases-cam/corners.json");
        var corner = Corners.EnumerateArray().Single(c => c.GetProperty("name").GetString() == name);
        var (shape, activation) = Read(corner.GetProperty("A"));
        var (_, gradient) = Read(corner.GetProperty("g"));
        foreach (var (reference, method) in Methods)
        {
            float[] expected = Read(corner.GetProperty("maps").GetProperty(reference)).Values;
            float[] map = TinyNetwork.Map(TinyNetwork.Linear(shape, gradient), method, activation);
            Assert.Equal(expected.Length, map.Length);
            Assert.All(expected.Zip(map), v => Assert.True(
                Math.Abs(v.First - v.Second) < 1e-5, FormattableString.Invariant($"{reference}: {v.Second} where {v.First} is right")));
        }
    }

    private static (Shape Shape, float[] Values) Read(JsonElement nested)
    {
        var lengths = new List<long>();
        for (var e = nested; e.ValueKind == JsonValueKind.Array; e = e[0])
            lengths.Add(e.GetArrayLength());
        return (new Shape([.. lengths]), [.. Flat(nested)]);
    }

    private static IEnumerable<float> Flat(JsonElement e) =>
        e.ValueKind == JsonValueKind.Array ? e.EnumerateArray().SelectMany(Flat) : [e.GetSingle()];
}
