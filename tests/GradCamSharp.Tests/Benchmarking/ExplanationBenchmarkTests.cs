using GradCamSharp.Benchmarking;
using GradCamSharp.Methods;
using GradCamSharp.Targets;
using GradCamSharp.Tests.Checking;

namespace GradCamSharp.Tests.Benchmarking;

public sealed class ExplanationBenchmarkTests
{
    [Fact]
    public void Run_TwoMethods_MeasuresEachBesideTheInference()
    {
        using var model = Explainer.Load(SharedData.Path("models/mnist/model.onnx"));
        var result = ExplanationBenchmark.Run(
            model, CamMethods.Parse("gradcam++,gradcam"), ClassRequest.Top(2), runs: 2,
            cancellationToken: TestContext.Current.CancellationToken);
        Assert.True(result.InferenceMilliseconds > 0);
        Assert.Equal(["gradcam++", "gradcam"], result.Methods.Select(m => m.Method));
        Assert.All(result.Methods, m => Assert.Equal(m.Milliseconds / result.InferenceMilliseconds, m.Ratio, 1e-9));
        Assert.True(result.PeakMegabytes > 10);
    }

    [Fact]
    public void Run_HalfPrecisionFile_IsFedHalves()
    {
        using var model = Explainer.Load(SharedData.Path("models/squeezenet1.1/model-fp16.onnx"));
        var result = ExplanationBenchmark.Run(
            model, CamMethods.Parse("gradcam"), [ClassRequest.Top1], runs: 1, cancellationToken: TestContext.Current.CancellationToken);
        Assert.True(result.InferenceMilliseconds > 0);
    }

    [Fact]
    public void Run_ModelInMemory_IsRefused()
    {
        using var explainer = Explainer.From(SmallNetwork.Create().Model, new ExplainerOptions());
        var refused = Assert.Throws<OnnxGrad.ModelException>(() => ExplanationBenchmark.Run(
            explainer, CamMethods.Parse("cam"), [ClassRequest.Top1], runs: 1, cancellationToken: TestContext.Current.CancellationToken));
        Assert.Contains("'small' is no file", refused.Message, StringComparison.Ordinal);
    }
}
