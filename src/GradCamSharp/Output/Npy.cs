using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.RegularExpressions;

namespace GradCamSharp.Output;

/// <summary>
/// NumPy's .npy files (format versions 1 to 3). Little-endian, C order; float16, float32, float64, int32, int64, uint8
/// and bool are read, float32 is written.
/// </summary>
public static partial class Npy
{
    private const int LongestHeader = 65536, MostAxes = 32;

    private static ReadOnlySpan<byte> Magic => [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'];

    /// <summary>Reads a file; elements of another type are converted to <typeparamref name="T"/>.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InvalidDataException">It is no .npy file, of a kind that is not read, or shorter than its header says.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="OverflowException">A value does not fit <typeparamref name="T"/>.</exception>
    public static NpyArray<T> Read<T>(string path) where T : unmanaged, INumber<T>
    {
        using var file = File.OpenRead(path);
        return Read<T>(file, path);
    }

    /// <summary>Reads a seekable stream from where it stands; elements of another type are converted to <typeparamref name="T"/>.</summary>
    /// <param name="stream">The stream; it is not disposed.</param>
    /// <param name="name">What messages call it.</param>
    /// <exception cref="InvalidDataException">It is no .npy file, of a kind that is not read, or shorter than its header says.</exception>
    /// <exception cref="OverflowException">A value does not fit <typeparamref name="T"/>.</exception>
    public static NpyArray<T> Read<T>(Stream stream, string name) where T : unmanaged, INumber<T>
    {
        ArgumentNullException.ThrowIfNull(stream);
        var (type, shape) = ReadHeader(stream, name);
        return type switch
        {
            "<f4" => new(shape, ReadValues<float, T>(stream, name, shape)),
            "<f8" => new(shape, ReadValues<double, T>(stream, name, shape)),
            "<i8" => new(shape, ReadValues<long, T>(stream, name, shape)),
            "<i4" => new(shape, ReadValues<int, T>(stream, name, shape)),
            "|u1" or "|b1" => new(shape, ReadValues<byte, T>(stream, name, shape)),
            "<f2" => new(shape, ReadValues<Half, T>(stream, name, shape)),
            _ => throw new InvalidDataException(
                $"{name}: elements of type '{type}' are not read. " +
                "Save it as little-endian float32, float64, int32, int64 or uint8, as numpy.save(file, a.astype('<f4')) does."),
        };
    }

    /// <summary>Writes a float32 array, format version 1.</summary>
    /// <param name="stream">Where it goes; it is not disposed.</param>
    /// <param name="values">The elements in C order.</param>
    /// <param name="shape">The length of every axis; empty for a single value.</param>
    /// <exception cref="ArgumentException">The number of elements does not fit the shape.</exception>
    public static void Write(Stream stream, ReadOnlySpan<float> values, params ReadOnlySpan<int> shape)
    {
        ArgumentNullException.ThrowIfNull(stream);
        var count = 1L;
        var axes = new StringBuilder();
        foreach (var length in shape)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(length, nameof(shape));
            count = checked(count * length);
            axes.Append(CultureInfo.InvariantCulture, $"{length}, ");
        }
        if (count != values.Length)
            throw new ArgumentException($"The shape ({axes}) has {count} elements, not {values.Length}.", nameof(shape));

        if (shape.Length > 0) axes.Length -= shape.Length == 1 ? 1 : 2;
        var header = $"{{'descr': '<f4', 'fortran_order': False, 'shape': ({axes}), }}";
        // What precedes the elements is a multiple of 64 bytes long and ends in a line feed.
        var padded = ((Magic.Length + 4 + header.Length + 1 + 63) / 64 * 64) - Magic.Length - 4;
        stream.Write(Magic);
        stream.Write([1, 0, (byte)padded, (byte)(padded >> 8)]);
        stream.Write(Encoding.ASCII.GetBytes(header.PadRight(padded - 1) + '\n'));
        if (BitConverter.IsLittleEndian)
        {
            stream.Write(MemoryMarshal.AsBytes(values));
            return;
        }
        Span<byte> four = stackalloc byte[4];
        foreach (var value in values)
        {
            BinaryPrimitives.WriteSingleLittleEndian(four, value);
            stream.Write(four);
        }
    }

