using GradCamSharp.Methods;
using GradCamSharp.Tests.Methods;
using OnnxGrad;

namespace GradCamSharp.Tests.Runs;

/// <summary>A method of each kind, as docs/adding-a-method.md adds one.</summary>
public class AddedMethodsTests
{
    private static readonly float[] Activation = [1, 2, 0, 1, 2, 0, 1, 1], Gradient = [1, -1, 0, 0.5f, -0.5f, 0, 0.25f, -1];

    [Fact]
    public void Map_OfAnAddedWeightedCam_IsItsEquation() =>
        // w = (0.5, -1): relu(0.5 [1 2; 0 1] - [2 0; 1 1])
        Assert.Equal([0, 1, 0, 0], Map(new LastGradientCam()));

    [Fact]
    public void Map_OfAnAddedGraphMethod_IsItsEquation() => Assert.Equal([3, 2, 1, 2], Map(new ActivationSum()));

    [Fact]
    public void Map_OfAnAddedWholeRunMethod_IsItsEquation() =>
        // S = sum g x, and S of twice the input is twice that: -1 + 0.5 - 1 + 0.25 - 1 = -2.25
        Assert.Equal([-2.25f, -4.5f], Map(new Doubled()));

    [Fact]
    public void Map_OfAnAddedTailRunMethod_IsItsEquation() => Assert.Equal([-0.5f, -1.75f], Map(new OneChannel()));

    private static float[] Map(ExplanationMethod method) =>
        TinyNetwork.Map(TinyNetwork.Linear(new Shape(1, 2, 2, 2), Gradient), method, Activation);

    private sealed record LastGradientCam : WeightedCam
    {
        public override string Name => "last";

        public override string Title => "Last gradient";

        public override string Equation => "w_k = g at the last position";

        public override string Summary => "For the test.";

        protected override Tensor Weights(Tensor A, Tensor g) => g.Slice(2, -1, long.MaxValue).Slice(3, -1, long.MaxValue);
    }

    private sealed record ActivationSum : GraphMethod
    {
        public override string Name => "sum";

        public override string Title => "Sum";

        public override string Equation => "sum_k A^k";

        public override string Summary => "For the test.";

        public override MethodFamily Family => MethodFamily.Cam;

        public override Tensor Map(MapContext context) => context.Activation.SumChannels();
    }

    private sealed record Doubled : WholeRunMethod
    {
        public override string Name => "doubled";

        public override string Title => "Doubled";

        public override string Equation => "S(x), S(2 x)";

        public override string Summary => "For the test.";

        public override MethodFamily Family => MethodFamily.Perturbation;

        public override string Cost => "2 F";

        public override RawMap Map(RunContext context)
        {
            float[] x = context.Input.ToArray();
            var scores = context.Scores(2, (run, input) =>
            {
                for (int i = 0; i < x.Length; i++)
                    input[i] = x[i] * (run + 1);
            });
            return new RawMap(
                new Shape(2), [.. Enumerable.Range(0, 2).Select(run => scores[run, context.ClassPlace, ScoreKind.Logit])]);
        }
    }

    private sealed record OneChannel : TailRunMethod
    {
        public override string Name => "one-channel";

        public override string Title => "One channel";

        public override string Equation => "S(A with all channels but k set to 0)";

        public override string Summary => "For the test.";

        public override MethodFamily Family => MethodFamily.Perturbation;

        public override string Cost => "F + K H";

        public override RawMap Map(TailContext context)
        {
            int channels = (int)context.LayerShape[0];
            var scores = context.Scores(
                Name, channels, ScoreKind.Logit, new LayerChange(LayerAxis.Channels, (run, factors) => factors[run] = 1));
            return new RawMap(
                new Shape(channels), [.. Enumerable.Range(0, channels).Select(k => scores[k, context.ClassPlace, ScoreKind.Logit])]);
        }
    }
}
