using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using OnnxGrad.Protobuf;

namespace OnnxGrad.Tests.Rules;

/// <summary>Compares a rule's gradient with central differences of the operator itself, element by element.</summary>
internal sealed class GradientCheck
{
    private const double DoubleStep = 1e-3, SingleStep = 1.0 / 64;

    // What a few dozen roundings of 32-bit floats, 6e-8 each, add up to where nothing cancels.
    private const double Rounding = 3e-5;

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

    /// <summary>
    /// In double precision where ONNX Runtime has the operator so, else in single. Two cotangents ride on the mapped axis, so every row
    /// also checks that the rule works for several classes at once.
    /// </summary>
    public static void RunMapped(RuleCase row, GraphOptimizationLevel optimizations) =>
        InBestPrecision(row, check => check.Run(check.Model(), check, 2, optimizations));

    /// <summary>
    /// In single precision and for one cotangent, as networks are explained: then other nodes are made than for several in double
    /// precision. The differences are still taken in double precision where that can be.
    /// </summary>
    public static void RunSingle(RuleCase row, GraphOptimizationLevel optimizations)
    {
        var single = new GradientCheck(row, ElementType.Float);
        InBestPrecision(row, check =>
        {
            // Numbers that both precisions hold.
            foreach (double[] drawn in check.values)
            {
                for (int i = 0; i < drawn.Length; i++)
                    drawn[i] = (float)drawn[i];
            }

            single.Run(single.Model(), check, 0, optimizations);
        });
    }

    /// <summary>With the first length of the first differentiated input left open until the graph runs, and what follows from it.</summary>
    /// <returns>Whether it can be left open: neither a rule nor the runtime refuses it.</returns>
    public static bool RunOpen(RuleCase row, GraphOptimizationLevel optimizations)
    {
        bool ran = false;
        InBestPrecision(row, check =>
        {
            if (check.OpenModel() is not { } model)
                return;
            try
            {
                check.Run(model, check, 2, optimizations);
                ran = true;
            }
            catch (Exception e) when (row.FixesBatch is not null && e is ModelException or OnnxRuntimeException)
            {
                // As the row says.
            }
        });
        return ran;
    }

    private static void InBestPrecision(RuleCase row, Action<GradientCheck> check)
    {
        try
        {
            if (!row.SinglePrecision)
            {
                check(new GradientCheck(row, ElementType.Double));
                return;
            }
        }
        catch (ModelException e) when (e.InnerException is OnnxRuntimeException)
        {
            // No kernel for double precision.
        }

        check(new GradientCheck(row, ElementType.Float));
    }

    /// <param name="model">The row's node; its shapes are known, or one length in them is open.</param>
    /// <param name="reference">What the differences are taken of.</param>
    /// <param name="mapped">How many cotangents ride on the mapped axis; 0 for one that does not.</param>
    /// <param name="optimizations">The runtime's optimisations.</param>
    private void Run(OnnxModel model, GradientCheck reference, int mapped, GraphOptimizationLevel optimizations)
    {
        int cotangents = Math.Max(1, mapped);
        var graph = model.Graph;
        string[] outputs = [.. row.Differentiated.Select(i => $"y{i}")];
        using var options = new SessionOptions
        {
            GraphOptimizationLevel = optimizations,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL,
        };
        var exact = reference.Model();
        using var plain = Compared(exact).OpenSession(options);

        var random = new System.Random(7);
        var seeds = outputs.ToDictionary(
            o => o, o => Draw(new Operand.Random(new Shape([cotangents, .. exact.Graph[o].Shape]), -1, 1), random));
        var gradients = Differentiable().ToDictionary(i => i, _ => (Tensor?)null);
        var feeds = Feeds();
        foreach (string output in outputs)
        {
            Shape own = graph[output].Shape, fed = exact.Graph[output].Shape;
            var seed = graph.Input($"seed_{output}", type, mapped > 0 ? new Shape([mapped, .. own]) : own);
            feeds[seed.Name] = (mapped > 0 ? new Shape([mapped, .. fed]) : fed, seeds[output]);
            var found = ReverseMode.Gradients(
                graph[output], mapped > 0 ? seed.Map() : seed, [.. Differentiable().Select(i => graph[$"x{i}"])], model.Operators);
            foreach (var (at, i) in Differentiable().Select((i, at) => (at, i)))
                gradients[i] = gradients[i] is { } sum && found[at] is { } more ? sum + more : gradients[i] ?? found[at];
        }

        foreach (int i in Differentiable())
        {
            var gradient = gradients[i] ?? throw new InvalidOperationException($"{row}: no gradient for input {i}.");
            Assert.Equal(graph[$"x{i}"].Shape, gradient.Shape);
            if (mapped > 0)
                gradient = (gradient.IsMapped ? gradient : gradient.MappedAs(graph[$"seed_{outputs[0]}"].Map())).Unmap(0);
            graph.Output($"dx{i}", gradient);
        }

        graph.Prune();
        using var session = Compared(model).OpenSession(options);
        foreach (int i in Differentiable())
        {
            double[] analytic = Evaluate(session, feeds, $"dx{i}");
            double[] numeric = reference.Differences(plain, i, outputs, seeds, cotangents);
            double scale = Math.Max(1, numeric.Max(Math.Abs));
            double tolerance = reference.type == ElementType.Float ? row.Tolerance.Single
                : type == ElementType.Float ? Math.Max(Rounding, row.Tolerance.Double)
                : row.Tolerance.Double;
            for (int k = 0; k < analytic.Length; k++)
            {
                if (!(Math.Abs(analytic[k] - numeric[k]) <= tolerance * scale))
                    Assert.Fail($"{row}, {type}: input {i}, element {k}: the rule says {analytic[k]:g9}, " +
                        $"central differences say {numeric[k]:g9} (largest {scale:g3}).");
            }
        }
    }

