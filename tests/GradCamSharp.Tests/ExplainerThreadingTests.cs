using System.Runtime.CompilerServices;
using GradCamSharp.Methods;
using GradCamSharp.Runtime;
using GradCamSharp.Targets;
using GradCamSharp.Tests.Methods;
using OnnxGrad;

namespace GradCamSharp.Tests;

/// <summary>What <see cref="Explainer"/> promises about threads, cancellation and disposing.</summary>
public class ExplainerThreadingTests
{
    private static readonly Shape InputShape = new(1, 2, 2, 2);
    private static readonly float[] Input = [1, 2, 3, 4, 5, 6, 7, 8];

    [Fact]
    public async Task Explain_ByManyThreadsAtOnce_GivesWhatOneThreadGives()
    {
        // Different methods and numbers of classes at once: some runs compile while others run.
        var requests = (from methods in (string[])["gradcam++", "gradcam", "gradcam++,gradcam,saliency"]
                        from classes in (ClassRequest[][])[[ClassRequest.Top1], [ClassRequest.Index(0), ClassRequest.Index(1)]]
                        from scale in (float[])[1, -2, 0.5f]
                        let input = Input.Select(v => v * scale).ToArray()
                        select (Methods: CamMethods.Parse(methods), Classes: classes, Input: input)).ToList();
        using var single = Tiny();
        var expected = requests
            .Select(r => single.Explain(r.Input, InputShape, r.Methods, r.Classes, TestContext.Current.CancellationToken))
            .Zip(requests, (batch, r) => Values(batch, r.Methods)).ToList();

        using var shared = Tiny();
        using var start = new ManualResetEventSlim();
        var tasks = requests.Select(r => Task.Run(() =>
        {
            start.Wait(TestContext.Current.CancellationToken);
            return Values(shared.Explain(r.Input, InputShape, r.Methods, r.Classes, TestContext.Current.CancellationToken), r.Methods);
        })).ToList();
        start.Set();
        var actual = await Task.WhenAll(tasks);

        Assert.Contains(expected, e => e.Any(v => v > 0));
        for (int i = 0; i < expected.Count; i++)
            Assert.Equal(expected[i], actual[i]);
    }

    [Fact]
    public void Explain_AfterDispose_IsRefused()
    {
        var explainer = Tiny();
        explainer.Dispose();
        explainer.Dispose();
        Assert.Throws<ObjectDisposedException>(() => Explain(explainer, new GradCam(), TestContext.Current.CancellationToken));
    }

    [Fact]
    public void Dispose_InTheMiddleOfARun_LetsItFinish()
    {
        // The method is asked for its map while the explanation is compiled: in the middle of Explain, wherever that runs.
        using var untouched = Tiny();
        var explainer = Tiny();
        var method = new Interrupting(explainer.Dispose);
        var expected = Explain(untouched, new GradCam(), TestContext.Current.CancellationToken);
        var actual = Explain(explainer, method, TestContext.Current.CancellationToken);

        Assert.Equal(1, method.Asked);
        Assert.Contains(expected, v => v > 0);
        Assert.Equal(expected, actual);
        Assert.Throws<ObjectDisposedException>(() => Explain(explainer, method, TestContext.Current.CancellationToken));
    }

    [Fact]
    public void Explain_CancelledBefore_DoesNotEvenCompile()
    {
        using var explainer = Tiny();
        var method = new Interrupting(() => { });
        Assert.Throws<OperationCanceledException>(() => Explain(explainer, method, new CancellationToken(canceled: true)));
        Assert.Equal(0, method.Asked);
    }

    [Fact]
    public void Explain_CancelledWhileItCompiles_DoesNotRun()
    {
        using var explainer = Tiny();
        using var source = new CancellationTokenSource();
        var method = new Interrupting(source.Cancel);
        Assert.Throws<OperationCanceledException>(() => Explain(explainer, method, source.Token));
        Assert.Equal(1, method.Asked);

        // The explainer is whole afterwards, and what was compiled is kept.
        Assert.Contains(Explain(explainer, method, TestContext.Current.CancellationToken), v => v > 0);
        Assert.Equal(1, method.Asked);
    }

    private static Explainer Tiny() =>
        Explainer.From(
            TinyNetwork.Rectified(InputShape, [1, 1, 2, 2, -1, 0, 0, 3], [0, 1, 0, 1, 4, 1, 1, -1]),
            new ExplainerOptions { Layer = "features" });

    private static float[] Explain(Explainer explainer, ExplanationMethod method, CancellationToken cancellationToken) =>
        explainer.Explain(Input, InputShape, [method], [ClassRequest.Top1], cancellationToken).Maps[method].Values.ToArray();

    private static float[] Values(MapBatch batch, IReadOnlyList<ExplanationMethod> methods) =>
        [.. methods.SelectMany(m => batch.Maps[m].Values)];

    /// <summary>Grad-CAM that does something else when it is asked for its map.</summary>
    private sealed record Interrupting(Action Interruption) : GraphMethod
    {
        private readonly GradCam inner = new();

        public int Asked { get; private set; }

        public override string Name => "interrupting";

        public override string Title => inner.Title;

        public override string Equation => inner.Equation;

        public override string Summary => inner.Summary;

        public override MethodFamily Family => inner.Family;

        // It counts, so it is like no other.
        public bool Equals(Interrupting? other) => ReferenceEquals(this, other);

        public override int GetHashCode() => RuntimeHelpers.GetHashCode(this);

        public override Tensor Map(MapContext context)
        {
            Asked++;
            Interruption();
            return inner.Map(context);
        }
    }
}
