using Google.Protobuf;
using OnnxGrad.Tests.Model;

namespace OnnxGrad.Tests.Analysis;

public class ShapeInferenceTests
{
    private static readonly Shape OpenBatch = new(Dimension.Batch, 3, 4);

    [Fact]
    public void Analyse_OpenBatch_MarksTheLengthsThatFollowIt()
    {
        var table = Analyse(OpenBatch, new TestModel(18).Node("Flatten", ["x"], ["flat"])
            .Ints("target", -1).Node("Reshape", ["x", "target"], ["all"]).Output("flat").Output("all"));
        Assert.Equal(OpenBatch, table.Find("x")!.Shape);
        Assert.Equal(new Shape(Dimension.Batch, 12), table.Find("flat")!.Shape);
        Assert.Equal(new Shape(Dimension.Batch * 12), table.Find("all")!.Shape);
        Assert.Equal(ElementType.Float, table.Find("flat")!.Type);
    }

    [Fact]
    public void Analyse_NumberOfAxesThatFollowsTheBatch_StaysUnknown()
    {
        var table = Analyse(OpenBatch, new TestModel(18).Node("Squeeze", ["x"], ["y"]).Output("y"));
        Assert.Equal(OpenBatch, table.Find("x")!.Shape);
        Assert.Null(table.Find("y"));
    }

    [Fact]
    public void Analyse_TwoOpenLengths_IsRefused() =>
        Assert.Throws<ArgumentException>(() => Analyse(
            new Shape(Dimension.Batch, new Dimension("H"), 4), new TestModel(18).Node("Relu", ["x"], ["y"]).Output("y")));

    [Fact]
    public void Analyse_BatchFixedInside_BindsItToOne()
    {
        var table = Analyse(OpenBatch, new TestModel(18).Ints("target", 1, 12).Node("Reshape", ["x", "target"], ["y"]).Output("y"));
        Assert.Equal(new Shape(1, 3, 4), table.Find("x")!.Shape);
        Assert.Equal(new Shape(1, 12), table.Find("y")!.Shape);
    }

    [Fact]
    public void Analyse_IntegersFromShapes_AreKnownWhereEveryRunHasTheSame()
    {
        var table = Analyse(OpenBatch, new TestModel(18).Node("Shape", ["x"], ["all"])
            .Node("Shape", ["x"], ["tail"], ("start", 1L)).Output("all").Output("tail"));
        Assert.Equal([3L, 4L], table.Find("tail")!.Integers);
        Assert.Null(table.Find("all")!.Integers);
    }

    [Fact]
    public void Analyse_IntegersFromContents_StayUnknown()
    {
        var table = Analyse(
            new Shape(1, 3, 4), new TestModel(18).Node("ArgMax", ["x"], ["largest"], ("axis", 2L)).Output("largest"));
        Assert.Equal(new Shape(1, 3, 1), table.Find("largest")!.Shape);
        Assert.Null(table.Find("largest")!.Integers);
    }

    [Fact]
    public void Analyse_ShapesThatDoNotFit_NamesTheModelAndTheInput()
    {
        var e = Assert.Throws<ModelException>(() => Analyse(
            new Shape(1, 3, 4), new TestModel(18).Ints("target", 5, 5).Node("Reshape", ["x", "target"], ["y"]).Output("y")));
        Assert.Contains("'misfit'", e.Message, StringComparison.Ordinal);
        Assert.Contains("x [1, 3, 4]", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Analyse_TwoSizes_GivesTwoTablesAndLeavesTheModelAsItIs()
    {
        var model = Parse(new TestModel(18).Node("Relu", ["x"], ["y"]).Node("Flatten", ["y"], ["flat"]).Output("flat"));
        var small = ShapeInference.Analyse(model, new Dictionary<string, Shape> { ["x"] = new(1, 3, 4) });
        var large = ShapeInference.Analyse(model, new Dictionary<string, Shape> { ["x"] = new(2, 5, 6) }, ["flat"]);
        Assert.Equal(new Shape(1, 12), small.Find("flat")!.Shape);
        Assert.Equal(new Shape(2, 30), large.Find("flat")!.Shape);
        Assert.Equal(new Shape(1, 3, 4), small.Find("y")!.Shape);
        Assert.Null(large.Find("y"));
        Assert.Null(model.Graph.Info("flat"));

        // A model that knew another size forgets it: nothing of the small one is left over.
        var resized = model.WithShapes(small).WithShapes(large);
        Assert.Equal(new Shape(2, 5, 6), resized.Graph["x"].Shape);
        Assert.Equal(new Shape(2, 30), resized.Graph["flat"].Shape);
        Assert.Null(resized.Graph.Info("y"));
    }

    [Fact]
    public void Analyse_GraphBuiltWithOpenSizes_KnowsThem()
    {
        var model = OnnxModel.Create();
        var x = model.Graph.Input("x", ElementType.Float, new Shape(1, 2, new Dimension("H"), new Dimension("W")));
        var y = x.Relu();
        var table = ShapeInference.Analyse(model, new Dictionary<string, Shape> { ["x"] = new(1, 2, 4, 5) });
        Assert.Equal(new Shape(1, 2, 4, 5), table.Find(y.Name)!.Shape);
        Assert.Equal(new Shape(1, 2, 4, 5), model.WithShapes(table).Graph[y.Name].Shape);
    }

    private static ShapeTable Analyse(Shape x, TestModel test) =>
        ShapeInference.Analyse(Parse(test), new Dictionary<string, Shape> { ["x"] = x });

    private static OnnxModel Parse(TestModel test) =>
        OnnxModel.Parse(test.Input("x", ElementType.Float, -1, -1, -1).Proto.ToByteArray(), "misfit");
}
