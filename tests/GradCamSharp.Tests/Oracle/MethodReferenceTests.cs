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
    public void Explain_GraphMethods_MatchTheReferences(string network) =>
        Check(network, m => m is GraphMethod, Explained);

    [Theory]
    [MemberData(nameof(Networks))]
    public void Explain_GraphMethodsWithoutOptimisations_MatchTheReferences(string network) =>
        Check(network, m => m is GraphMethod, (oracle, methods, @class) =>
        {
            var several = WithoutOptimisations(oracle, [.. methods.Where(m => m is GraphMethod { TakesOneClass: false })], @class, true);
            var single = WithoutOptimisations(oracle, [.. methods.Where(m => m is GraphMethod { TakesOneClass: true })], @class, false);
            return [.. methods.Select(m => several.GetValueOrDefault(m) ?? single[m])];
        });

    [Theory]
    [MemberData(nameof(Networks))]
    public void Explain_MethodsOfManyRuns_MatchTheReferences(string network) =>
        Check(network, m => m is not GraphMethod, Explained);

    // Without methods that need the plain layout the runtime lays channels out in blocks.
    [Theory]
    [MemberData(nameof(Networks))]
    public void Explain_RelevanceThatFadesAtRectifiers_MatchesTheReferencesAlone(string network) =>
        Check(network, m => m is LayerwiseRelevance { IsContinuous: true }, Explained);

    [Fact]
    public void References_OfMethodsThatAreThere_AreAllTested()
    {
        var missing = MethodReference.All.Where(r => !r.IsNoMethod && !NotYet.Contains(r.Method) && r.Find() is null);
        Assert.Empty(missing.Select(r => r.ToString()));
        Assert.DoesNotContain(CamMethods.All, m => NotYet.Contains(m.Name));
    }

    private static IReadOnlyList<float[]> Explained(OracleCase oracle, IReadOnlyList<ExplanationMethod> methods, long @class)
    {
        using var explainer = oracle.Load();
        var batch = explainer.Explain(
            oracle.Input.Values, oracle.InputShape, methods, [ClassRequest.Index(@class)], TestContext.Current.CancellationToken);
        return [.. methods.Select(m => batch.Maps[m].Values.ToArray())];
    }

    private static Dictionary<ExplanationMethod, float[]> WithoutOptimisations(
        OracleCase oracle, IReadOnlyList<ExplanationMethod> methods, long @class, bool several)
    {
        methods = [.. methods.Distinct()];
        if (methods.Count == 0)
            return [];
        using var explainer = oracle.Load();
        var model = ExplanationGraph.Compile(explainer.Analysis, explainer.Layer, methods, several, ranks: 1);
        using var options = new SessionOptions { GraphOptimizationLevel = GraphOptimizationLevel.ORT_DISABLE_ALL };
        using var session = model.OpenSession(options);
        using var input = OrtValue.CreateTensorValueFromMemory(oracle.Input.Values, oracle.InputShape.ToArray());
        // A second class rides on the mapped axis, and is not looked at.
        long[] classes = several ? [@class, 0] : [@class];
        using var request = OrtValue.CreateTensorValueFromMemory(classes, [classes.Length]);
        using var run = new RunOptions();
        using var results = session.Run(
            run, [explainer.Input.Name, ExplanationGraph.Request], [input, request], ExplanationGraph.OutputsOf(methods));
        return methods.Zip(results).ToDictionary(r => r.First, r => FirstClass(r.Second));
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
        Func<OracleCase, IReadOnlyList<ExplanationMethod>, long, IReadOnlyList<float[]>> explain)
    {
        var oracle = new OracleCase(network);
        var references = MethodReference.All.Where(r => r.Network == network && !r.IsNoMethod && !NotYet.Contains(r.Method))
            .Select(r => (Reference: r, Method: r.Find()!)).Where(r => isMeant(r.Method)).ToList();
        if (references.Count == 0)
            Assert.Skip($"No reference of '{network}' is of this kind.");
        ExplanationMethod[] methods = [.. references.Select(r => r.Method)];
        var wrong = new List<string>();
        for (int item = 0; item < oracle.Classes.Length; item++)
        {
            var maps = explain(oracle, methods, oracle.Classes[item]);
            for (int i = 0; i < methods.Length; i++)
            {
                var reference = references[i].Reference;
                double error = Error(reference, maps[i], item, oracle);
                TestContext.Current.TestOutputHelper?.WriteLine(FormattableString.Invariant($"{reference} {item}: {error:E1}"));
                if (!(error <= reference.Tolerance))
                    wrong.Add(FormattableString.Invariant($"{reference} item {item}: {error:E2}, {reference.Tolerance:E0} is allowed"));
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
