using GradCamSharp.Checking;
using GradCamSharp.Errors;
using GradCamSharp.Methods;
using GradCamSharp.Targets;
using OnnxGrad;

namespace GradCamSharp.Tests.Checking;

public sealed class GradientSelfTestTests
{
    [Fact]
    public void Run_TwoConvolutions_CountsTheOperatorsAndAgrees()
    {
        var network = SmallNetwork.Create();
        using var explainer = Explainer.From(network.Model, new ExplainerOptions { Layer = network.First });
        var report = GradientSelfTest.Run(explainer, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(network.First, report.Layer.Name);
        Assert.Equal(
            [new("Conv", 1), new("Gemm", 1), new("GlobalAveragePool", 1), new("Identity", 1), new("Relu", 1), new("Reshape", 1)],
            report.Operators);
        Assert.Empty(report.Missing);
        Assert.Empty(report.Explainable);
        Assert.Equal(GradientSelfTest.KinkedLimit, report.Limit);
        Assert.InRange(report.MaxRelativeError!.Value, 1e-12, report.Limit);
        Assert.True(report.Ok);
    }

    [Fact]
    public void Run_LinearTail_HasTheSmoothLimit()
    {
        var network = SmallNetwork.Create();
        using var explainer = Explainer.From(network.Model, new ExplainerOptions());
        var report = GradientSelfTest.Run(explainer, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(network.Second, report.Layer.Name);
        Assert.Equal(GradientSelfTest.SmoothLimit, report.Limit);
        Assert.True(report.Ok);
    }

    [Fact]
    public void Run_OwnInput_IsTheOneThatIsRun()
    {
        var network = SmallNetwork.Create();
        using var explainer = Explainer.From(network.Model, new ExplainerOptions { Layer = network.First });
        var noise = GradientSelfTest.Run(explainer, cancellationToken: TestContext.Current.CancellationToken);
        var ones = GradientSelfTest.Run(explainer, Enumerable.Repeat(1f, 3 * 8 * 8).ToArray(), TestContext.Current.CancellationToken);
        Assert.True(ones.Ok);
        Assert.NotEqual(noise.MaxRelativeError, ones.MaxRelativeError);
    }

    [Fact]
    public void Run_OperatorWithoutRule_NamesItAndTheLayersBehindIt()
    {
        // Random numbers have no derivative.
        var network = SmallNetwork.Create(between: "Bernoulli");
        using var explainer = Explainer.From(network.Model, new ExplainerOptions { Layer = network.First });
        var report = GradientSelfTest.Run(explainer, cancellationToken: TestContext.Current.CancellationToken);
        Assert.False(report.Ok);
        Assert.Null(report.MaxRelativeError);
        Assert.Equal(["Bernoulli"], report.Missing.Keys);
        Assert.Equal([network.Between], report.Missing["Bernoulli"]);
        Assert.Equal([network.Between, network.Second], report.Explainable.Select(l => l.Name));
    }

    [Fact]
    public void Run_TwoOperatorsWithoutRule_NamesBothAndExplainSaysTheSame()
    {
        var network = SmallNetwork.Create(between: "Bernoulli", aside: true);
        using var explainer = Explainer.From(network.Model, new ExplainerOptions { Layer = network.First });
        var report = GradientSelfTest.Run(explainer, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(["Bernoulli", "CenterCropPad"], report.Missing.Keys);
        Assert.Equal(["Bernoulli", "CenterCropPad", "Add", "Conv"], report.Explainable.Select(l => l.Operator));
        var refusal = Assert.Throws<ExplanationException>(() => explainer.Explain(
            new float[3 * 8 * 8], new Shape(1, 3, 8, 8), [new GradCamPlusPlus()], [ClassRequest.Top1],
            TestContext.Current.CancellationToken));
        foreach (string named in report.Missing.SelectMany(m => m.Value.Prepend(m.Key)).Concat(report.Explainable.Select(l => l.Name)))
            Assert.Contains(named, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Explain_OperatorsWithoutRuleInFrontOfTheLayer_AreNoObstacle()
    {
        var network = SmallNetwork.Create(between: "Bernoulli", aside: true);
        using var explainer = Explainer.From(network.Model, new ExplainerOptions());
        Assert.Equal(network.Second, explainer.Layer.Name);
        Assert.True(GradientSelfTest.Run(explainer, cancellationToken: TestContext.Current.CancellationToken).Ok);
        var explained = explainer.Explain(
            new float[3 * 8 * 8], new Shape(1, 3, 8, 8), [new GradCamPlusPlus()], [ClassRequest.Top1],
            TestContext.Current.CancellationToken);
        Assert.Equal(new Shape(1, 1, 4, 4), Assert.Single(explained.Maps).Value.Shape);
    }

    [Fact]
    public void RunAll_TwoConvolutions_ChecksEveryCandidate()
    {
        using var explainer = Explainer.From(SmallNetwork.Create().Model, new ExplainerOptions());
        var reports = GradientSelfTest.RunAll(explainer, cancellationToken: TestContext.Current.CancellationToken).ToList();
        Assert.Equal(explainer.FindLayers().Select(l => l.Name), reports.Select(r => r.Layer.Name));
        Assert.All(reports, r => Assert.True(r.Ok, $"{r.Layer.Name}: {r.MaxRelativeError}"));
    }

    [Theory]
    [InlineData("cifar10_resnet20")]
    [InlineData("mnist")]
    [InlineData("squeezenet1.1")]
    public void Run_RealNetwork_Agrees(string name)
    {
        using var explainer = Explainer.Load(SharedData.Path($"models/{name}/model.onnx"));
        var report = GradientSelfTest.Run(explainer, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Empty(report.Missing);
        Assert.True(report.Ok, $"{report.MaxRelativeError} > {report.Limit}");
    }
}
