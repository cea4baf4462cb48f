using System.Runtime.InteropServices;
using Google.Protobuf;

namespace OnnxGrad.Protobuf;

/// <summary>Small constant tensors: making them, and looking into those that a file holds.</summary>
internal static class TensorData
{
    /// <summary>Tensors with fewer bytes stay in the structure: they are axes, shapes and scalars that passes look into.</summary>
    public const int SmallTensorBytes = 1024;

    // More are no axes, shapes or zero points but weights, which nobody looks into.
    private const int LargestInMemory = 1 << 20;

    public static TensorProto Int64(string name, Shape shape, params ReadOnlySpan<long> values) =>
        Raw(name, ElementType.Int64, shape, MemoryMarshal.AsBytes(values));

    /// <summary>A floating-point (or integer, or boolean) constant of the given type from doubles.</summary>
    public static TensorProto Number(string name, ElementType type, Shape shape, params ReadOnlySpan<double> values)
    {
        switch (type)
        {
            case ElementType.Double:
                return Raw(name, type, shape, MemoryMarshal.AsBytes(values));
            case ElementType.Float:
                return Raw(name, type, shape, MemoryMarshal.AsBytes(Convert(values, v => (float)v)));
            case ElementType.Float16:
                return Raw(name, type, shape, MemoryMarshal.AsBytes(Convert(values, v => (Half)v)));
            case ElementType.Int64:
                return Raw(name, type, shape, MemoryMarshal.AsBytes(Convert(values, v => (long)v)));
            case ElementType.Int32:
                return Raw(name, type, shape, MemoryMarshal.AsBytes(Convert(values, v => (int)v)));
            case ElementType.Bool:
                return Raw(name, type, shape, Convert(values, v => (byte)(v != 0 ? 1 : 0)));
            case ElementType.UInt8:
                return Raw(name, type, shape, Convert(values, v => (byte)v));
            case ElementType.Int8:
                return Raw(name, type, shape, MemoryMarshal.AsBytes(Convert(values, v => (sbyte)v)));
            case ElementType.UInt16:
                return Raw(name, type, shape, MemoryMarshal.AsBytes(Convert(values, v => (ushort)v)));
            case ElementType.Int16:
                return Raw(name, type, shape, MemoryMarshal.AsBytes(Convert(values, v => (short)v)));
            default:
                throw new ModelException($"A constant of type {type} cannot be made.");
        }
    }

    public static TensorProto Raw(string name, ElementType type, Shape shape, ReadOnlySpan<byte> littleEndian)
    {
        var tensor = new TensorProto { Name = name, DataType = (int)type, RawData = ByteString.CopyFrom(littleEndian) };
        tensor.Dims.AddRange(shape.ToArray());
        return tensor;
    }

    /// <summary>The values of a small integer (or boolean) tensor in memory, or null if it is anything else.</summary>
    public static long[]? ReadInts(TensorProto tensor)
    {
        var raw = tensor.RawData.Span;
        if (tensor.DataLocation == TensorProto.Types.DataLocation.External || raw.Length > LargestInMemory)
            return null;
        switch ((ElementType)tensor.DataType)
        {
            case ElementType.Int64:
                return raw.IsEmpty ? [.. tensor.Int64Data] : MemoryMarshal.Cast<byte, long>(raw).ToArray();
            case ElementType.Int32:
                return raw.IsEmpty ? [.. tensor.Int32Data.Select(v => (long)v)] : Widen(MemoryMarshal.Cast<byte, int>(raw));
            case ElementType.Bool or ElementType.UInt8:
                return raw.IsEmpty ? [.. tensor.Int32Data.Select(v => (long)v)] : Array.ConvertAll(raw.ToArray(), b => (long)b);
            case ElementType.Int8:
                return raw.IsEmpty ? [.. tensor.Int32Data.Select(v => (long)v)] : Array.ConvertAll(raw.ToArray(), b => (long)(sbyte)b);
            case ElementType.UInt16:
                return raw.IsEmpty
                    ? [.. tensor.Int32Data.Select(v => (long)v)]
                    : Array.ConvertAll(MemoryMarshal.Cast<byte, ushort>(raw).ToArray(), v => (long)v);
            case ElementType.Int16:
                return raw.IsEmpty
                    ? [.. tensor.Int32Data.Select(v => (long)v)]
                    : Array.ConvertAll(MemoryMarshal.Cast<byte, short>(raw).ToArray(), v => (long)v);
            default:
                return null;
        }
    }

    /// <summary>The values of a small floating-point tensor in memory, or null if it is anything else.</summary>
    public static double[]? ReadFloats(TensorProto tensor)
    {
        if (tensor.DataLocation == TensorProto.Types.DataLocation.External)
            return null;
        var raw = tensor.RawData.Span;
        switch ((ElementType)tensor.DataType)
        {
            case ElementType.Float:
                return raw.IsEmpty
                    ? [.. tensor.FloatData.Select(v => (double)v)]
                    : Array.ConvertAll(MemoryMarshal.Cast<byte, float>(raw).ToArray(), v => (double)v);
            case ElementType.Double:
                return raw.IsEmpty ? [.. tensor.DoubleData] : MemoryMarshal.Cast<byte, double>(raw).ToArray();
            case ElementType.Float16:
                return raw.IsEmpty
                    ? [.. tensor.Int32Data.Select(v => (double)BitConverter.UInt16BitsToHalf((ushort)v))]
                    : Array.ConvertAll(MemoryMarshal.Cast<byte, Half>(raw).ToArray(), v => (double)v);
            case ElementType.BFloat16:
                return raw.IsEmpty
                    ? [.. tensor.Int32Data.Select(v => (double)BitConverter.Int32BitsToSingle(v << 16))]
                    : Array.ConvertAll(MemoryMarshal.Cast<byte, ushort>(raw).ToArray(),
                        v => (double)BitConverter.Int32BitsToSingle(v << 16));
            default:
                return null;
        }
    }

    private static T[] Convert<T>(ReadOnlySpan<double> values, Func<double, T> convert)
    {
        var result = new T[values.Length];
        for (int i = 0; i < values.Length; i++)
            result[i] = convert(values[i]);
        return result;
    }

    private static long[] Widen(ReadOnlySpan<int> values)
    {
        long[] result = new long[values.Length];
        for (int i = 0; i < values.Length; i++)
            result[i] = values[i];
        return result;
    }
}
