using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace OnnxGrad;

/// <summary>
/// Learns types, shapes and small integer constants of a graph's values by asking the one authority there is: ONNX Runtime infers them when
/// it opens the model with those values as outputs. Where it cannot, or where integers are asked for, it runs the model on zeros. Where the
/// batch is open this is done twice, with one and with two items; a length that differs follows the batch.
/// </summary>
public static class ShapeProbe
{
    private const int LargestIntegerConstant = 4096;

    /// <summary>Records in the model's graph what is found of the values.</summary>
    /// <param name="model">The model; its graph learns the facts.</param>
    /// <param name="values">The values to learn about; unknown ones are left out.</param>
    /// <param name="inputs">The shape of every input, <see cref="Shape.Dynamic"/> only where the batch stands.</param>
    /// <returns>
    /// Whether the batch is open: false where a length was <see cref="Shape.Dynamic"/> but the model ran with one item only.
    /// </returns>
    /// <exception cref="ModelException">ONNX Runtime cannot run the model on these shapes.</exception>
    public static bool Learn(OnnxModel model, IEnumerable<string> values, IReadOnlyDictionary<string, Shape> inputs)
    {
        ArgumentNullException.ThrowIfNull(model);
        var graph = model.Graph;
        string[] wanted = [.. values.Where(v => graph.Contains(v) && !graph.IsConstant(v) && graph.Fact(v) is null).Distinct()];
        foreach (var (input, shape) in inputs)
            graph.Learn(input, new ValueFact(model.Inputs.First(i => i.Name == input).Type, shape));
        wanted = [.. wanted.Where(w => !inputs.ContainsKey(w))];
        bool open = inputs.Values.Any(s => !s.IsStatic);
        if (wanted.Length == 0)
            return open;

        var probed = model.Copy();
        foreach (string output in probed.Graph.Outputs.ToList())
            probed.Graph.RemoveOutput(output);
        foreach (string value in wanted)
            probed.Proto.Graph.Output.Add(new Protobuf.ValueInfoProto { Name = value });

        // Inference believes what a Reshape says, also where a run would show that it cannot be.
        bool inferable = !graph.Nodes.Any(n => n.Operator is "Reshape" or "Expand" || n.HasSubgraph);
        ValueFact?[]? one = inferable ? Infer(probed, wanted, inputs, 1) : null;
        ValueFact?[]? two = one is not null && open ? Infer(probed, wanted, inputs, 2) : null;
        if (one is null || (open && (two is null || !FollowsBatch(one, two))))
        {
            using var options = Options();
            using var session = probed.OpenSession(options);
            one = Run(session, 1);
            two = open ? TryTwo(session) : null;
        }

        var dataDependent = DataDependent(graph);
        for (int i = 0; i < wanted.Length; i++)
        {
            if (one[i] is not { } fact)
                continue;
            fact = two is null ? fact : Merge(fact, two[i]!);
            graph.Learn(wanted[i], dataDependent.Contains(wanted[i]) ? fact with { Integers = null } : fact);
        }

        if (open && two is null)
        {
            foreach (var (input, shape) in inputs)
                graph.Learn(input, new ValueFact(graph.Fact(input)!.Type, Bind(shape, 1)));
        }

        return two is not null;

        ValueFact?[] Run(InferenceSession session, long batch)
        {
            var feeds = new Dictionary<string, OrtValue>();
            try
            {
                foreach (var (input, shape) in inputs)
                    feeds[input] = Zeros(graph.Fact(input)!.Type, Bind(shape, batch));
                using var run = new RunOptions { LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL };
                using var results = session.Run(run, feeds, wanted);
                return [.. results.Select(Describe)];
            }
            catch (OnnxRuntimeException e)
            {
                throw new ModelException($"ONNX Runtime cannot run '{model.Name}' on inputs of " +
                    $"{string.Join(", ", inputs.Select(s => $"{s.Key} {Bind(s.Value, batch)}"))}: {e.Message}", e);
            }
            finally
            {
                foreach (var feed in feeds.Values)
                    feed.Dispose();
            }
        }

        ValueFact?[]? TryTwo(InferenceSession session)
        {
            try
            {
                return Run(session, 2);
            }
            catch (ModelException)
            {
                // Some files declare an open batch and fix it inside (a Reshape to [1, ...]).
                return null;
            }
        }
    }

