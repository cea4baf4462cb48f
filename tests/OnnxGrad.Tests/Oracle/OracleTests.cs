using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace OnnxGrad.Tests.Oracle;

/// <summary>Whole networks of every family against the gradients that PyTorch computes in double precision.</summary>
public class OracleTests
{
    private const string Cases = "oracle/cases";

    public static TheoryData<string, bool> Networks
    {
        get
        {
            string[] names = SharedData.Find(Cases) is { } folder
                ? [.. Directory.GetDirectories(folder).Select(f => Path.GetFileName(f)!).Order(StringComparer.Ordinal)]
                : ["all"];
            var rows = new TheoryData<string, bool>();
            foreach (string name in names)
            {
                rows.Add(name, false);
                rows.Add(name, true);
            }

            return rows;
        }
    }

    [Theory]
    [MemberData(nameof(Networks))]
    public void Gradients_OfANetwork_AreThoseOfTheReference(string name, bool openBatch)
    {
        SharedData.Path(Cases);
        var oracle = new OracleCase(Path.Combine(SharedData.Path(Cases), name));
        var model = OnnxModel.Load(oracle.Model);
        var (inputShape, input) = oracle.Read("input");
        string inputName = model.Graph.Inputs.Single();
        var probed = new Dictionary<string, Shape> { [inputName] = openBatch ? inputShape.With(0, Dimension.Batch) : inputShape };
        model = model.WithShapes(ShapeInference.Analyse(model, probed));
        var graph = model.Graph;
        var logits = graph["logits"];
        Assert.Equal(openBatch ? Dimension.Batch : inputShape[0], logits.Shape[0]);

        var seed = graph.Input("seed", ElementType.Float, logits.Shape);
        var plain = ReverseMode.Gradients(logits, seed, [graph["features"], graph[inputName]], StandardOperators.Registry);
        graph.Output("gradients", plain[0]!.Value);
        graph.Output("input_gradient", plain[1]!.Value);
        (string Reference, RuleSet Rules)[] ruleSets =
            [("guided", StandardRuleSets.GuidedBackpropagation), ("deconvnet", StandardRuleSets.Deconvolution)];
        foreach (var (reference, rules) in ruleSets.Where(r => oracle.Has(r.Reference)))
            graph.Output(reference, ReverseMode.Gradients(logits, seed, [graph[inputName]], model.Operators, rules)[0]!.Value);

        graph.Prune();
        using var options = new SessionOptions { LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL };
        // One ReLU6 of mobilenet_v2 stands 4.3e-7 from its kink for the second item: which side it falls on is a matter of the
        // order in which a convolution sums. Saliency runs without the runtime's layout of channels in blocks, which changes
        // that order (docs/benchmarks.md).
        if (name == "mobilenet_v2")
            options.GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_EXTENDED;
        using var session = model.OpenSession(options);
        double[] classes = oracle.Read("classes").Values;
        int count = (int)logits.Shape[1];
        float[] oneHot = new float[inputShape[0].Value * count];
        for (int i = 0; i < classes.Length; i++)
            oneHot[(i * count) + (int)classes[i]] = 1;
        using var x = Value(inputShape, Array.ConvertAll(input, v => (float)v));
        using var s = Value(new Shape(inputShape[0], count), oneHot);
        var feeds = new Dictionary<string, OrtValue> { [inputName] = x, ["seed"] = s };

        Compare("logits", 1e-4);
        Compare("gradients", 2e-4);
        Compare("input_gradient", 2e-3);
        Compare("guided", 2e-3);
        Compare("deconvnet", 2e-3);

        void Compare(string value, double tolerance)
        {
            if (!oracle.Has(value))
                return;
            using var run = new RunOptions();
            using var results = session.Run(run, feeds, [value]);
            var ours = results[0].GetTensorDataAsSpan<float>();
            var (shape, expected) = oracle.Read(value);
            Assert.Equal(shape, new Shape(results[0].GetTensorTypeAndShape().Shape));
            double largest = expected.Max(Math.Abs), worst = 0;
            for (int i = 0; i < expected.Length; i++)
                worst = Math.Max(worst, double.IsNaN(ours[i]) ? double.PositiveInfinity : Math.Abs(ours[i] - expected[i]));
            Assert.True(worst <= tolerance * largest, $"{value} of {name} differs by {worst / largest:g3} of the largest, {largest:g3}.");
        }
    }

    private static OrtValue Value(Shape shape, float[] content)
    {
        var value = OrtValue.CreateAllocatedTensorValue(OrtAllocator.DefaultInstance, TensorElementType.Float, shape.ToArray());
        MemoryMarshal.AsBytes(content.AsSpan()).CopyTo(value.GetTensorMutableRawData());
        return value;
    }
}
