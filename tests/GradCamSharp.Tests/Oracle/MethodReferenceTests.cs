using System.Runtime.InteropServices;
using GradCamSharp.Compilation;
using GradCamSharp.Methods;
using GradCamSharp.Output;
using GradCamSharp.Targets;
using Microsoft.ML.OnnxRuntime;

namespace GradCamSharp.Tests.Oracle;

/// <summary>
/// Every method's raw maps of small networks against float64 references, within the tolerance that each reference states.
/// </summary>
public class MethodReferenceTests
{
    /// <summary>Methods that the references have and the library has not yet. The list only shrinks.</summary>
    private static readonly HashSet<string> NotYet = [];

    public static TheoryData<string> Networks => [.. MethodReference.Networks];

    [Theory]
    [MemberData(nameof(Networks))]
    public void Explain_GraphMethods_MatchTheReferences(string network) => Check(network, m => m is GraphMethod, Explained);

    [Theory]
    [MemberData(nameof(Networks))]
    public void Explain_GraphMethodsWithoutOptimisations_MatchTheReferences(string network)
    {
        UnoptimisedGraph? graph = null;
        IReadOnlyList<ExplanationMethod>? compiled = null;
        try
        {
            Check(network, m => m is GraphMethod, (explainer, oracle, methods, @class) =>
            {
                if (methods != compiled)
                {
                    graph?.Dispose();
                    graph = new UnoptimisedGraph(explainer, methods, methods[0] is GraphMethod { TakesOneClass: false });
                    compiled = methods;
                }

                var maps = graph!.Run(oracle, @class);
                return [.. methods.Select(m => maps[m])];
            });
        }
        finally
        {
            graph?.Dispose();
        }
    }

    [Theory]
    [MemberData(nameof(Networks))]
    public void Explain_MethodsOfManyRuns_MatchTheReferences(string network) => Check(network, m => m is not GraphMethod, Explained);

    [Fact]
    public void References_OfMethodsThatAreThere_AreAllTested()
    {
        var missing = MethodReference.All.Where(r => !r.IsNoMethod && !NotYet.Contains(r.Method) && r.Find() is null);
        Assert.Empty(missing.Select(r => r.ToString()));
        Assert.DoesNotContain(CamMethods.All, m => NotYet.Contains(m.Name));
    }

    private static IReadOnlyList<float[]> Explained(
        Explainer explainer, OracleCase oracle, IReadOnlyList<ExplanationMethod> methods, long @class)
    {
        var batch = explainer.Explain(
            oracle.Input.Values, oracle.InputShape, methods, [ClassRequest.Index(@class)], TestContext.Current.CancellationToken);
        return [.. methods.Select(m => batch.Maps[m].Values.ToArray())];
    }

    /// <summary>Compiled by itself, for the runtime to run it as it is.</summary>
    private sealed class UnoptimisedGraph : IDisposable
    {
        private readonly Explainer explainer;
        private readonly IReadOnlyList<ExplanationMethod> methods;
        private readonly bool several;
        private readonly InferenceSession session;

        public UnoptimisedGraph(Explainer explainer, IReadOnlyList<ExplanationMethod> methods, bool several)
        {
            (this.explainer, this.methods, this.several) = (explainer, [.. methods.Distinct()], several);
            var model = ExplanationGraph.Compile(explainer.Analysis, explainer.Layer, this.methods, several, ranks: 1);
            using var options = new SessionOptions { GraphOptimizationLevel = GraphOptimizationLevel.ORT_DISABLE_ALL };
            session = model.OpenSession(options);
        }

        public Dictionary<ExplanationMethod, float[]> Run(OracleCase oracle, long @class)
        {
            using var input = OrtValue.CreateTensorValueFromMemory(oracle.Input.Values, oracle.InputShape.ToArray());
            // A second class rides on the mapped axis, and is not looked at.
            long[] classes = several ? [@class, 0] : [@class];
            using var request = OrtValue.CreateTensorValueFromMemory(classes, [classes.Length]);
            using var run = new RunOptions();
            using var results = session.Run(
                run, [explainer.Input.Name, ExplanationGraph.Request], [input, request], ExplanationGraph.OutputsOf(methods));
            return methods.Zip(results).ToDictionary(r => r.First, r => FirstClass(r.Second));
        }

        public void Dispose() => session.Dispose();
    }

