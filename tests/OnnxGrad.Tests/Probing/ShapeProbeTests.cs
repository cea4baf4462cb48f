using Google.Protobuf;
using OnnxGrad.Tests.Model;

namespace OnnxGrad.Tests.Probing;

public class ShapeProbeTests
{
    private static readonly Shape OpenBatch = new(Shape.Dynamic, 3, 4);

    [Fact]
    public void Learn_OpenBatch_MarksTheLengthsThatFollowIt()
    {
        var model = Parse(new TestModel(18).Node("Flatten", ["x"], ["flat"])
            .Ints("target", -1).Node("Reshape", ["x", "target"], ["all"]).Output("flat").Output("all"));
        Assert.True(ShapeProbe.Learn(model, model.Graph.Values, new Dictionary<string, Shape> { ["x"] = OpenBatch }));
        Assert.Equal(OpenBatch, model.Graph["x"].Shape);
        Assert.Equal(new Shape(Shape.Dynamic, 12), model.Graph["flat"].Shape);
        Assert.Equal(new Shape(Shape.Dynamic), model.Graph["all"].Shape);
        Assert.Equal(ElementType.Float, model.Graph["flat"].Type);
    }

    [Fact]
    public void Learn_BatchFixedInside_BindsItToOne()
    {
        var model = Parse(new TestModel(18).Ints("target", 1, 12).Node("Reshape", ["x", "target"], ["y"]).Output("y"));
        Assert.False(ShapeProbe.Learn(model, model.Graph.Values, new Dictionary<string, Shape> { ["x"] = OpenBatch }));
        Assert.Equal(new Shape(1, 3, 4), model.Graph["x"].Shape);
        Assert.Equal(new Shape(1, 12), model.Graph["y"].Shape);
    }

    [Fact]
    public void Learn_IntegersFromShapes_AreKnownWhereEveryRunHasTheSame()
    {
        var model = Parse(new TestModel(18).Node("Shape", ["x"], ["all"])
            .Node("Shape", ["x"], ["tail"], ("start", 1L)).Output("all").Output("tail"));
        ShapeProbe.Learn(model, model.Graph.Values, new Dictionary<string, Shape> { ["x"] = OpenBatch });
        Assert.Equal([3L, 4L], model.Graph.Fact("tail")!.Integers);
        Assert.Null(model.Graph.Fact("all")!.Integers);
    }

    [Fact]
    public void Learn_IntegersFromContents_StayUnknown()
    {
        var model = Parse(new TestModel(18).Node("ArgMax", ["x"], ["largest"], ("axis", 2L)).Output("largest"));
        ShapeProbe.Learn(model, model.Graph.Values, new Dictionary<string, Shape> { ["x"] = new(1, 3, 4) });
        Assert.Equal(new Shape(1, 3, 1), model.Graph.Fact("largest")!.Shape);
        Assert.Null(model.Graph.Fact("largest")!.Integers);
    }

    [Fact]
    public void Learn_ShapesThatDoNotFit_NamesTheModelAndTheInput()
    {
        var model = Parse(new TestModel(18).Ints("target", 5, 5).Node("Reshape", ["x", "target"], ["y"]).Output("y"));
        var e = Assert.Throws<ModelException>(() =>
            ShapeProbe.Learn(model, model.Graph.Values, new Dictionary<string, Shape> { ["x"] = new(1, 3, 4) }));
        Assert.Contains("'misfit'", e.Message, StringComparison.Ordinal);
        Assert.Contains("x [1, 3, 4]", e.Message, StringComparison.Ordinal);
    }

    private static OnnxModel Parse(TestModel test) =>
        OnnxModel.Parse(test.Input("x", ElementType.Float, -1, 3, 4).Proto.ToByteArray(), "misfit");
}
