using GradCamSharp.Targets;
using OnnxGrad;

namespace GradCamSharp.Tests.Runtime;

/// <summary>
/// A detector that keeps more boxes of one picture than of another: its graph is compiled once, and its maps are the same.
/// </summary>
public class OpenLengthsTests
{
    private const int Side = 64;
    private const int Cells = 16;

    [Fact]
    public void Explain_PicturesWithDifferentlyManyBoxes_CompilesOnceAndMakesTheSameMaps()
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var explainer = TargetExplainer.From(Network(), new TargetOptions());
        var counts = new List<int>();
        for (int picture = 0; picture < 4; picture++)
        {
            var input = Picture(objects: picture + 1);
            using var alone = TargetExplainer.From(Network(), new TargetOptions());
            counts.Add(alone.Read(input, cancellation)[0].Detections.Count);
            var expected = alone.Explain(input, [], Target.Parse("box:0"), cancellation).Explanations[0];
            var actual = explainer.Explain(input, [], Target.Parse("box:0"), cancellation).Explanations[0];
            Assert.Equal(expected.Score, actual.Score, 1e-5);
            Assert.Equal(expected.Raw.ToArray(), actual.Raw.ToArray());
            Assert.Contains(actual.Raw.ToArray(), v => v > 0);
        }

        Assert.True(counts.Distinct().Count() > 2, string.Join(", ", counts));
        Assert.Equal(1, explainer.Compilations);
    }

    [Fact]
    public void Common_OfRunsThatDiffer_LeavesTheirLengthsOpenAndKeepsTheRest()
    {
        ShapeTable Run(long kept, long other, params long[] content) => ShapeTable.Empty.With(new Dictionary<string, ValueInfo>
        {
            ["boxes"] = new(ElementType.Float, new Shape(kept, 4)),
            ["scores"] = new(ElementType.Float, new Shape(kept)),
            ["others"] = new(ElementType.Float, new Shape(other)),
            ["fixed"] = new(ElementType.Int64, new Shape(1), content),
            ["axes"] = new(ElementType.Float, new Shape([.. Enumerable.Repeat((Dimension)1, (int)other)])),
        });
        var common = ShapeTable.Common([Run(3, 1, 5), Run(7, 2, 5)]);
        Assert.Equal(common.Find("scores")!.Shape[0], common.Find("boxes")!.Shape[0]);
        Assert.NotEqual(common.Find("scores")!.Shape[0], common.Find("others")!.Shape[0]);
        Assert.Equal(4, common.Find("boxes")!.Shape[1].Value);
        Assert.Equal([5], common.Find("fixed")!.Integers!);
        Assert.Null(common.Find("axes"));
        Assert.Null(ShapeTable.Common([Run(3, 1, 5), Run(3, 1, 6)]).Find("fixed")!.Integers);
    }

    // Bright squares on black.
    private static TargetInput Picture(int objects)
    {
        float[] values = new float[3 * Side * Side];
        for (int k = 0; k < objects; k++)
        {
            for (int i = 0; i < 3 * 64; i++)
                values[(i / 64 * Side * Side) + (((4 + (k / 2 * 32)) + (i % 64 / 8)) * Side) + 4 + (k % 2 * 32) + (i % 8)] = 1 + (0.1f * k);
        }

        return new TargetInput(values, new Shape(1, 3, Side, Side));
    }

    private static OnnxModel Network()
    {
        var model = OnnxModel.Create("keeps");
        var graph = model.Graph;
        var x = graph.Input("x", ElementType.Float, new Shape(1, 3, Side, Side));
        var features = Convolved(x, 3, 8, Window.Square(stride: 4, pad: 1), i => 0.1f + (0.02f * (i % 5))).Relu();
        var logits = Convolved(features, 8, 1, Window.Square(pad: 1), i => i % 9 == 4 ? 0.6f : 0.02f) - 2;
        const int Rows = Cells * Cells;
        var scores = logits.Reshape(new Shape(1, 1, Rows)).Sigmoid();
        float[] corners = [.. Enumerable.Range(0, Rows).SelectMany(i => (float[])
            [(i % Cells * 4) - 6, (i / Cells * 4) - 6, (i % Cells * 4) + 10, (i / Cells * 4) + 10])];
        var boxes = graph.Weights("corners", new Shape(1, Rows, 4), corners);
        var kept = graph.Append(
            "NonMaxSuppression",
            [boxes, scores, graph.Constant(100L), graph.Constant(ElementType.Float, new Shape(1), 0.1), graph.Constant(
                ElementType.Float, new Shape(1), 0.4)],
            ElementType.Int64, new Shape(new Dimension("kept"), 3));
        var row = kept.Gather(graph.Scalar(2L), 1);
        graph.Output("boxes", boxes.Reshape(new Shape(Rows, 4)).Gather(row, 0));
        graph.Output("labels", kept.Gather(graph.Scalar(1L), 1));
        graph.Output("scores", scores.Reshape(new Shape(Rows)).Gather(row, 0));
        return OnnxModel.Parse(model.ToBytes(), "keeps");
    }

    private static Tensor Convolved(Tensor x, int from, int to, Window window, Func<int, float> weight) => x.Conv(
        x.Graph.Weights($"w{from}", new Shape(to, from, 3, 3), [.. Enumerable.Range(0, to * from * 9).Select(weight)]), null, window);
}
