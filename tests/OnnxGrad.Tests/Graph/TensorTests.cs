using Microsoft.ML.OnnxRuntime;
using OnnxGrad.Tests.Model;

namespace OnnxGrad.Tests.Graphs;

/// <summary>Every operator of Tensor on a mapped tensor, compared with the same operator on each of its parts.</summary>
public class TensorTests
{
    private const int Parts = 3;

    private static readonly Dictionary<string, (long[] Shape, Func<Tensor, Tensor> Apply)> Operators = new()
    {
        // Elementwise
        ["add, other has more axes"] = ([3], t => t + Weights(t, 2, 3)),
        ["add, other first and has fewer axes"] = ([2, 3], t => Weights(t, 3) + t),
        ["subtract from number"] = ([2, 3], t => 1 - t),
        ["multiply with itself"] = ([2, 3], t => t * t),
        ["multiply with its sum of fewer axes"] = ([2, 3], t => t * t.Sum([0], keep: false)),
        ["divide by other"] = ([2, 1], t => t / Weights(t, 2, 3)),
        ["negate"] = ([2, 3], t => -t),
        ["compare and select"] = ([3], t => Tensor.Where(t > 1, t, Weights(t, 2, 3))),
        ["compare with both ends"] = ([2, 3], t => ((t >= 0.7) & (t <= 1.5)).Cast(t.Type)),
        ["either or not"] = ([2, 3], t => (!(t < 0.7) | t.EqualTo(0)).Cast(t.Type)),
        ["where"] = ([2, 3], t => Tensor.Where(Weights(t, 4, 2, 3) > 1, t, 0)),
        ["maximum with other"] = ([3], t => t.Maximum(Weights(t, 2, 3))),
        ["minimum with other"] = ([3], t => Weights(t, 2, 3).Minimum(t)),
        ["power"] = ([2, 3], t => t.Pow(Weights(t, 3))),
        ["functions"] = ([2, 3], t => t.Exp().Log().Sqrt().Abs().Sigmoid().Tanh().Erf().Reciprocal().Square().Relu() + t.Sign()),
        // Reductions
        ["sum, kept"] = ([2, 3, 4], t => t.Sum([-1])),
        ["sum, gone"] = ([2, 3, 4], t => t.Sum([0, 2], keep: false)),
        ["mean"] = ([2, 3, 4], t => t.Mean([1], keep: false)),
        ["maximum"] = ([2, 3, 4], t => t.Max([1, 2])),
        ["minimum"] = ([2, 3, 4], t => t.Min([-1], keep: false)),
        ["spatial"] = ([2, 3, 2, 2], t => t.SumSpatial() + t.MeanSpatial() + t.MaxSpatial()),
        ["sum of channels"] = ([2, 3, 4], t => t.SumChannels()),
        ["sum to fewer axes"] = ([2, 3, 4], t => t.SumTo(new Shape(3, 1))),
        ["softmax"] = ([2, 3, 4], t => t.Softmax(1)),
        ["cumulative sum"] = ([2, 3, 4], t => t.CumulativeSum(-2, exclusive: true, reverse: true)),
        ["position of the largest"] = ([2, 3, 4], t => t.ArgMax(1).Cast(t.Type)),
        ["positions of the largest"] = ([2, 3, 4], t => t.TopIndices(2, -1).Cast(t.Type)),
        // Shapes
        ["reshape"] = ([2, 3, 4], t => t.Reshape(new Shape(t.Shape[0], 12))),
        ["reshape like"] = ([2, 12], t => t.ReshapeLike(Weights(t, 2, 3, 4))),
        ["expand like, more axes"] = ([1, 3], t => t.ExpandLike(Weights(t, 4, 2, 3))),
        ["expand to"] = ([2, 1], t => t.ExpandTo(new Shape(t.Shape[0], 3))),
        ["transpose"] = ([2, 3, 4], t => t.Transpose([2, 0, 1])),
        ["transpose matrix"] = ([2, 3, 4], t => t.TransposeMatrix()),
        ["unsqueeze"] = ([2, 3], t => t.Unsqueeze(0, -1)),
        ["squeeze"] = ([2, 1, 3, 1], t => t.Squeeze(1, -1)),
        ["slice"] = ([2, 5], t => t.Slice(-1, 4, 0, -2)),
        ["flip"] = ([2, 5], t => t.Flip(0, 1)),
        ["pad and cut"] = ([2, 5], t => t.Pad([0, 2], [0, -1], 7)),
        ["concatenate with other"] = ([2, 3], t => Tensor.Concat(-1, Weights(t, 2, 1), t, t)),
        ["split"] = ([2, 5], t => t.Split(1, [2, 3])[1]),
        ["zeros"] = ([2, 5], t => t.ZerosLike()),
        // Convolutions and matrix products
        ["convolution"] = ([2, 4, 5, 5], t => t.Conv(Weights(t, 6, 2, 3, 3), Weights(t, 6), Window.Square(stride: 2, pad: 1), group: 2)),
        ["transposed convolution"] =
            ([2, 4, 3, 3], t => t.ConvTranspose(Weights(t, 4, 2, 3, 3), Window.Square(stride: 2, pad: 1), [6, 6], group: 2)),
        ["maximum pooling"] = ([2, 3, 5, 5], t => t.MaxPool([3, 3], Window.Square(stride: 2, pad: 1))),
        ["average pooling"] = ([2, 3, 5, 5], t => t.AveragePool([3, 3], Window.Square(stride: 2, pad: 1))),
        ["matrix product from the left"] = ([2, 3], t => t.MatMul(Weights(t, 5, 3, 4))),
        ["matrix product from the right"] = ([3, 4], t => Weights(t, 5, 2, 3).MatMul(t)),
        ["matrix product of both"] = ([2, 3], t => t.MatMul(t.TransposeMatrix())),
        // Indexing
        ["gather"] = ([2, 5, 3], t => t.Gather(Matrix(t, 2, 2, 4, 0, 2, 2), 1)),
        ["gather at mapped positions"] = ([2, 5], t => Weights(t, 5, 3).Gather(t.ArgMax(1), 0)),
        ["gather elements"] = ([2, 3], t => t.GatherElements(Matrix(t, 2, 2, 2, 0, 1, 1), 1)),
        ["gather elements at mapped positions"] = ([2, 5], t => Weights(t, 2, 5).GatherElements(t.ArgMax(1), 1)),
        ["scatter elements into other"] = ([2, 2], t => Weights(t, 2, 3).ScatterElements(Matrix(t, 2, 2, 2, 0, 1, 1), t, 1)),
        ["scatter elements of other"] = ([2, 3], t => t.ScatterElements(Matrix(t, 2, 2, 2, 0, 1, 1), Weights(t, 2, 2), -1)),
        ["scatter slices into other"] = ([2, 3], t => Weights(t, 4, 3).ScatterND(Matrix(t, 2, 1, 3, 0), t)),
        ["gather slices"] = ([4, 3], t => t.GatherND(Matrix(t, 2, 1, 3, 0))),
        ["one hot"] = ([2, 5], t => t.ArgMax(1).OneHot(5, -1, t.Type)),
    };

