using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace OnnxGrad.Tests.Model;

/// <summary>Runs models as they are written and as OnnxGrad reads them, on the same random inputs, and compares.</summary>
internal static class Runtime
{
    /// <summary>A value: its type, shape and content.</summary>
    public sealed record Value(ElementType Type, Shape Shape, double[] Data)
    {
        public static Value Random(Shape shape, int seed, double low = -2, double high = 2, ElementType type = ElementType.Float)
        {
            var random = new System.Random(seed);
            double[] data = new double[shape.Size.Value];
            for (int i = 0; i < data.Length; i++)
            {
                double drawn = low + ((high - low) * random.NextDouble());
                data[i] = type.IsFloatingPoint() ? drawn : Math.Floor(drawn);
            }

            return new(type, shape, data);
        }
    }

    public static SessionOptions Options(GraphOptimizationLevel level = GraphOptimizationLevel.ORT_DISABLE_ALL) =>
        new() { GraphOptimizationLevel = level, IntraOpNumThreads = 1, LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL };

    public static InferenceSession Session(byte[] model)
    {
        using var options = Options();
        return new InferenceSession(model, options);
    }

    public static InferenceSession Session(OnnxModel model, GraphOptimizationLevel level = GraphOptimizationLevel.ORT_DISABLE_ALL)
    {
        using var options = Options(level);
        return model.OpenSession(options);
    }

    /// <summary>Random inputs for a session, open lengths taken as 1.</summary>
    public static Dictionary<string, Value> Feeds(InferenceSession session) => session.InputMetadata.ToDictionary(
        i => i.Key,
        i => Value.Random(new Shape([.. i.Value.Dimensions.Select(d => (long)Math.Max(d, 1))]),
            5, 0, 1, (ElementType)i.Value.ElementDataType));

    public static Dictionary<string, Value> Run(InferenceSession session, IReadOnlyDictionary<string, Value> feeds)
    {
        var inputs = feeds.ToDictionary(f => f.Key, f => Native(f.Value));
        using var run = new RunOptions { LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL };
        try
        {
            using var results = session.Run(run, inputs, session.OutputNames);
            return session.OutputNames.Zip(results, (n, r) => (n, Managed(r))).ToDictionary(p => p.n, p => p.Item2);
        }
        finally
        {
            foreach (var input in inputs.Values)
                input.Dispose();
        }
    }

    public static void AssertEqual(Dictionary<string, Value> expected, Dictionary<string, Value> actual, double tolerance)
    {
        Assert.Equal(expected.Keys.Order(), actual.Keys.Order());
        foreach (var (name, value) in expected)
        {
            Assert.Equal(value.Shape, actual[name].Shape);
            double scale = Math.Max(1, value.Data.Select(Math.Abs).Where(double.IsFinite).DefaultIfEmpty().Max());
            for (int i = 0; i < value.Data.Length; i++)
            {
                double e = value.Data[i], a = actual[name].Data[i];
                if (!(e.Equals(a) || Math.Abs(e - a) <= tolerance * scale))
                    Assert.Fail($"'{name}' differs at element {i} of {value.Shape}: expected {e:g9}, actual {a:g9}.");
            }
        }
    }

    private static OrtValue Native(Value value)
    {
        var native = OrtValue.CreateAllocatedTensorValue(
            OrtAllocator.DefaultInstance, (TensorElementType)value.Type, value.Shape.ToArray());
        byte[] bytes = value.Type switch
        {
            ElementType.Float => MemoryMarshal.AsBytes(Array.ConvertAll(value.Data, v => (float)v).AsSpan()).ToArray(),
            ElementType.Double => MemoryMarshal.AsBytes(value.Data.AsSpan()).ToArray(),
            ElementType.Float16 => MemoryMarshal.AsBytes(Array.ConvertAll(value.Data, v => (Half)v).AsSpan()).ToArray(),
            ElementType.Int64 => MemoryMarshal.AsBytes(Array.ConvertAll(value.Data, v => (long)v).AsSpan()).ToArray(),
            ElementType.Int32 => MemoryMarshal.AsBytes(Array.ConvertAll(value.Data, v => (int)v).AsSpan()).ToArray(),
            ElementType.UInt8 or ElementType.Bool => Array.ConvertAll(value.Data, v => (byte)v),
            ElementType.Int8 => Array.ConvertAll(value.Data, v => (byte)(sbyte)v),
            _ => throw new NotSupportedException(value.Type.ToString()),
        };
        bytes.CopyTo(native.GetTensorMutableRawData());
        return native;
    }

    private static Value Managed(OrtValue value)
    {
        var info = value.GetTensorTypeAndShape();
        var type = (ElementType)info.ElementDataType;
        double[] data = type switch
        {
            ElementType.Float => Array.ConvertAll(value.GetTensorDataAsSpan<float>().ToArray(), v => (double)v),
            ElementType.Double => value.GetTensorDataAsSpan<double>().ToArray(),
            ElementType.Float16 => Array.ConvertAll(
                MemoryMarshal.Cast<Float16, Half>(value.GetTensorDataAsSpan<Float16>()).ToArray(), v => (double)v),
            ElementType.Int64 => Array.ConvertAll(value.GetTensorDataAsSpan<long>().ToArray(), v => (double)v),
            ElementType.Int32 => Array.ConvertAll(value.GetTensorDataAsSpan<int>().ToArray(), v => (double)v),
            ElementType.UInt8 => Array.ConvertAll(value.GetTensorDataAsSpan<byte>().ToArray(), v => (double)v),
            ElementType.Int8 => Array.ConvertAll(value.GetTensorDataAsSpan<sbyte>().ToArray(), v => (double)v),
            ElementType.Bool => Array.ConvertAll(value.GetTensorDataAsSpan<bool>().ToArray(), v => v ? 1.0 : 0),
            _ => throw new NotSupportedException(type.ToString()),
        };
        return new Value(type, new Shape(info.Shape), data);
    }
}
