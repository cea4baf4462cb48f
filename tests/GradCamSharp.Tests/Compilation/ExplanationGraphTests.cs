using GradCamSharp.Compilation;
using GradCamSharp.Methods;
using OnnxGrad;

namespace GradCamSharp.Tests.Compilation;

public class ExplanationGraphTests
{
    [Theory]
    [InlineData("squeezenet", false)]
    [InlineData("squeezenet", true)]
    [InlineData("densenet", true)]
    public void Compile_Twice_GivesTheSameBytes(string network, bool several)
    {
        string path = Path.Combine(SharedData.Path($"oracle/cases/{network}"), "model.onnx");
        Assert.Equal(Compile(path, several), Compile(path, several));

        static byte[] Compile(string path, bool several)
        {
            var model = OnnxModel.Load(path);
            using var explainer = Explainer.From(model, new ExplainerOptions { Layer = "features" });
            var methods = CamMethods.All.Where(m => m is GraphMethod { TakesOneClass: false } and not (Cam or AttentionMethod)).ToArray();
            return ExplanationGraph.Compile(explainer.Analysis, explainer.Layer, methods, several, ranks: 2).ToBytes();
        }
    }

    [Fact]
    public void Compile_Model_LeavesItUnchanged()
    {
        var model = OnnxModel.Load(Path.Combine(SharedData.Path("oracle/cases/vgg"), "model.onnx"));
        byte[] before = model.ToBytes();
        using var explainer = Explainer.From(model, new ExplainerOptions());
        ExplanationGraph.Compile(explainer.Analysis, explainer.Layer, [new GradCamPlusPlus()], several: false, ranks: 1);
        Assert.Equal(before, model.ToBytes());
    }

    [Fact]
    public void OutputOf_Methods_AreUniqueIdentifiers()
    {
        string[] names = [.. CamMethods.All.Select(ExplanationGraph.OutputOf)];
        Assert.Equal(names.Length, names.Distinct().Count());
        Assert.All(names, n => Assert.Matches("^[a-z0-9_]+$", n));
    }
}
