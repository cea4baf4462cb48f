using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using OnnxGrad.Protobuf;

namespace OnnxGrad;

/// <summary>A copy of a model whose outputs are the values in question, as ONNX Runtime infers or computes them.</summary>
internal sealed class ShapeProbe
{
    private const int LargestIntegerConstant = 4096;

    private readonly OnnxModel model;
    private readonly Dictionary<string, ValueInfo> inputs;
    private readonly string[] wanted;

    /// <param name="model">The model; it is copied.</param>
    /// <param name="inputs">The type and the shape of every input.</param>
    /// <param name="wanted">The values in question.</param>
    public ShapeProbe(OnnxModel model, IReadOnlyDictionary<string, ValueInfo> inputs, string[] wanted)
    {
        this.model = model.Copy();
        this.inputs = new(inputs, StringComparer.Ordinal);
        this.wanted = wanted;
        foreach (string output in this.model.Graph.Outputs.ToList())
            this.model.Graph.RemoveOutput(output);
        foreach (string value in wanted)
            this.model.Proto.Graph.Output.Add(new ValueInfoProto { Name = value });
    }

    /// <summary>The shape with a number in the place of the length that is open.</summary>
    public static Shape Bind(Shape shape, long open) => new(shape.ToArray(open));

    /// <summary>What ONNX Runtime infers of the values when it opens the model; null if that is not all there is to know of each.</summary>
    /// <param name="open">What stands in the place of the length that is open.</param>
    public ValueInfo?[]? Infer(long open)
    {
        var bound = model.Copy();
        foreach (var input in bound.Proto.Graph.Input.Where(i => inputs.ContainsKey(i.Name)))
        {
            var lengths = new TensorShapeProto();
            lengths.Dim.AddRange(inputs[input.Name].Shape.ToArray(open)
                .Select(l => new TensorShapeProto.Types.Dimension { DimValue = l }));
            input.Type.TensorType.Shape = lengths;
        }

        using var options = Options();
        using var session = TryOpen(bound, options);
        if (session is null)
            return null;
        var found = new ValueInfo?[wanted.Length];
        for (int i = 0; i < wanted.Length; i++)
        {
            // A scalar and a value of unknown rank look alike here, and integers may be constants that rules look into.
            var known = session.OutputMetadata[wanted[i]];
            if (!known.IsTensor || known.Dimensions.Length == 0
                || Array.Exists(known.Dimensions, l => l <= 0) || !((ElementType)known.ElementDataType).IsFloatingPoint())
                return null;
            found[i] = new ValueInfo((ElementType)known.ElementDataType, new Shape([.. known.Dimensions.Select(l => (long)l)]));
        }

        return found;
    }

    /// <summary>What the values are in a run on zeros, with 1 in the place of an open length, then with 2 if the model takes it.</summary>
    /// <param name="open">Whether a length is open.</param>
    public (ValueInfo?[] One, ValueInfo?[]? Two) Run(bool open)
    {
        using var options = Options();
        using var session = model.OpenSession(options);
        var one = Run(session, 1);
        if (!open)
            return (one, null);
        try
        {
            return (one, Run(session, 2));
        }
        catch (ModelException)
        {
            // Some files declare an open batch and fix it inside (a Reshape to [1, ...]).
            return (one, null);
        }
    }

    private ValueInfo?[] Run(InferenceSession session, long open)
    {
        var feeds = new Dictionary<string, OrtValue>();
        try
        {
            foreach (var (input, info) in inputs)
                feeds[input] = Zeros(info.Type, Bind(info.Shape, open));
            using var run = new RunOptions { LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL };
            using var results = session.Run(run, feeds, wanted);
            return [.. results.Select(Describe)];
        }
        catch (OnnxRuntimeException e)
        {
            throw new ModelException($"ONNX Runtime cannot run '{model.Name}' on inputs of " +
                $"{string.Join(", ", inputs.Select(i => $"{i.Key} {Bind(i.Value.Shape, open)}"))}: {e.Message}", e);
        }
        finally
        {
            foreach (var feed in feeds.Values)
                feed.Dispose();
        }
    }

    /// <summary>What the values are in a run on given inputs.</summary>
    /// <param name="feeds">A value for every input.</param>
    public ValueInfo?[] Run(IReadOnlyDictionary<string, OrtValue> feeds)
    {
        using var options = Options();
        using var session = model.OpenSession(options);
        try
        {
            using var run = new RunOptions { LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL };
            using var results = session.Run(run, feeds, wanted);
            return [.. results.Select(Describe)];
        }
        catch (OnnxRuntimeException e)
        {
            throw new ModelException($"ONNX Runtime cannot run '{model.Name}' on inputs of " +
                $"{string.Join(", ", inputs.Select(i => $"{i.Key} {i.Value.Shape}"))}: {e.Message}", e);
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

    private static OrtValue Zeros(ElementType type, Shape shape)
    {
        var value = OrtValue.CreateAllocatedTensorValue(OrtAllocator.DefaultInstance, (TensorElementType)type, shape.ToArray());
        value.GetTensorMutableRawData().Clear();
        return value;
    }

    /// <summary>Type, shape and, of few integers, the content of a value; null where it is no tensor.</summary>
    public static ValueInfo? Describe(OrtValue value)
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
        return new ValueInfo(type, new Shape(info.Shape), integers);
    }
}