    private static (string Type, int[] Shape) ReadHeader(Stream stream, string name)
    {
        Span<byte> start = stackalloc byte[8];
        if (stream.ReadAtLeast(start, 8, throwOnEndOfStream: false) < 8 || !start[..6].SequenceEqual(Magic))
            throw new InvalidDataException($"{name}: this is not a .npy file. Give a file that numpy.save wrote.");
        var version = start[6];
        if (version is < 1 or > 3)
            throw new InvalidDataException($"{name}: version {version} of the .npy format is not known. Save it as version 1, 2 or 3.");

        Span<byte> lengthBytes = stackalloc byte[version == 1 ? 2 : 4];
        if (stream.ReadAtLeast(lengthBytes, lengthBytes.Length, throwOnEndOfStream: false) < lengthBytes.Length) throw Truncated(name);
        var length = version == 1
            ? BinaryPrimitives.ReadUInt16LittleEndian(lengthBytes)
            : BinaryPrimitives.ReadUInt32LittleEndian(lengthBytes);
        if (length > stream.Length - stream.Position) throw Truncated(name);
        if (length > LongestHeader)
        {
            throw new InvalidDataException($"{name}: a header of {length} bytes is not that of a plain array. " +
                "Save it again with numpy.save.");
        }

        var bytes = new byte[length];
        stream.ReadExactly(bytes);
        var header = Encoding.UTF8.GetString(bytes);
        var type = DescrPattern().Match(header);
        var shape = ShapePattern().Match(header);
        if (!type.Success || !shape.Success)
        {
            throw new InvalidDataException($"{name}: its header is not that of a plain array: {header.Trim()}. " +
                "Save it again with numpy.save.");
        }
        if (header.Contains("'fortran_order': True", StringComparison.Ordinal))
        {
            throw new InvalidDataException($"{name}: it is in Fortran's order. " +
                "Save it in C order, as numpy.save(file, numpy.ascontiguousarray(a)) does.");
        }

        var axes = shape.Groups[1].Value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var lengths = new int[axes.Length];
        for (var i = 0; i < axes.Length; i++)
        {
            if (axes.Length > MostAxes || !int.TryParse(axes[i], NumberStyles.None, CultureInfo.InvariantCulture, out lengths[i]))
            {
                throw new InvalidDataException($"{name}: a shape of ({shape.Groups[1].Value}) is not possible. " +
                    "Save it again with numpy.save.");
            }
        }
        return (type.Groups[1].Value, lengths);
    }

    private static TTo[] ReadValues<TFrom, TTo>(Stream stream, string name, int[] shape)
        where TFrom : unmanaged, INumber<TFrom>
        where TTo : unmanaged, INumber<TTo>
    {
        var size = Marshal.SizeOf<TFrom>();
        var most = Math.Min((stream.Length - stream.Position) / size, Array.MaxLength / size);
        var count = 1L;
        // A zero anywhere makes the array empty, however long the other axes are said to be.
        if (shape.Contains(0)) count = 0;
        foreach (var length in shape)
        {
            count *= length;
            if (count > most) throw Truncated(name);
        }
        var values = new TFrom[count];
        stream.ReadExactly(MemoryMarshal.AsBytes(values.AsSpan()));
        if (!BitConverter.IsLittleEndian)
        {
            var bytes = MemoryMarshal.AsBytes(values.AsSpan());
            for (var i = 0; i < bytes.Length; i += size) bytes.Slice(i, size).Reverse();
        }
        return values as TTo[] ?? Array.ConvertAll(values, TTo.CreateChecked);
    }

    private static InvalidDataException Truncated(string name) =>
        new($"{name}: the file is shorter than its header says. Copy or save it again.");

    [GeneratedRegex("'descr': *'([^']*)'")]
    private static partial Regex DescrPattern();

    [GeneratedRegex(@"'shape': *\(([0-9, ]*)\)")]
    private static partial Regex ShapePattern();
}
