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

    [Fact]
    public void Explain_LayerBeforeMapsOfTheClasses_IsWhatRunsOfTheTailGive()
    {
        var oracle = new OracleCase("squeezenet");
        using var explainer = oracle.Load();
        Assert.NotNull(MapHead.Find(explainer.Analysis, explainer.Layer.Name));
        float[] item = oracle.Input.Values[..(oracle.Input.Values.Length / 2)];
        var shape = oracle.InputShape.With(0, 1);
        ExplanationMethod[] methods = [new AblationCam(), new ReciproCam(), new LayerValueMethod()];
        var computed = explainer.Explain(item, shape, methods, [ClassRequest.Top1], Token);
        int @class = (int)computed.Classes[0][0];
        float[] A = computed.Maps[methods[2]][0, 0].ToArray(), reciprocam = computed.Maps[methods[1]][0, 0].ToArray();
        int positions = reciprocam.Length, channels = A.Length / positions;

        var tail = explainer.Tail(shape, explainer.Layer).BehindLayer;
        float[] Scores(Func<int, bool> keeps) =>
            [.. tail.Run([.. A.Select((a, i) => keeps(i) ? a : 0)], 1, item, shape, Token)[0]];
        float[] alone = new float[positions], ablated = new float[positions];
        for (int p = 0; p < positions; p++)
        {
            float[] scores = Scores(i => i % positions == p), probabilities = new float[scores.Length];
            explainer.Score.Probabilities(scores, probabilities);
            alone[p] = probabilities[@class];
        }

        for (int k = 0; k < channels; k++)
        {
            float weight = computed.Scores[0][@class] - Scores(i => i / positions != k)[@class];
            for (int p = 0; p < positions; p++)
                ablated[p] += weight * A[(k * positions) + p];
        }

        Closeness.AssertWithin(1e-5, reciprocam, alone, "ReciproCAM");
        Closeness.AssertWithin(1e-4, computed.Maps[methods[0]][0, 0], [.. ablated.Select(v => Math.Max(0, v))], "Ablation-CAM");
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
