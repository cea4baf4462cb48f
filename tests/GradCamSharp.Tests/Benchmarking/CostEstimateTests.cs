using GradCamSharp.Benchmarking;
using GradCamSharp.Methods;
using GradCamSharp.Tests.Oracle;

namespace GradCamSharp.Tests.Benchmarking;

/// <summary>Estimates of what methods take: every method has one, and none makes its runs for it.</summary>
public class CostEstimateTests
{
    [Fact]
    public void Milliseconds_OfEveryMethodOfManyRuns_IsANumber()
    {
        var oracle = new OracleCase("vgg");
        using var explainer = oracle.Load();
        var estimate = new CostEstimate(explainer, TestContext.Current.CancellationToken);
        foreach (var all in CamMethods.All.Where(m => m is not GraphMethod))
        {
            // A few samples, steps and masks are enough to go through a method's work.
            var method = all.Parameters.Where(p => p.Name is "steps" or "samples" or "masks" or "designs")
                .Aggregate(all, (m, p) => m.With(p.Name, "20"));
            double milliseconds = estimate.Milliseconds(method);
            TestContext.Current.TestOutputHelper?.WriteLine(FormattableString.Invariant($"{method.Name}: {milliseconds:0.0}"));
            Assert.True(double.IsFinite(milliseconds) && milliseconds > 0, method.Name);
        }
    }

    [Fact]
    public void Milliseconds_OfTenThousandSteps_IsMoreThanOfThirtyTwo()
    {
        var oracle = new OracleCase("vgg");
        using var explainer = oracle.Load();
        var estimate = new CostEstimate(explainer, TestContext.Current.CancellationToken);
        double many = estimate.Milliseconds(new IntegratedGradients { Steps = 10_000 });
        Assert.True(many > 10 * estimate.Milliseconds(new IntegratedGradients()));
    }

    [Fact]
    public void Milliseconds_WhereItIsCancelled_Stops()
    {
        using var cancellation = new CancellationTokenSource();
        var oracle = new OracleCase("vgg");
        using var explainer = oracle.Load();
        var estimate = new CostEstimate(explainer, cancellation.Token);
        cancellation.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() => estimate.Milliseconds(new Rise()));
    }
}
