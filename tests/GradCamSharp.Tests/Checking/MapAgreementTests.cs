using GradCamSharp.Checking;
using GradCamSharp.Methods;
using GradCamSharp.Targets;
using GradCamSharp.Tests.Methods;
using GradCamSharp.Tests.Oracle;
using OnnxGrad;

namespace GradCamSharp.Tests.Checking;

public class MapAgreementTests
{
    [Fact]
    public void Of_AScoreThatIsTheSumOfItsInput_Agrees()
    {
        // S sums the upper half of a picture that is bright there: both maps say so.
        float[] upper = [.. Enumerable.Repeat(1f, 128), .. Enumerable.Repeat(0f, 128)];
        using var model = TargetExplainer.From(
            TinyNetwork.Rectified(new Shape(1, 1, 16, 16), upper), new TargetOptions());
        var found = MapAgreement.Of(
            model, new TargetInput(upper, new Shape(1, 1, 16, 16)), new LiteralTarget("scores", [], LiteralKind.Sum), 2000,
            TestContext.Current.CancellationToken);
        Assert.Equal("rise", found.BlackBox.Method.Name);
        Assert.InRange(found.Correlation!.Value, 0.5, 1);
        Assert.InRange(found.RelativeError!.Value, 1e-4, 1);
    }

    [Fact]
    public void Of_ABox_IsComparedWithDrise()
    {
        var references = new TargetCase("yolov8");
        using var model = references.Load();
        var found = MapAgreement.Of(
            model, references.Input(model), Target.Parse("box:0")[0], 20, TestContext.Current.CancellationToken);
        Assert.Equal("drise", found.BlackBox.Method.Name);
        Assert.InRange(found.Correlation!.Value, -1, 1);
        Assert.InRange(found.RankCorrelation!.Value, -1, 1);
    }

    [Fact]
    public void StandardError_OfManySeeds_IsHowFarTheirMapsLieApart()
    {
        // The mean over seeds of the estimated variance is the variance among seeds.
        const int Seeds = 30;
        float[] weights = [.. Enumerable.Range(0, 64).Select(i => MathF.Cos(i))];
        using var model = Explainer.From(TinyNetwork.Rectified(new Shape(1, 1, 8, 8), weights), new ExplainerOptions());
        float[] input = [.. Enumerable.Range(0, 64).Select(i => 1 + MathF.Sin(i))];
        var maps = Enumerable.Range(0, Seeds).Select(seed =>
        {
            var rise = new Rise { Masks = 50, Cells = new NumberList(4), Seed = seed, Score = ScoreKind.Logit };
            return model.Explain(
                input, new Shape(1, 1, 8, 8), [rise], [ClassRequest.Index(0)], TestContext.Current.CancellationToken).Maps[rise];
        }).ToList();
        double told = Math.Sqrt(maps.Average(m => Math.Pow(m.StandardError(0, 0)!.Value, 2)));
        double found = Math.Sqrt(Enumerable.Range(0, 64).Average(p =>
        {
            double[] values = [.. maps.Select(m => (double)m.Values[p])];
            double mean = values.Average();
            return values.Sum(v => (v - mean) * (v - mean)) / (Seeds - 1);
        }));
        Assert.InRange(told / found, 0.8, 1.25);
    }

    [Fact]
    public void Explain_ANumberThatIsWhole_HasNoGradientButAMapByMasks()
    {
        var references = new TargetCase("segmentation_argmax");
        using var model = references.Load();
        var both = references.Input(model);
        var input = both with { Batch = both.Batch[..(both.Batch.Length / 2)], Shape = new Shape([1, .. both.Shape.Slice(1, 3)]) };
        string output = model.Describe(input, TestContext.Current.CancellationToken).Outputs[0].Split(' ')[0];
        var count = Target.Parse($"sum({output})");
        var error = Assert.ThrowsAny<ModelException>(() => model.Explain(input, [], count, TestContext.Current.CancellationToken));
        Assert.Contains("whole numbers", error.Message, StringComparison.Ordinal);
        var map = model.Explain(
            input, [new Rise { Masks = 5, Cells = new NumberList(2) }], count, TestContext.Current.CancellationToken).Explanations[0];
        Assert.True(map.StandardError > 0);
    }
}
