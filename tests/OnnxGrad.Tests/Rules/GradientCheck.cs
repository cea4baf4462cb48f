using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using OnnxGrad.Protobuf;

namespace OnnxGrad.Tests.Rules;

/// <summary>
/// Compares a rule's gradient with central differences of the operator itself, element by element, in double precision where ONNX
/// Runtime has the operator so, else in single. Two cotangents ride on the mapped axis, so every row also checks that the rule
/// works for several classes at once.
/// </summary>
internal sealed class GradientCheck
{
    private const int Cotangents = 2;
    private readonly RuleCase row;
    private readonly ElementType type;
    private readonly double[][] values;

    private GradientCheck(RuleCase row, ElementType type)
    {
        this.row = row;
        this.type = type;
        var random = new System.Random(row.ToString().Aggregate(17, (h, c) => unchecked((h * 31) + c)));
        values = [.. row.Inputs.Select(i => i is Operand.Random r ? Draw(r, random) : [])];
    }

    public static void Run(RuleCase row, GraphOptimizationLevel optimizations)
    {
        try
        {
            if (!row.SinglePrecision)
            {
                new GradientCheck(row, ElementType.Double).Run(optimizations, 1e-3, row.Tolerance.Double);
                return;
            }
        }
        catch (ModelException e) when (e.InnerException is OnnxRuntimeException)
        {
            // No kernel for double precision.
        }

        new GradientCheck(row, ElementType.Float).Run(optimizations, 1.0 / 64, row.Tolerance.Single);
    }

    private void Run(GraphOptimizationLevel optimizations, double step, double tolerance)
    {
        var model = Build();
        string[] outputs = [.. row.Differentiated.Select(i => $"y{i}")];
        var shapes = ShapeInference.Analyse(
            model, Differentiable().ToDictionary(i => $"x{i}", i => ((Operand.Random)row.Inputs[i]!).Shape));
        model = model.WithShapes(shapes);
        var graph = model.Graph;
        using var options = new SessionOptions
        {
            GraphOptimizationLevel = optimizations,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL,
        };
        using var plain = Compared(model).OpenSession(options);

        var random = new System.Random(7);
        var seeds = outputs.ToDictionary(o => o, o => Draw(new Operand.Random(new Shape([Cotangents, .. graph[o].Shape]), -1, 1), random));
        var feeds = Differentiable().ToDictionary(i => $"x{i}", i => (((Operand.Random)row.Inputs[i]!).Shape, values[i]));
        var gradientFeeds = new Dictionary<string, (Shape, double[])>(feeds);
        var gradients = Differentiable().ToDictionary(i => i, _ => (Tensor?)null);
        foreach (string output in outputs)
        {
            var seed = graph.Input($"seed_{output}", type, new Shape([Cotangents, .. graph[output].Shape]));
            gradientFeeds[seed.Name] = (seed.Shape, seeds[output]);
            var found = ReverseMode.Gradients(
                graph[output], seed.Map(), [.. Differentiable().Select(i => graph[$"x{i}"])], StandardOperators.Registry);
            foreach (var (at, i) in Differentiable().Select((i, at) => (at, i)))
                gradients[i] = gradients[i] is { } sum && found[at] is { } more ? sum + more : gradients[i] ?? found[at];
        }

        foreach (int i in Differentiable())
        {
            var gradient = gradients[i] ?? throw new InvalidOperationException($"{row}: no gradient for input {i}.");
            Assert.Equal(graph[$"x{i}"].Shape, gradient.Shape);
            graph.Output($"dx{i}", (gradient.IsMapped ? gradient : gradient.MappedAs(graph[$"seed_{outputs[0]}"].Map())).Unmap(0));
        }

        graph.Prune();
        using var session = Compared(model).OpenSession(options);
        foreach (int i in Differentiable())
        {
            double[] analytic = Evaluate(session, gradientFeeds, $"dx{i}");
            double[] numeric = Differences(plain, feeds, i, outputs, seeds, step);
            double scale = Math.Max(1, numeric.Max(Math.Abs));
            for (int k = 0; k < analytic.Length; k++)
            {
                if (!(Math.Abs(analytic[k] - numeric[k]) <= tolerance * scale))
                    Assert.Fail($"{row}, {type}: input {i}, element {k}: the rule says {analytic[k]:g9}, " +
                        $"central differences say {numeric[k]:g9} (largest {scale:g3}).");
            }
        }
    }

    /// <summary>The fourth-order central difference of seed . y along each element of an input, for each cotangent.</summary>
    private double[] Differences(
        InferenceSession session, Dictionary<string, (Shape Shape, double[] Data)> feeds, int input,
        string[] outputs, Dictionary<string, double[]> seeds, double step)
    {
        double[] x = feeds[$"x{input}"].Data;
        double[] result = new double[Cotangents * x.Length];
        for (int k = 0; k < x.Length; k++)
        {
            foreach (var (offset, weight) in new[] { (-2, 1.0 / 12), (-1, -8.0 / 12), (1, 8.0 / 12), (2, -1.0 / 12) })
            {
                double[] moved = [.. x];
                moved[k] = type == ElementType.Float ? (float)(x[k] + (offset * step)) : x[k] + (offset * step);
                var at = new Dictionary<string, (Shape, double[])>(feeds) { [$"x{input}"] = (feeds[$"x{input}"].Shape, moved) };
                foreach (string output in outputs)
                {
                    double[] y = Evaluate(session, at, output);
                    for (int m = 0; m < Cotangents; m++)
                    {
                        double dot = 0;
                        for (int j = 0; j < y.Length; j++)
                            dot += seeds[output][(m * y.Length) + j] * y[j];
                        result[(m * x.Length) + k] += weight * dot / step;
                    }
                }
            }
        }

        return result;
    }