    private static SessionOptions Options()
    {
        var options = new SessionOptions
        {
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_DISABLE_ALL,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL,
        };
        options.AddSessionConfigEntry("session.disable_prepacking", "1");
        return options;
    }

    /// <summary>Whether the first length of every value is the batch.</summary>
    private static bool FollowsBatch(ValueFact?[] one, ValueFact?[] two) =>
        one.Zip(two).All(f => f.First!.Shape[0] == 1 && f.Second!.Shape[0] == 2);

    private static InferenceSession? TryOpen(OnnxModel model, SessionOptions options)
    {
        try
        {
            return model.OpenSession(options);
        }
        catch (ModelException)
        {
            // A run says better what does not fit.
            return null;
        }
    }

    /// <summary>What ONNX Runtime infers of the values when it opens the model; null if that is not all there is to know of each.</summary>
    private static ValueFact?[]? Infer(OnnxModel probed, string[] wanted, IReadOnlyDictionary<string, Shape> inputs, long batch)
    {
        var bound = probed.Copy();
        foreach (var input in bound.Proto.Graph.Input.Where(i => inputs.ContainsKey(i.Name)))
        {
            var lengths = new Protobuf.TensorShapeProto();
            lengths.Dim.AddRange(Bind(inputs[input.Name], batch)
                .Select(l => new Protobuf.TensorShapeProto.Types.Dimension { DimValue = l }));
            input.Type.TensorType.Shape = lengths;
        }

        using var options = Options();
        using var session = TryOpen(bound, options);
        if (session is null)
            return null;
        var facts = new ValueFact?[wanted.Length];
        for (int i = 0; i < wanted.Length; i++)
        {
            // A scalar and a value of unknown rank look alike here, and integers may be constants that rules look into.
            var known = session.OutputMetadata[wanted[i]];
            if (!known.IsTensor || known.Dimensions.Length == 0
                || Array.Exists(known.Dimensions, l => l <= 0) || !((ElementType)known.ElementDataType).IsFloatingPoint())
                return null;
            facts[i] = new ValueFact((ElementType)known.ElementDataType, new Shape([.. known.Dimensions.Select(l => (long)l)]));
        }

        return facts;
    }

    /// <summary>
    /// The values that follow from what is fed and not from its shape alone: what a run on zeros says of their content means nothing.
    /// </summary>
    private static HashSet<string> DataDependent(Graph graph)
    {
        var dependent = new HashSet<string>(graph.Inputs);
        foreach (var node in graph.Nodes)
        {
            if (!graph.Operators.Has(node, OperatorProperties.ReadsOnlyShapes) && (node.HasSubgraph || node.Inputs.Any(dependent.Contains)))
                dependent.UnionWith(node.Outputs);
        }

        return dependent;
    }

    private static Shape Bind(Shape shape, long batch) => new([.. shape.Select(l => l == Shape.Dynamic ? batch : l)]);

    private static OrtValue Zeros(ElementType type, Shape shape)
    {
        var value = OrtValue.CreateAllocatedTensorValue(OrtAllocator.DefaultInstance, (TensorElementType)type, shape.ToArray());
        value.GetTensorMutableRawData().Clear();
        return value;
    }

    private static ValueFact? Describe(OrtValue value)
    {
        if (!value.IsTensor)
            return null;
        var info = value.GetTensorTypeAndShape();
        var type = (ElementType)info.ElementDataType;
        long[]? integers = info.ElementCount > LargestIntegerConstant ? null : type switch
        {
            ElementType.Int64 => value.GetTensorDataAsSpan<long>().ToArray(),
            ElementType.Int32 => Array.ConvertAll(value.GetTensorDataAsSpan<int>().ToArray(), v => (long)v),
            _ => null,
        };
        return new ValueFact(type, new Shape(info.Shape), integers);
    }

    private static ValueFact Merge(ValueFact one, ValueFact two)
    {
        long[] lengths = one.Shape.ToArray();
        for (int i = 0; i < lengths.Length; i++)
            lengths[i] = two.Shape[i] == lengths[i] ? lengths[i] : Shape.Dynamic;
        bool same = one.Integers is not null && two.Integers is not null && one.Integers.SequenceEqual(two.Integers);
        return new ValueFact(one.Type, new Shape(lengths), same ? one.Integers : null);
    }
}
