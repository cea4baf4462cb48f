using GradCamSharp.Benchmarking;
using GradCamSharp.Methods;

namespace GradCamSharp.Tests.Benchmarking;

public sealed class RunCountTests
{
    [Fact]
    public void Of_EveryMethod_IsCountedWithoutARun()
    {
        using var model = Explainer.Load(Shipped);
        foreach (var method in CamMethods.All)
        {
            var count = RunCount.Of(model, method, model.Layer);
            Assert.True(count.Whole >= 1 && count.Tail >= 0, method.Name);
            if (method is GraphMethod)
                Assert.Equal(new RunCount(1, 0), count);
        }
    }

    [Theory]
    [InlineData("rise", "masks", "250", 251)]
    [InlineData("lime", "samples", "64", 65)]
    [InlineData("smoothgrad", "samples", "9", 10)]
    [InlineData("blur-ig", "steps", "20", 23)]
    [InlineData("integrated-gradients", "steps", "16", 18)]
    public void Of_MethodOfManyRuns_IsWhatItsParametersSay(string method, string name, string value, long runs)
    {
        using var model = Explainer.Load(Shipped);
        Assert.Equal(runs, RunCount.Of(model, CamMethods.Find(method).With(name, value), model.Layer).Whole);
    }

    [Fact]
    public void Of_LinearTail_NeedsNoRunsOfIt()
    {
        using var model = Explainer.Load(Shipped);
        Assert.Equal(0, RunCount.Of(model, CamMethods.Find("ablationcam"), model.Layer).Tail);
        Assert.True(RunCount.Of(model, CamMethods.Find("ablationcam"), model.FindLayers()[0]).Tail > 1);
    }

    [Fact]
    public void Of_Target_CountsTheBlackBox()
    {
        using var model = TargetExplainer.Load(Shipped);
        Assert.Equal(51, RunCount.Of(model, CamMethods.Find("rise").With("masks", "50")).Whole);
    }

    private static string Shipped =>
        Path.Combine(SharedData.RepositoryRoot(), "src", "GradCamSharp.Cli", "Models", "scenes-resnet.onnx");
}