    private static float[] FirstClass(OrtValue value)
    {
        long[] shape = value.GetTensorTypeAndShape().Shape;
        var all = value.GetTensorDataAsSpan<float>();
        int size = (int)shape[2..].Aggregate(1L, (a, b) => a * b);
        float[] first = new float[shape[0] * size];
        for (int item = 0; item < shape[0]; item++)
            all.Slice(item * (int)shape[1] * size, size).CopyTo(first.AsSpan(item * size));
        return first;
    }

    private static void Check(
        string network, Predicate<ExplanationMethod> isMeant,
        Func<Explainer, OracleCase, IReadOnlyList<ExplanationMethod>, long, IReadOnlyList<float[]>> explain)
    {
        var oracle = new OracleCase(network);
        var references = MethodReference.All.Where(r => r.Network == network && !r.IsNoMethod && !NotYet.Contains(r.Method))
            .Select(r => (Reference: r, Method: r.Find()!)).Where(r => isMeant(r.Method)).ToList();
        if (references.Count == 0)
            Assert.Skip($"No reference of '{network}' is of this kind.");
        var wrong = new List<string>();
        using var explainer = oracle.Load();
        // What takes one class alone is compiled apart from what takes several.
        foreach (var some in references.GroupBy(r => r.Method is GraphMethod { TakesOneClass: true })
            .SelectMany(g => g.Chunk(MethodReference.Together)))
        {
            ExplanationMethod[] methods = [.. some.Select(r => r.Method)];
            for (int item = 0; item < oracle.Classes.Length; item++)
            {
                var maps = explain(explainer, oracle, methods, oracle.Classes[item]);
                for (int i = 0; i < methods.Length; i++)
                {
                    var reference = some[i].Reference;
                    double error = Error(reference, maps[i], item, oracle);
                    TestContext.Current.TestOutputHelper?.WriteLine(FormattableString.Invariant($"{reference} {item}: {error:E1}"));
                    if (!(error <= reference.Tolerance))
                        wrong.Add(FormattableString.Invariant($"{reference} item {item}: {error:E2}, {reference.Tolerance:E0} is allowed"));
                }
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    private static double Error(MethodReference reference, float[] maps, int item, OracleCase oracle)
    {
        var expected = Npy.Read<float>(SharedData.Path($"methods/{reference.File}"));
        int size = expected.Values.Length / expected.Shape[0];
        ReadOnlySpan<float> actual = maps.AsSpan().Slice(item * maps.Length / oracle.Input.Shape[0], maps.Length / oracle.Input.Shape[0]);
        if (reference.SumsChannels)
            actual = Summed(actual, size);
        if (reference.IsOfSuperpixels)
            actual = OnePerSuperpixel(actual, reference, item, size);
        if (actual.Length != size)
            return double.PositiveInfinity;
        // The largest of all items, as the manifests count.
        double largest = expected.Values.Where(v => !float.IsNaN(v)).Max(v => Math.Abs((double)v)), worst = 0;
        for (int i = 0; i < size; i++)
        {
            // Where an item has fewer superpixels than another.
            if (float.IsNaN(expected.Values[(item * size) + i]))
                continue;
            double difference = Math.Abs((double)actual[i] - expected.Values[(item * size) + i]);
            worst = double.IsNaN(difference) ? double.PositiveInfinity : Math.Max(worst, difference);
        }

        return worst == 0 ? 0 : worst / largest;
    }

    private static float[] OnePerSuperpixel(ReadOnlySpan<float> pixels, MethodReference reference, int item, int count)
    {
        int[] labels = Labels(SharedData.Path($"methods/{reference.File}".Replace("lime_slic", "slic_segments", StringComparison.Ordinal)));
        float[] values = new float[count];
        Array.Fill(values, float.NaN);
        for (int p = 0; p < pixels.Length; p++)
        {
            int label = labels[(item * pixels.Length) + p];
            Assert.True(float.IsNaN(values[label]) || values[label] == pixels[p], $"Superpixel {label} of item {item} has several values.");
            values[label] = pixels[p];
        }

        return values;
    }

    // int32, which no input of the library is.
    private static int[] Labels(string path)
    {
        byte[] bytes = File.ReadAllBytes(path);
        int start = 10 + BitConverter.ToUInt16(bytes, 8);
        return MemoryMarshal.Cast<byte, int>(bytes.AsSpan(start)).ToArray();
    }

    private static float[] Summed(ReadOnlySpan<float> channels, int size)
    {
        double[] sum = new double[size];
        for (int i = 0; i < channels.Length; i++)
            sum[i % size] += channels[i];
        return Array.ConvertAll(sum, v => (float)v);
    }
}
