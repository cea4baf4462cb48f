using System.Text.Json;
using GradCamSharp.Methods;
using GradCamSharp.Targets;
using GradCamSharp.Tests.Oracle;
using OnnxGrad;

namespace GradCamSharp.Tests.Methods.Relevance;

/// <summary>Accounts of relevance against those of the references.</summary>
public class RelevanceAccountTests
{
    public static TheoryData<string> Networks => [.. References().Select(r => r.GetProperty("case").GetString()!).Distinct()];

    [Theory]
    [MemberData(nameof(Networks))]
    public void Account_OfEveryReference_ClosesAndIsTheReferences(string network)
    {
        var oracle = new OracleCase(network);
        using var explainer = oracle.Load();
        var all = References().Where(r => r.GetProperty("case").GetString() == network).ToList();
        var wrong = new List<string>();
        foreach (var (entries, item) in all.Chunk(MethodReference.Together)
            .SelectMany(some => Enumerable.Range(0, oracle.Classes.Length).Select(i => (some, i))))
        {
            LayerwiseRelevance[] methods = [.. entries.Select(e => (LayerwiseRelevance)MethodReference.All.Single(
                r => r.Network == network && r.Method == e.GetProperty("method").GetString()).Find()!)];
            var batch = explainer.Explain(
                oracle.Input.Values, oracle.InputShape, methods, [ClassRequest.Index(oracle.Classes[item])],
                TestContext.Current.CancellationToken);
            for (int i = 0; i < methods.Length; i++)
            {
                var account = batch.Maps[methods[i]].Account(item, 0)!;
                double score = entries[i].GetProperty("score")[item].GetDouble();
                var absorbed = entries[i].GetProperty("absorbed");
                double scale = Math.Abs(score) + absorbed.EnumerateObject().Sum(a => Math.Abs(a.Value[item].GetDouble()));
                double tolerance = Math.Max(1e-4, entries[i].GetProperty("tolerance").GetDouble());
                Check("score", score, account.Score);
                Check("input", entries[i].GetProperty("sum")[item].GetDouble(), account.Input);
                foreach (var kind in absorbed.EnumerateObject().Where(a => a.Name != "stabiliser"))
                    Check(kind.Name, kind.Value[item].GetDouble(), account.Absorbed.GetValueOrDefault(kind.Name));
                if (!(account.Error <= 1e-5))
                    wrong.Add($"{network} {methods[i].Name} {item}: off by {account.Error:E1}");

                void Check(string what, double expected, double actual)
                {
                    if (!(Math.Abs(expected - actual) <= tolerance * scale))
                        wrong.Add($"{network} {methods[i].Name} {item}: {what} is {actual}, not {expected}");
                }
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    [Theory]
    [InlineData("constant", 0.5)]
    [InlineData("edge", 0)]
    public void Account_OfPaddingBeforeAFlatFirstLayer_CountsWhatThePaddingKeeps(string mode, double kept)
    {
        // Each of the four windows shares out its quarter of S = 2 by equal parts: half of its 2 x 1 values are padding.
        var model = TinyNetwork.Build(new Shape(1, 1, 1, 4), rectified: false, (graph, x) =>
        {
            var padded = graph.Append(
                "Pad", [x, graph.Constant(0, 0, 1, 0, 0, 0, 0, 0)], ElementType.Float, new Shape(1, 1, 2, 4), ("mode", mode));
            var weights = graph.Weights("weights", new Shape(1, 1, 2, 1), [1, 1]);
            var made = padded.Conv(weights, graph.Weights("bias", new Shape(1), [0]), Window.Square(stride: 1)).Relu();
            return TinyNetwork.Dense(graph.Append("GlobalAveragePool", [made], ElementType.Float, new Shape(1, 1, 1, 1)), "head", [1], [2]);
        });
        using var explainer = Explainer.From(model, new ExplainerOptions { Layer = "features" });
        var method = RelevanceMethods.EpsilonPlusFlat;
        var maps = explainer.Explain(
            new float[] { 1, 2, 3, 2 }, new Shape(1, 1, 1, 4), [method], [ClassRequest.Index(0)], TestContext.Current.CancellationToken);
        var account = maps.Maps[method].Account(0, 0)!;
        Assert.True(account.Closes);
        Assert.Equal(kept, account.Absorbed.GetValueOrDefault("constant") / account.Score, 1e-6);
        Assert.Equal(1 - kept, account.Input / account.Score, 1e-6);
    }

    // The account's own measure counts what was absorbed as well, and what cancels: here nothing but the score.
    [Theory]
    [InlineData("cifar10_resnet20")]
    [InlineData("hardnet39ds_w8")]
    [InlineData("mnist")]
    [InlineData("mobilenet_v2")]
    [InlineData("mobilenet_v3_small_w8")]
    [InlineData("regnetx_200mf")]
    [InlineData("shufflenet_v1_w8")]
    [InlineData("shufflenet_v2_int8")]
    [InlineData("squeezenet1.1")]
    public void Account_OfRealNetworks_ClosesTo1E5OfTheScore(string network)
    {
        using var explainer = Explainer.Load(SharedData.Path($"models/{network}/model.onnx"));
        var shape = explainer.Input.Shape.With(0, 1);
        float[] input = new float[(int)shape.Size];
        new RandomNumbers(1).FillNormal(input);
        LayerwiseRelevance[] methods = [.. RelevanceMethods.All.Where(m => m.Name is "lrp-0" or "lrp-gamma" or "lrp-epsilon-plus-flat")];
        var maps = explainer.Explain(input, shape, methods, [ClassRequest.Top1], TestContext.Current.CancellationToken).Maps;
        Assert.All(methods, m =>
        {
            var account = maps[m].Account(0, 0)!;
            Assert.InRange(Math.Abs(account.Gap), 0, 1e-5 * Math.Abs(account.Score));
        });
    }

    private static IEnumerable<JsonElement> References() => SharedData.Find("methods/cases-gradient/manifest.json") is not { } path ? []
        : JsonDocument.Parse(File.ReadAllText(path)).RootElement.GetProperty("references").EnumerateArray()
            .Where(r => r.TryGetProperty("absorbed", out _));
}
