using GradCamSharp.Errors;
using GradCamSharp.Methods;
using GradCamSharp.Targets;

namespace GradCamSharp.Tests.Methods;

/// <summary>
/// Attention methods on small transformers of every form. (Their numbers on a whole network are compared with references by
/// MethodReferenceTests.)
/// </summary>
public class AttentionMethodsTests
{
    private const int Items = 2;

    private static readonly AttentionMethod[] All =
        [new AttentionRaw(), new AttentionRollout(), new AttentionGradient(), new AttentionGeneric(), new TransformerAttribution()];

    [Theory]
    [InlineData(AttentionForm.MergedHeads)]
    [InlineData(AttentionForm.Einsum)]
    [InlineData(AttentionForm.Guarded)]
    [InlineData(AttentionForm.Standard23)]
    [InlineData(AttentionForm.Standard24)]
    public void Explain_EveryFormOfAttention_GivesTheSameMaps(AttentionForm form)
    {
        ExplanationMethod[] methods =
        [
            .. All, .. All.Select(m => m with { Head = 1 }), new GradCam(), RelevanceMethods.Attention,
            RelevanceMethods.All.Single(m => m.Name == "cp-lrp"),
            // Heads that are merged with pictures are taken for windows, which have another composite.
            form == AttentionForm.Guarded ? RelevanceMethods.Auto : RelevanceMethods.AttentionGamma,
        ];
        var expected = Maps(new TinyTransformer(), methods);
        var actual = Maps(new TinyTransformer { Form = form }, methods);
        for (int i = 0; i < methods.Length; i++)
        {
            float largest = expected[i].Max(MathF.Abs);
            Assert.True(largest > 1e-4, $"{methods[i]} is empty.");
            Assert.Equal(expected[i], actual[i], (e, a) => Math.Abs(e - a) <= 2e-5 * largest);
        }
    }

    [Theory]
    [InlineData(TokenPooling.ClassToken, 1, 0, 0, 1)]
    [InlineData(TokenPooling.SlicedClassToken, 1, 0, 0, 1)]
    [InlineData(TokenPooling.SlicedClassToken, 5, 0, 0, 1)]
    [InlineData(TokenPooling.Distilled, 2, 0, 0, 1)]
    [InlineData(TokenPooling.LastToken, 0, 1, 6, 7)]
    [InlineData(TokenPooling.Mean, 0, 0, 0, 6)]
    [InlineData(TokenPooling.Mean, 1, 2, 0, 9)]
    [InlineData(TokenPooling.MeanOfPatches, 4, 0, 4, 10)]
    [InlineData(TokenPooling.GlobalPool, 0, 0, 0, 6)]
    public void Explain_WhateverTokensAreRead_TheirRowsAreMapped(TokenPooling pooling, int leading, int trailing, int from, int to)
    {
        var network = new TinyTransformer { Pooling = pooling, Leading = leading, Trailing = trailing };
        ExplanationMethod[] matrices = [.. network.Matrices.Select(m => new GraphValueMethod(m))];
        var maps = Maps(network, [new AttentionRaw(), new AttentionRollout(), new AttentionRaw { Block = 0, Head = 1 }, .. matrices]);
        int tokens = network.Tokens, patches = TinyTransformer.Rows * TinyTransformer.Columns;
        double[][][] attention = [.. maps.Skip(3).Select(a => Mean(a, tokens))];
        for (int item = 0; item < Items; item++)
        {
            double[] row = [.. Enumerable.Range(0, tokens).Select(t => t >= from && t < to ? 1.0 / (to - from) : 0)];
            AssertClose(Patches(Times(row, attention[1][item], tokens)), maps[0], item);
            double[] rolled = row;
            foreach (var layer in attention.Reverse())
                rolled = [.. rolled.Zip(Times(rolled, layer[item], tokens), (a, b) => (a + b) / 2)];
            AssertClose(Patches(rolled), maps[1], item);
            double[] second = [.. maps[3].Skip(((item * TinyTransformer.Heads) + 1) * tokens * tokens).Take(tokens * tokens)
                .Select(v => (double)v)];
            AssertClose(Patches(Times(row, second, tokens)), maps[2], item);
        }

        double[] Patches(double[] row) => row[leading..(leading + patches)];

        void AssertClose(double[] expected, float[] map, int item) => Assert.Equal(
            expected, map.Skip(item * patches).Take(patches).Select(v => (double)v), (e, a) => Math.Abs(e - a) < 1e-6);
    }

