using GradCamSharp.Errors;
using GradCamSharp.Methods;
using GradCamSharp.Output;
using GradCamSharp.Targets;
using GradCamSharp.Tests.Oracle;
using OnnxGrad;

namespace GradCamSharp.Tests.Methods.Relevance;

/// <summary>A rule set that a user writes, outside the library.</summary>
public class OwnRuleSetTests
{
    [Fact]
    public void RuleSet_OfTenLines_GivesZPlusOnVgg()
    {
        static IReadOnlyList<Tensor?> Positive(VjpContext c)
        {
            var layer = LinearLayer.Of(c)!;
            Tensor x = layer.Input, plus = layer.Weight.Relu(), minus = -(-layer.Weight).Relu();
            var (bias, any) = (layer.Bias!.Value.Relu(), layer.Apply(x.Relu(), plus) + layer.Apply(-(-x).Relu(), minus));
            var s = Tensor.Where((any + bias).NotZero(), layer.Relevance / (any + bias), 0);
            c.Keep("bias", s * bias);
            return layer.Answer(Tensor.Where(x > 0, layer.Transposed(s, plus), layer.Transposed(s, minus)));
        }

        var rules = new RuleSet("my z+", new Dictionary<string, VjpRule> { ["Conv"] = Positive, ["Gemm"] = Positive });
        var oracle = new OracleCase("vgg");
        using var explainer = oracle.Load();
        var method = RelevanceMethods.Auto with { Rules = rules };
        var reference = MethodReference.All.Single(r => r.Network == "vgg" && r.Method == "lrp-zplus");
        float[] expected = Npy.Read<float>(SharedData.Path($"methods/{reference.File}")).Values;
        for (int item = 0; item < oracle.Classes.Length; item++)
        {
            float[] map = explainer.Explain(
                oracle.Input.Values, oracle.InputShape, [method], [ClassRequest.Index(oracle.Classes[item])],
                TestContext.Current.CancellationToken).Maps[method][item, 0].ToArray();
            double largest = expected.Max(v => Math.Abs((double)v));
            int size = expected.Length / 2;
            for (int p = 0; p < size; p++)
            {
                double sum = (double)map[p] + map[p + size] + map[p + (2 * size)];
                Assert.InRange(Math.Abs(sum - expected[(item * size) + p]) / largest, 0, reference.Tolerance);
            }
        }
    }

    [Fact]
    public void Explain_RulesThatLoseRelevance_NamesTheNode()
    {
        var rules = RelevanceMethods.Zero.Composite!.ToRuleSet("lossy").With("Conv", static c => c.With(c.Dy * 0.5).Derivative());
        var oracle = new OracleCase("resnet");
        using var explainer = oracle.Load();
        var refusal = Assert.Throws<ExplanationException>(() => explainer.Explain(
            oracle.Input.Values, oracle.InputShape, [RelevanceMethods.Auto with { Rules = rules }], [ClassRequest.Top1],
            TestContext.Current.CancellationToken));
        Assert.Equal(ExplanationError.OpenAccount, refusal.Kind);
        Assert.Contains("Conv '", refusal.Message, StringComparison.Ordinal);
    }
}
