using System.Runtime.InteropServices;
using OnnxGrad.Protobuf;

namespace OnnxGrad;

public sealed partial class Graph
{
    /// <summary>A scalar constant.</summary>
    public Tensor Constant(double value, ElementType type) =>
        Constant($"{type}:{BitConverter.DoubleToInt64Bits(value)}", name => TensorData.Number(name, type, default, value));

    /// <summary>A constant vector of integers.</summary>
    public Tensor Constant(params ReadOnlySpan<long> values)
    {
        long[] copy = values.ToArray();
        return Constant($"i:{string.Join(',', copy)}", name => TensorData.Int64(name, new Shape(copy.Length), copy));
    }

    /// <summary>A scalar integer constant.</summary>
    public Tensor Scalar(long value) => Constant($"s:{value}", name => TensorData.Int64(name, default, value));

    /// <summary>A constant tensor of small size.</summary>
    public Tensor Constant(ElementType type, Shape shape, params ReadOnlySpan<double> values)
    {
        double[] copy = values.ToArray();
        return Constant($"{type}:{shape}:{string.Join(',', copy.Select(BitConverter.DoubleToInt64Bits))}",
            name => TensorData.Number(name, type, shape, copy));
    }

    /// <summary>A constant tensor of 32-bit floats, stored in the graph: a network's weights.</summary>
    /// <param name="name">Its name; must be new.</param>
    /// <param name="shape">Its shape.</param>
    /// <param name="values">Its content, row by row.</param>
    public Tensor Weights(string name, Shape shape, ReadOnlySpan<float> values) =>
        AddInitializer(TensorData.Raw(name, ElementType.Float, shape, MemoryMarshal.AsBytes(values)));

    private Tensor Constant(string key, Func<string, TensorProto> make)
    {
        if (!constants.TryGetValue(key, out var tensor))
            constants[key] = tensor = AddInitializer(make(NewName("constant")));
        return tensor;
    }

    private Tensor AddInitializer(TensorProto tensor)
    {
        if (!names.Add(tensor.Name))
            throw new ArgumentException($"The graph already has a value '{tensor.Name}'.", nameof(tensor));
        Proto.Initializer.Add(tensor);
        initializers[tensor.Name] = tensor;
        declared[tensor.Name] = Describe(tensor);
        return this[tensor.Name];
    }
}
