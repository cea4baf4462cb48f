using Microsoft.ML.OnnxRuntime;

namespace OnnxGrad.Tests.Graphs;

public class GraphBranchTests
{
    private static readonly float[] X = [-1, 2, 3];

    [Fact]
    public void MakeOptional_Wanted_GivesWhatTheWholeGraphGives()
    {
        var (model, wanted) = Doubled();
        var read = model.Graph.MakeOptional(wanted, "twice", "place");

        Assert.Equal(["rectified"], read);
        var (rectified, twice, place) = Run(model, true);
        Assert.Equal([0, 2, 3], rectified);
        Assert.Equal([0, 4, 6], twice);
        Assert.Equal([2], place);
    }

    [Fact]
    public void MakeOptional_Unwanted_GivesEmptyOutputsAndTheRest()
    {
        var (model, wanted) = Doubled();
        model.Graph.MakeOptional(wanted, "twice", "place");
        var (rectified, twice, place) = Run(model, false);
        Assert.Equal([0, 2, 3], rectified);
        Assert.Empty(twice);
        Assert.Empty(place);
    }

    [Fact]
    public void MakeOptional_MovesWhatServesTheOutputsAlone_WithItsConstants()
    {
        var (model, wanted) = Doubled();
        model.Graph.MakeOptional(wanted, "twice", "place");
        Assert.Equal(["Relu", "Identity", "If"], model.Graph.Nodes.Select(n => n.Operator));
        // The 2 that doubles lies in the branch; its name is no value of the graph around it any more.
        Assert.DoesNotContain(model.Graph.Nodes[^1].Reads.Where(model.Graph.Contains), model.Graph.IsConstant);
    }

    [Fact]
    public void MakeOptional_OneOfTwoOutputsOfAValue_LeavesTheOther()
    {
        var (model, wanted) = Doubled();
        var read = model.Graph.MakeOptional(wanted, "place");
        Assert.Equal(["rectified"], read);
        Assert.Equal([0, 4, 6], Run(model, false).Twice);
    }

    [Fact]
    public void MakeOptional_Twice_GivesTheSameBytes() => Assert.Equal(Bytes(), Bytes());

    // Names inside a branch are no values of the graph around it, and are taken all the same.
    [Fact]
    public void MakeOptional_ReadBackAndAppendedTo_NamesNothingAsTheBranchDoes()
    {
        var model = OnnxModel.Parse(Doubled().Model.ToBytes());
        var rectified = Rectified(model);
        var more = model.Graph.Input("more", ElementType.Bool, default);
        model.Graph.Output("thrice", rectified * 3);
        model.Graph.MakeOptional(more, "thrice");
        var inside = Names(model);

        var again = OnnxModel.Parse(model.ToBytes());
        again.Graph.Output("fivefold", Rectified(again) * 5);
        Assert.Empty(inside.Intersect(again.Graph.Values.Concat(again.Graph.Nodes.SelectMany(n => n.Inputs))));

        static Tensor Rectified(OnnxModel model)
        {
            model.Graph.Declare("rectified", ElementType.Float, new Shape(3));
            return model.Graph["rectified"];
        }

        static string[] Names(OnnxModel model) =>
            [.. model.Graph.Nodes.Single(n => n.Operator == "If").Reads.Where(n => n is not ("more" or "rectified"))];
    }

    [Theory]
    [InlineData("nowhere")]
    [InlineData("x")]
    [InlineData("sum")]
    public void MakeOptional_NoSuchOutput_IsRefused(string output)
    {
        var (model, wanted) = Doubled();
        model.Graph.Output("sum", model.Graph["rectified"].Sum([0], keep: false));
        var e = Assert.Throws<ArgumentException>(() => model.Graph.MakeOptional(wanted, output));
        Assert.Contains(output, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void MakeOptional_OriginalNodesOutput_IsRefused()
    {
        var model = OnnxModel.Parse(Doubled().Model.ToBytes());
        model.Graph.Declare("twice", ElementType.Float, new Shape(3));
        var wanted = model.Graph.Input("more", ElementType.Bool, default);
        Assert.Throws<ArgumentException>(() => model.Graph.MakeOptional(wanted, "twice"));
    }

    [Fact]
    public void MakeOptional_ConditionOfAnotherType_IsRefused()
    {
        var (model, _) = Doubled();
        Assert.Throws<ArgumentException>(() => model.Graph.MakeOptional(model.Graph.Scalar(1), "twice"));
        Assert.Throws<ArgumentException>(() => model.Graph.MakeOptional(model.Graph["rectified"] > 0, "twice"));
    }

    // rectified = relu(x); twice = 2 rectified; place = argmax rectified.
    private static (OnnxModel Model, Tensor Wanted) Doubled()
    {
        var model = OnnxModel.Create("doubled");
        var x = model.Graph.Input("x", ElementType.Float, new Shape(3));
        var wanted = model.Graph.Input("wanted", ElementType.Bool, default);
        model.Graph.Output("rectified", x.Relu());
        var rectified = model.Graph["rectified"];
        model.Graph.Output("twice", rectified * 2);
        model.Graph.Output("place", rectified.ArgMax(0));
        return (model, wanted);
    }

    private static byte[] Bytes()
    {
        var (model, wanted) = Doubled();
        model.Graph.MakeOptional(wanted, "twice", "place");
        return model.ToBytes();
    }

    private static (float[] Rectified, float[] Twice, long[] Place) Run(OnnxModel model, bool wanted)
    {
        using var options = new SessionOptions();
        using var session = model.OpenSession(options);
        using var x = OrtValue.CreateTensorValueFromMemory(X, [3]);
        using var condition = OrtValue.CreateTensorValueFromMemory([wanted], []);
        using var run = new RunOptions();
        using var results = session.Run(run, ["x", "wanted"], [x, condition], ["rectified", "twice", "place"]);
        return (results[0].GetTensorDataAsSpan<float>().ToArray(), results[1].GetTensorDataAsSpan<float>().ToArray(),
            results[2].GetTensorDataAsSpan<long>().ToArray());
    }
}