    [Fact]
    public void Explain_SeveralClasses_AreThoseOfEachAlone()
    {
        using var explainer = Explainer.From(new TinyTransformer().Build(), new ExplainerOptions());
        var shape = explainer.Input.Shape.With(0, 1);
        float[] input = Input(1);
        var together = explainer.Explain(input, shape, All, [ClassRequest.Index(0), ClassRequest.Index(2)], Token);
        var alone = explainer.Explain(input, shape, All, [ClassRequest.Index(2)], Token);
        foreach (var method in All)
            Assert.Equal(alone.Maps[method].Values, together.Maps[method][0, 1].ToArray(), (e, a) => Math.Abs(e - a) < 1e-6);
        Assert.NotEqual(together.Maps[All[3]][0, 0].ToArray(), together.Maps[All[3]][0, 1].ToArray());
        Assert.Equal(together.Maps[All[0]][0, 0].ToArray(), together.Maps[All[0]][0, 1].ToArray());
    }

    [Fact]
    public void Explain_MeanOverHeads_IsTheMeanOfTheHeads()
    {
        var method = new AttentionGradient();
        var heads = Maps(new TinyTransformer(), [method, method with { Head = 0 }, method with { Head = 1 }]);
        Assert.Equal(heads[1].Zip(heads[2], (a, b) => (a + b) / 2), heads[0], (e, a) => Math.Abs(e - a) < 1e-6);
    }

    [Theory]
    [InlineData(AttentionForm.Windows, "within windows: its matrices are")]
    [InlineData(AttentionForm.Windows, "such as Swin")]
    [InlineData(AttentionForm.None, "'attention-generic' needs attention, and this network has none")]
    public void Explain_NetworkWithoutAttentionOfAllTokens_IsRefusedByName(AttentionForm form, string words)
    {
        var network = new TinyTransformer { Form = form, Leading = 0, Pooling = TokenPooling.Mean };
        var refused = Assert.Throws<ExplanationException>(() => Maps(network, [new AttentionGeneric()]));
        Assert.Equal(ExplanationError.UnsuitableMethod, refused.Kind);
        Assert.Contains(words, refused.Message, StringComparison.Ordinal);
        Assert.Contains("hirescam", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Explain_AllTokensAsOneVector_IsRefused()
    {
        var refused = Assert.Throws<ExplanationException>(
            () => Maps(new TinyTransformer { Pooling = TokenPooling.Flatten }, [new AttentionRollout()]));
        Assert.Contains("class token or a mean over tokens", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Explain_HeadOrBlockThatIsNotThere_SaysHowManyThereAre()
    {
        string head = Assert.Throws<ExplanationException>(() => Maps(new TinyTransformer(), [new AttentionRaw { Head = 2 }])).Message;
        Assert.Contains("head 2, and the blocks have 2, 0 to 1", head, StringComparison.Ordinal);
        string block = Assert.Throws<ExplanationException>(() => Maps(new TinyTransformer(), [new AttentionRaw { Block = 2 }])).Message;
        Assert.Contains("block 2, and the network has 2, 0 to 1", block, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("swin", "within windows")]
    [InlineData("resnet", "this network has none")]
    public void Explain_NetworksOfTheOracle_AreRefusedWhereTheyHaveNoSuchAttention(string network, string words)
    {
        using var explainer = Explainer.Load(Path.Combine(SharedData.Path($"oracle/cases/{network}"), "model.onnx"));
        var shape = explainer.Input.Shape.With(0, 1);
        foreach (var method in All)
        {
            string message = Assert.Throws<ExplanationException>(
                () => explainer.Explain(new float[shape.Size.Value], shape, [method], [ClassRequest.Top1], Token)).Message;
            Assert.Contains($"'{method.Name}'", message, StringComparison.Ordinal);
            Assert.Contains(words, message, StringComparison.Ordinal);
        }
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static float[][] Maps(TinyTransformer network, IReadOnlyList<ExplanationMethod> methods)
    {
        using var explainer = Explainer.From(network.Build(), new ExplainerOptions());
        var shape = explainer.Input.Shape.With(0, Items);
        var batch = explainer.Explain(Input(Items), shape, methods, [ClassRequest.Index(1)], Token);
        return [.. methods.Select(m => batch.Maps[m].Values.ToArray())];
    }

    private static float[] Input(int items) =>
        [.. Enumerable.Range(1, items * 3 * 4 * TinyTransformer.Rows * TinyTransformer.Columns).Select(i => 1.5f * MathF.Sin(i * 0.71f))];

    // [N, heads, T, T], for each item the mean over heads.
    private static double[][] Mean(float[] matrices, int tokens)
    {
        int size = tokens * tokens;
        const int heads = TinyTransformer.Heads;
        return [.. Enumerable.Range(0, Items).Select(item => Enumerable.Range(0, size).Select(
            i => Enumerable.Range(0, heads).Average(h => (double)matrices[(((item * heads) + h) * size) + i])).ToArray())];
    }

    private static double[] Times(double[] row, double[] matrix, int tokens) =>
        [.. Enumerable.Range(0, tokens).Select(k => Enumerable.Range(0, tokens).Sum(q => row[q] * matrix[(q * tokens) + k]))];
}
