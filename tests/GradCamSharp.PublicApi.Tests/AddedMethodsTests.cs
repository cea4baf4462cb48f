using GradCamSharp.Methods;
using GradCamSharp.Targets;
using OnnxGrad;

namespace GradCamSharp.PublicApi.Tests;

/// <summary>
/// A method of each of the four kinds, as docs/adding-a-method.md adds one: by what the packages show to their users and nothing more.
/// </summary>
public class AddedMethodsTests
{
    private static readonly float[] Activation = [1, 2, 0, 1, 2, 0, 1, 1], Gradient = [1, -1, 0, 0.5f, -0.5f, 0, 0.25f, -1];

    [Fact]
    public void Map_OfAMethodOfTheGraph_IsItsEquation() =>
        // w = (0.5, -1): relu(0.5 [1 2; 0 1] - [2 0; 1 1])
        Assert.Equal([0, 1, 0, 0], Map(new LastGradientCam()));

    [Fact]
    public void Map_OfAMethodOfTheGraphWithoutClass_IsItsEquation() => Assert.Equal([3, 2, 1, 2], Map(new ActivationSum()));

    [Fact]
    public void Map_OfAMethodOfWholeRuns_IsItsEquation()
    {
        // S = sum g x = -2.25, and S of three times the input is three times that.
        Assert.Equal([-2.25f, -4.5f, -6.75f], Map(new Multiples { Count = 3 }));
        Assert.Equal([-2.25f, -4.5f], Map(new Multiples().With("count", "2")));
        var error = Assert.Throws<ArgumentException>(() => Map(new Multiples { Count = 10 }));
        Assert.Contains("1 to 9", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Map_OfAMethodOfTailRuns_IsItsEquation() => Assert.Equal([-0.5f, -1.75f], Map(new OneChannel()));

    [Fact]
    public void Map_OfAMethodOfConcepts_HasAMapAConcept() => Assert.Equal([1, 2, 0, 1, 2, 0, 1, 1], Map(new Channels()));

    [Fact]
    public void Explain_WithMethodsOfAllKinds_RunsThemBesideTheLibrarys()
    {
        using var explainer = Load();
        ExplanationMethod[] methods = [new LastGradientCam(), new Multiples(), new OneChannel(), new Channels(), new GradCam()];
        var maps = explainer.Explain(
            Activation, new Shape(1, 2, 2, 2), methods, [ClassRequest.Top1], TestContext.Current.CancellationToken).Maps;
        Assert.Equal(methods, maps.Keys, (a, b) => maps.ContainsKey(a) && maps.ContainsKey(b));
    }

    private static float[] Map(ExplanationMethod method)
    {
        using var explainer = Load();
        return [.. explainer.Explain(Activation, new Shape(1, 2, 2, 2), [method], [ClassRequest.Index(0)]).Maps[method].Values];
    }

    // S = sum g x: the layer is a copy of the input.
    private static Explainer Load()
    {
        var model = OnnxModel.Create("tiny");
        var graph = model.Graph;
        var shape = new Shape(1, 2, 2, 2);
        var layer = graph.Append("Identity", [graph.Input("x", ElementType.Float, shape)], ElementType.Float, shape);
        var flat = graph.Append("Flatten", [layer], ElementType.Float, new Shape(1, 8));
        graph.Output("scores", flat.MatMul(graph.Weights("head", new Shape(8, 1), Gradient)));
        return Explainer.From(OnnxModel.Parse(model.ToBytes(), "tiny"), new ExplainerOptions { Layer = layer.Name });
    }

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

    private sealed record Multiples : WholeRunMethod
    {
        private static readonly MethodParameter[] Own =
            [MethodParameter.Integer<Multiples>("count", m => m.Count, (m, v) => m with { Count = (int)v }, 1, 9, "how many")];

        public int Count { get; init; } = 2;

        public override string Name => "multiples";

        public override string Title => "Multiples";

        public override string Equation => "S(x), S(2 x) ...";

        public override string Summary => "For the test.";

        public override MethodFamily Family => MethodFamily.Perturbation;

        public override string Cost => "2 F";

        public override IReadOnlyList<MethodParameter> Parameters => Own;

        public override RawMap Map(RunContext context)
        {
            float[] x = context.Input.ToArray();
            var scores = context.Scores(Count, (run, input) =>
            {
                for (int i = 0; i < x.Length; i++)
                    input[i] = x[i] * (run + 1);
            });
            return new RawMap(
                new Shape(Count), [.. Enumerable.Range(0, Count).Select(run => scores[run, context.ClassPlace, ScoreKind.Logit])]);
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

    private sealed record Channels : WholeRunMethod
    {
        public override string Name => "channels";

        public override string Title => "Channels";

        public override string Equation => "L_k = A^k";

        public override string Summary => "For the test.";

        public override MethodFamily Family => MethodFamily.Concept;

        public override string Cost => "F";

        public override RawMap Map(RunContext context) => new(context.LayerShape, [.. context.Activation]);
    }
}