    private OnnxModel Model() => Analysed(Inputs());

    private Dictionary<string, Shape> Inputs() => Differentiable().ToDictionary(i => $"x{i}", i => ((Operand.Random)row.Inputs[i]!).Shape);

    private Dictionary<string, (Shape Shape, double[] Data)> Feeds() =>
        Differentiable().ToDictionary(i => $"x{i}", i => (((Operand.Random)row.Inputs[i]!).Shape, values[i]));

    private OnnxModel Analysed(Dictionary<string, Shape> inputs)
    {
        var model = Build(inputs);
        return model.WithShapes(ShapeInference.Analyse(model, inputs));
    }

    private OnnxModel? OpenModel()
    {
        var inputs = Inputs();
        var (lead, shape) = inputs.First();
        if (shape.Rank == 0)
            return null;
        // What keeps the row from running at all, such as a missing kernel, is no matter of the open length.
        _ = Model();
        // Operands of the same length there go together, unless only one of them is open in the operator.
        string[] partners = [.. inputs.Where(i => i.Value.Rank == shape.Rank && i.Value[0] == shape[0]).Select(i => i.Key)];
        foreach (string[] open in (string[][])[partners, [lead]])
        {
            var opened = inputs.ToDictionary(i => i.Key, i => open.Contains(i.Key) ? i.Value.With(0, Dimension.Batch) : i.Value);
            if (TryAnalysed(opened) is { } model && !model.Graph[lead].Shape.IsStatic)
                return model;
        }

        return null;
    }

    private OnnxModel? TryAnalysed(Dictionary<string, Shape> inputs)
    {
        try
        {
            return Analysed(inputs);
        }
        catch (ModelException e) when (e.InnerException is OnnxRuntimeException)
        {
            return null;
        }
    }

    /// <summary>The fourth-order central difference of seed . y along each element of an input, for each cotangent.</summary>
    private double[] Differences(
        InferenceSession session, int input, string[] outputs, Dictionary<string, double[]> seeds, int cotangents)
    {
        var feeds = Feeds();
        double step = type == ElementType.Double ? DoubleStep : SingleStep;
        var (shape, x) = feeds[$"x{input}"];
        double[] result = new double[cotangents * x.Length];
        for (int k = 0; k < x.Length; k++)
        {
            foreach (var (offset, weight) in new[] { (-2, 1.0 / 12), (-1, -8.0 / 12), (1, 8.0 / 12), (2, -1.0 / 12) })
            {
                double[] moved = [.. x];
                moved[k] = type == ElementType.Float ? (float)(x[k] + (offset * step)) : x[k] + (offset * step);
                feeds[$"x{input}"] = (shape, moved);
                foreach (string output in outputs)
                {
                    double[] y = Evaluate(session, feeds, output);
                    for (int m = 0; m < cotangents; m++)
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

    private OnnxModel Build(Dictionary<string, Shape> inputs)
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
            else if (inputs.TryGetValue($"x{i}", out var shape))
                model.Graph.Input($"x{i}", type, shape);
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
