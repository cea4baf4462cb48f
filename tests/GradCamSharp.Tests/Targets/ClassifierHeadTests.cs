using GradCamSharp.Targets;
using OnnxGrad;

namespace GradCamSharp.Tests.Targets;

public class ClassifierHeadTests
{
    [Fact(Timeout = 60_000)]
    public async Task Find_WeightsDoubledSixtyTimes_LooksAtEachNodeOnce() =>
        await FindAsync((graph, weights) =>
        {
            for (int i = 0; i < 60; i++)
                weights = graph.Append("Add", [weights, weights], ElementType.Float, weights.Shape);
            return weights;
        });

    [Fact(Timeout = 60_000)]
    public async Task Find_WeightsBehindALongChain_DoesNotOverflowTheStack() =>
        await FindAsync((graph, weights) =>
        {
            for (int i = 0; i < 100_000; i++)
                weights = graph.Append("Identity", [weights], ElementType.Float, weights.Shape);
            return weights;
        });

    // On another thread, so that a test that goes on for ever fails.
    private static Task FindAsync(Func<Graph, Tensor, Tensor> between) => Task.Run(() =>
    {
        var model = OnnxModel.Create("constant");
        var graph = model.Graph;
        var x = graph.Input("x", ElementType.Float, new Shape(1, 2));
        var weights = between(graph, graph.Weights("w", new Shape(2, 3), new float[6]));
        var scores = graph.Append("MatMul", [x, weights], ElementType.Float, new Shape(1, 3));
        Assert.Equal("x", ClassifierHead.Find(model, scores.Name, 3)?.Features);
    });
}
