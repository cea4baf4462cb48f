using GradCamSharp.Methods;
using GradCamSharp.Runs;
using GradCamSharp.Targets;
using GradCamSharp.Tests.Methods;
using GradCamSharp.Tests.Oracle;
using OnnxGrad;

namespace GradCamSharp.Tests.Runs;

/// <summary>What the engine of many runs promises: neighbours do not matter, runs are counted, cancelled and shared.</summary>
public class RunEngineTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("vgg")]
    [InlineData("swin")]
    public void Explain_AnItemAloneOrWithOthers_HasTheSameBytes(string network)
    {
        var oracle = new OracleCase(network);
        using var explainer = oracle.Load();
        ExplanationMethod[] methods =
            [
                new Rise { Masks = 70 }, new SmoothGrad { Samples = 4 }, new SsCam { Samples = 2 },
                new KernelShap { Pairs = 30, Cells = new(4) },
            ];
        var both = explainer.Explain(oracle.Input.Values, oracle.InputShape, methods, [ClassRequest.Index(1)], Token);
        int size = oracle.Input.Values.Length / 2;
        var second = explainer.Explain(
            oracle.Input.Values.AsMemory(size, size), oracle.InputShape.With(0, 1), methods, [ClassRequest.Index(1)], Token);
        foreach (var method in methods)
            Assert.Equal(both.Maps[method][1, 0].ToArray(), second.Maps[method][0, 0].ToArray());
    }

    [Fact]
    public void Explain_SeveralClasses_EachIsAsAlone()
    {
        var oracle = new OracleCase("vgg");
        using var explainer = oracle.Load();
        ExplanationMethod[] methods =
        [
            new ScoreCam(), new AblationCam(), new ShapleyCam(), new ReciproCam(), new EigenCam(), new IntegratedGradients { Steps = 4 },
            new GradCam(),
        ];
        var both = explainer.Explain(
            oracle.Input.Values, oracle.InputShape, methods, [ClassRequest.Index(2), ClassRequest.Index(9)], Token);
        var one = explainer.Explain(oracle.Input.Values, oracle.InputShape, methods, [ClassRequest.Index(9)], Token);
        foreach (var method in methods)
            Closeness.AssertWithin(1e-5, both.Maps[method][1, 1], one.Maps[method][1, 0], method.Name);
        Assert.Equal(2, both.Maps[new EigenCam()].Shape[1].Value);
    }

    [Fact]
    public void Explain_ManyRuns_AreToldAndCancelled()
    {
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var told = new Told(p => { if (p.Done >= 128) cancellation.Cancel(); });
        var oracle = new OracleCase("vgg");
        using var explainer = Explainer.Load(
            Path.Combine(SharedData.Path("oracle/cases/vgg"), "model.onnx"), new ExplainerOptions { Layer = "features", Progress = told });
        Assert.ThrowsAny<OperationCanceledException>(() => explainer.Explain(
            oracle.Input.Values, oracle.InputShape, [new Rise { Masks = 100_000 }], [ClassRequest.Top1], cancellation.Token));
        Assert.Equal(new RunProgress(128, 100_000), told.Last);
    }

    [Fact]
    public void Explain_MethodsOfTheSameRuns_RunOnce()
    {
        int runs = 0;
        var told = new Told(_ => runs++);
        var oracle = new OracleCase("vgg");
        using var explainer = Explainer.Load(
            Path.Combine(SharedData.Path("oracle/cases/vgg"), "model.onnx"), new ExplainerOptions { Layer = "features", Progress = told });
        explainer.Explain(
            oracle.Input.Values.AsMemory(0, oracle.Input.Values.Length / 2), oracle.InputShape.With(0, 1),
            [new SmoothGrad { Samples = 8 }, new VarGrad { Samples = 8 }, new SmoothGradSquared { Samples = 8 }], [ClassRequest.Top1],
            Token);
        Assert.Equal(1, runs);
    }

    [Fact]
    public void Explain_LinearTail_IsWhatItsRunsGive()
    {
        // S = sum_k w_k mean A^k, so without channel k it is less by w_k mean A^k; at one position alone it is sum_k w_k A^k_ij / 4.
        float[] x = [1, 2, 0, 1, 2, 0, 1, 1];
        var model = TinyNetwork.Pooled(new Shape(1, 2, 2, 2), [3, -1], [1, 1]);
        Assert.Equal([1, 6, 0, 2], TinyNetwork.Map(model, new AblationCam(), x), (e, a) => Math.Abs(e - a) < 1e-5);
        float[] alone = [0.25f, 1.5f, -0.25f, 0.5f];
        Assert.Equal(alone, TinyNetwork.Map(model, new ReciproCam { Score = ScoreKind.Logit }, x), (e, a) => Math.Abs(e - a) < 1e-5);
        // By runs of the tail: softmax of that and of the other class's mean.
        float[] other = [0.75f, 0.5f, 0.25f, 0.5f];
        Assert.Equal(
            alone.Zip(other, (s, o) => 1 / (1 + MathF.Exp(o - s))), TinyNetwork.Map(model, new ReciproCam(), x),
            (e, a) => Math.Abs(e - a) < 1e-5);
    }

    [Theory]
    [InlineData("MatMul")]
    [InlineData("Gemm")]
    [InlineData("Conv")]
    public void Explain_PooledTailOfOneItem_RunsAllChangesTogether(string classifier)
    {
        // S_0 = 3 mean A^0 - mean A^1 + 0.5, S_1 = mean A^0 + mean A^1 - 0.5, of one position alone.
        float[] x = [1, 2, 0, 1, 2, 0, 1, 1], bias = [0.5f, -0.5f];
        var model = TinyNetwork.Build(new Shape(1, 2, 2, 2), rectified: true, (graph, features) =>
        {
            var mean = graph.Append("GlobalAveragePool", [features], ElementType.Float, new Shape(1, 2, 1, 1));
            var shift = graph.Weights("shift", new Shape(2), bias);
            if (classifier == "MatMul")
                return TinyNetwork.Dense(mean, "head", [3, -1], [1, 1]) + shift;
            bool isConv = classifier == "Conv";
            var weights = graph.Weights("weights", isConv ? new Shape(2, 2, 1, 1) : new Shape(2, 2), [3, -1, 1, 1]);
            return isConv
                ? graph.Append("Conv", [mean, weights, shift], ElementType.Float, new Shape(1, 2, 1, 1)).Reshape(new Shape(1, 2))
                : graph.Append("Gemm", [mean.Reshape(new Shape(1, 2)), weights, shift], ElementType.Float, new Shape(1, 2), ("transB", 1L));
        });
        using var explainer = Explainer.From(model, new ExplainerOptions { Layer = "features" });
        var tail = explainer.Tail(new Shape(1, 2, 2, 2), explainer.Layer);
        Assert.Equal(4, tail.BehindPooling.BatchSize(most: 1, values: 2, runs: 4));
        Assert.Equal(
            Enumerable.Range(0, 4).Select(p => 1 / (1 + MathF.Exp(Other(p) - Own(p)))), TinyNetwork.Map(model, new ReciproCam(), x),
            (e, a) => Math.Abs(e - a) < 1e-5);

        float Own(int p) => (((3 * x[p]) - x[p + 4]) / 4) + 0.5f;

        float Other(int p) => ((x[p] + x[p + 4]) / 4) - 0.5f;
    }

    [Theory]
    [InlineData("squeezenet", "maps")]
    [InlineData("resnet", "linear")]
    [InlineData("mobilenet_v3", "pooled")]
    [InlineData("swin", "none")]
    public void Explain_ChangedLayers_AreScoredAsRunsOfTheTailScoreThem(string network, string shortcut)
    {
        var oracle = new OracleCase(network);
        using var explainer = oracle.Load();
        float[] item = oracle.Input.Values[..(oracle.Input.Values.Length / 2)];
        var shape = oracle.InputShape.With(0, 1);
        var tail = explainer.Tail(shape, explainer.Layer);
        Assert.Equal(shortcut, tail.MapHead is not null ? "maps" : tail.IsLinear ? "linear" : tail.IsPooled ? "pooled" : "none");
        ExplanationMethod[] methods =
            [new AblationCam(), new ReciproCam(), new ReciproCam { Score = ScoreKind.Logit, Gaussian = true }, new LayerValueMethod()];
        var computed = explainer.Explain(item, shape, methods, [ClassRequest.Top1], Token);
        var layer = explainer.Layer;
        var values = new LayerValues(layer, layer.Shape.Slice(1, layer.Shape.Rank - 1), computed.Maps[methods[3]][0, 0].ToArray());
        int @class = (int)computed.Classes[0][0], positions = values.Count(LayerAxis.Positions);

        var one = new AblationCam().Map(new TailRuns(values, @class, explainer, shape, item, computed.Scores[0].ToArray()));
        Closeness.AssertWithin(1e-4, computed.Maps[methods[0]][0, 0], one.Values.AsSpan(), "Ablation-CAM");
        foreach (var method in methods.OfType<ReciproCam>())
        {
            var map = method.Map(new TailRuns(values, @class, explainer, shape, item, computed.Scores[0].ToArray()));
            Assert.Equal(positions, map.Values.Length);
            Closeness.AssertWithin(2e-5, computed.Maps[method][0, 0], map.Values.AsSpan(), method.ToString());
        }
    }

    /// <summary>Every changed layer run through the whole part behind it.</summary>
    private sealed class TailRuns(LayerValues values, int @class, Explainer explainer, Shape shape, float[] item, float[] own) : TailContext
    {
        public override Shape LayerShape => values.Shape;

        public override ReadOnlySpan<float> Activation => values.Activation;

        public override int ClassPlace => 0;

        public override float Score(ScoreKind kind) => Of(own, kind);

        public override RunScores Scores(object key, int runs, ScoreKind kind, LayerChange change)
        {
            var scores = new RunScores(runs, 1);
            for (int run = 0; run < runs; run++)
            {
                float[] factors = new float[values.Count(change.Axis)], changed = new float[values.Values.Length];
                change.Write(run, factors);
                values.Multiply(change.Axis, factors, changed);
                var row = explainer.Tail(shape, explainer.Layer).BehindLayer.Run(changed, 1, item, shape, Token)[0];
                scores.Set(run, 0, row[@class], Of(row.AsSpan(), ScoreKind.Probability));
            }

            return scores;
        }

        private float Of(ReadOnlySpan<float> scores, ScoreKind kind)
        {
            float[] probabilities = new float[scores.Length];
            explainer.Score.Probabilities(scores, probabilities);
            return kind == ScoreKind.Logit ? scores[@class] : probabilities[@class];
        }
    }

    private sealed class Told(Action<RunProgress> tell) : IProgress<RunProgress>
    {
        public RunProgress Last { get; private set; }

        public void Report(RunProgress value)
        {
            Last = value;
            tell(value);
        }
    }
}