    public static TheoryData<string> Names => [.. Operators.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Operator_MappedTensor_DoesWhatALoopDoes(string name)
    {
        var (shape, apply) = Operators[name];
        var model = OnnxModel.Create();
        var graph = model.Graph;
        var input = graph.Input("x", ElementType.Float, new Shape([Parts, .. shape]));
        var mapped = apply(input.Map());
        Assert.True(mapped.IsMapped);
        graph.Output("mapped", mapped.Unmap(0));
        for (int i = 0; i < Parts; i++)
        {
            var single = apply(input.Slice(0, i, i + 1).Squeeze(0));
            Assert.Equal(single.Shape, mapped.Shape);
            graph.Output($"single{i}", single);
        }

        using var session = Runtime.Session(model, GraphOptimizationLevel.ORT_DISABLE_ALL);
        var results = Runtime.Run(session, new Dictionary<string, Runtime.Value> { ["x"] = Runtime.Value.Random(input.Shape, 3, 0.5, 2) });
        double[] expected = [.. Enumerable.Range(0, Parts).SelectMany(i => results[$"single{i}"].Data)];
        Assert.Equal(new Shape([Parts, .. results["single0"].Shape]), results["mapped"].Shape);
        for (int i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i], results["mapped"].Data[i], 1e-5);
        Assert.Equal(mapped.Shape, results["single0"].Shape);
    }

    [Theory]
    [InlineData(0, new long[] { 3, 2, 4 })]
    [InlineData(1, new long[] { 2, 3, 4 })]
    [InlineData(2, new long[] { 2, 4, 3 })]
    public void Unmap_Axis_PlacesTheMappedAxis(int axis, long[] expected)
    {
        var model = OnnxModel.Create();
        var input = model.Graph.Input("x", ElementType.Float, new Shape(Parts, 2, 4));
        model.Graph.Output("y", input.Map().Unmap(axis) * 1.5);
        using var session = Runtime.Session(model, GraphOptimizationLevel.ORT_DISABLE_ALL);
        var results = Runtime.Run(session, new Dictionary<string, Runtime.Value> { ["x"] = Runtime.Value.Random(input.Shape, 3) });
        Assert.Equal(new Shape(expected), results["y"].Shape);
    }

    [Fact]
    public void Sum_NoAxisNamed_SumsAll()
    {
        var model = OnnxModel.Create();
        var input = model.Graph.Input("x", ElementType.Float, new Shape(2, 3));
        model.Graph.Output("y", input.Sum([], keep: false));
        using var session = Runtime.Session(model);
        var x = new Runtime.Value(ElementType.Float, new Shape(2, 3), [1, 2, 3, 4, 5, 6]);
        Assert.Equal([21], Runtime.Run(session, new Dictionary<string, Runtime.Value> { ["x"] = x })["y"].Data);
    }

    [Fact]
    public void Map_MappedTensor_IsRefused()
    {
        var input = OnnxModel.Create().Graph.Input("x", ElementType.Float, new Shape(3, 2));
        Assert.Throws<InvalidOperationException>(() => input.Map().Map());
    }

    /// <summary>A constant that is not mapped: 0.5, 0.6 ... 1.9, over and over.</summary>
    private static Tensor Weights(Tensor t, params long[] shape)
    {
        var of = new Shape(shape);
        return t.Graph.Constant(t.Type, of, [.. Enumerable.Range(0, (int)of.Size).Select(i => 0.5 + i % 15 * 0.1)]);
    }

    private static Tensor Matrix(Tensor t, long rows, long columns, params long[] values) =>
        t.Graph.Constant(values).Reshape(new Shape(rows, columns));
}