    private OnnxModel Compared(OnnxModel model) => row.WithoutRounding ? model.WithoutRounding()! : model.Copy();

    private IEnumerable<int> Differentiable() => Enumerable.Range(0, row.Inputs.Length).Where(i => row.Inputs[i] is Operand.Random);

    private OnnxModel Build()
    {
        var model = OnnxModel.Create(row.Operator, row.Opset);
        int dot = row.Operator.LastIndexOf('.');
        var node = new NodeProto { OpType = row.Operator[(dot + 1)..], Domain = dot < 0 ? "" : row.Operator[..dot], Name = "node" };
        if (dot >= 0)
            model.Proto.OpsetImport.Add(new OperatorSetIdProto { Domain = node.Domain, Version = 1 });
        for (int i = 0; i < row.Inputs.Length; i++)
        {
            node.Input.Add(row.Inputs[i] is null ? "" : $"x{i}");
            var constant = row.Inputs[i] switch
            {
                Operand.Integers n => TensorData.Int64($"x{i}", n.Shape, n.Values),
                Operand.Constant n => TensorData.Number($"x{i}", type, n.Shape, n.Values),
                Operand.Whole n => TensorData.Number($"x{i}", n.Type, n.Shape, n.Values),
                Operand.Floats n => TensorData.Number($"x{i}", ElementType.Float, new Shape(n.Values.Length), n.Values),
                Operand.Booleans n => TensorData.Number($"x{i}", ElementType.Bool, n.Shape, n.Values),
                _ => null,
            };
            if (constant is not null)
                model.Proto.Graph.Initializer.Add(constant);
            else if (row.Inputs[i] is Operand.Random r)
                model.Graph.Input($"x{i}", type, r.Shape);
        }

        if (row.Quantized)
        {
            var quantize = new NodeProto(node) { OpType = "QuantizeLinear", Name = "quantize" };
            quantize.Output.Add("quantized");
            foreach (var (name, value) in row.Attributes)
                quantize.SetAttribute(name, value);
            model.Proto.Graph.Node.Add(quantize);
            node.Input[0] = "quantized";
        }

        if (row.Dequantized)
        {
            node.Output.Add(["quantized", "scale", "zero"]);
            var read = new NodeProto { OpType = "DequantizeLinear", Name = "dequantize" };
            read.Input.Add(node.Output);
            read.Output.Add("y0");
            model.Proto.Graph.Output.Add(new ValueInfoProto { Name = "y0" });
            model.Proto.Graph.Node.Add([node, read]);
            return model.Copy();
        }

        for (int i = 0; i < row.Outputs; i++)
        {
            node.Output.Add($"y{i}");
            model.Proto.Graph.Output.Add(new ValueInfoProto { Name = $"y{i}" });
        }

        foreach (var (name, value) in row.Attributes)
            node.SetAttribute(name, value);
        model.Proto.Graph.Node.Add(node);
        return model.Copy();
    }

    private double[] Evaluate(InferenceSession session, Dictionary<string, (Shape Shape, double[] Data)> feeds, string output)
    {
        var inputs = feeds.ToDictionary(f => f.Key, f => Value(f.Value.Shape, f.Value.Data));
        using var run = new RunOptions { LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL };
        try
        {
            using var results = session.Run(run, inputs, [output]);
            return type == ElementType.Double ? results[0].GetTensorDataAsSpan<double>().ToArray()
                : Array.ConvertAll(results[0].GetTensorDataAsSpan<float>().ToArray(), v => (double)v);
        }
        finally
        {
            foreach (var input in inputs.Values)
                input.Dispose();
        }
    }

    private OrtValue Value(Shape shape, double[] data)
    {
        var value = OrtValue.CreateAllocatedTensorValue(OrtAllocator.DefaultInstance, (TensorElementType)type, shape.ToArray());
        var bytes = value.GetTensorMutableRawData();
        if (type == ElementType.Double)
            MemoryMarshal.AsBytes(data.AsSpan()).CopyTo(bytes);
        else
            MemoryMarshal.AsBytes(Array.ConvertAll(data, v => (float)v).AsSpan()).CopyTo(bytes);
        return value;
    }

    private static double[] Draw(Operand.Random operand, System.Random random)
    {
        double[] drawn = new double[operand.Shape.Size.Value];
        if (operand.IsDistinct)
        {
            for (int i = 0; i < drawn.Length; i++)
                drawn[i] = operand.Low + ((i + 0.5) * (operand.High - operand.Low) / drawn.Length);
            random.Shuffle(drawn);
            return drawn;
        }

        for (int i = 0; i < drawn.Length; i++)
        {
            do
                drawn[i] = operand.Low + (random.NextDouble() * (operand.High - operand.Low));
            while (operand.Kinks.Any(k => Math.Abs(drawn[i] - k) < 0.05));
        }

        return drawn;
    }
}
