using System.Text.Json;
using GradCamSharp.Methods;
using GradCamSharp.Targets;
using GradCamSharp.Tests.Oracle;
using OnnxGrad;

namespace GradCamSharp.Tests.Methods;

/// <summary>Sobol and HSIC attribution against float64 references (tests/reference/sensitivity.py), and where nothing varies.</summary>
public class SensitivityTests
{
    private static readonly JsonElement[] References = [.. JsonDocument.Parse(
        File.ReadAllText(Path.Combine(SharedData.RepositoryRoot(), "tests/reference/sensitivity.json"))).RootElement.EnumerateArray()];

    public static TheoryData<string> Networks => [.. References.Select(r => r.GetProperty("case").GetString()!).Distinct()];

    [Theory]
    [MemberData(nameof(Networks))]
    public void Map_OfAReference_IsWithinItsTolerance(string network)
    {
        var oracle = new OracleCase(network);
        using var explainer = oracle.Load();
        int size = oracle.Input.Values.Length / oracle.Input.Shape[0];
        foreach (var reference in References.Where(r => r.GetProperty("case").GetString() == network))
        {
            var method = CamMethods.Find(reference.GetProperty("method").GetString()!);
            foreach (var parameter in reference.GetProperty("parameters").EnumerateObject())
                method = method.With(parameter.Name, parameter.Value.ToString());
            int item = reference.GetProperty("item").GetInt32();
            var batch = explainer.Explain(
                oracle.Input.Values.AsMemory(item * size, size), oracle.InputShape.With(0, 1), [method],
                [ClassRequest.Index(reference.GetProperty("class").GetInt64())], TestContext.Current.CancellationToken);
            float[] expected = [.. reference.GetProperty("values").EnumerateArray().Select(v => v.GetSingle())];
            // The scores are computed in float32: what varies little loses most.
            Closeness.AssertWithin(1e-4, batch.Maps[method][0, 0], expected, $"{network} {method} {item}");
        }
    }

    [Theory]
    [InlineData("sobol")]
    [InlineData("hsic")]
    public void Map_OfAScoreThatDoesNotVary_IsZero(string name)
    {
        var method = CamMethods.Find(name).With("cells", "2");
        float[] map = TinyNetwork.Map(TinyNetwork.Linear(new Shape(1, 1, 2, 2), [0, 0, 0, 0]), method, 1, 2, 3, 4);
        Assert.Equal([0, 0, 0, 0], map);
    }

    [Fact]
    public void Map_OfOneCellThatCounts_IsThatCellAlone()
    {
        // S = 3 x_2: the variance is that cell's alone, and its total index is near 1.
        float[] map = TinyNetwork.Map(
            TinyNetwork.Linear(new Shape(1, 1, 2, 2), [0, 3, 0, 0]), new Sobol { Cells = new(2), Designs = 2000 }, 1, 2, 3, 4);
        Assert.Equal([0, 0, 0], [map[0], map[2], map[3]]);
        Assert.InRange(map[1], 0.95, 1.05);
    }

    [Fact]
    public void Map_OfTwoMasks_IsTheSumByHand()
    {
        // Of two masks a cell is on in one. y = (0, 1) or (1, 0), w = 0.5: L = [1 e; e 1] with e = exp(-2); H L H = (1 - e)/2 [1 -1; -1 1];
        // of K = I the trace is 1 - e, and (n - 1)^2 is 1.
        var method = new Hsic { Cells = new(1), Masks = 2 };
        float[] map = TinyNetwork.Map(TinyNetwork.Linear(new Shape(1, 1, 1, 1), [1]), method, 1);
        Assert.Equal(1 - Math.Exp(-2), map[0], 1e-6);
    }

    [Fact]
    public void Map_OfMoreCellsThanPixels_IsRefused()
    {
        var model = TinyNetwork.Linear(new Shape(1, 1, 2, 2), [0, 3, 0, 0]);
        var error = Assert.Throws<ArgumentException>(() => TinyNetwork.Map(model, new Sobol { Cells = new(3) }, 1, 2, 3, 4));
        Assert.Contains("'sobol.cells' is 3", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("--", error.Message, StringComparison.Ordinal);
    }
}
