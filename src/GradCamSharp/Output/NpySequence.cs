using System.Globalization;
using System.Text;
using OnnxGrad;

namespace GradCamSharp.Output;

/// <summary>
/// A float32 .npy file of arrays of one shape, [count, shape...], that are written one by one; the count is filled in at the end.
/// </summary>
public sealed class NpySequence
{
    private readonly Stream stream;
    private readonly long start;
    private readonly int headerLength;
    private int count;

    /// <summary>Begins the file.</summary>
    /// <param name="stream">Where it goes: seekable; it is not disposed.</param>
    /// <param name="shape">The shape of each array; every length is known.</param>
    public NpySequence(Stream stream, Shape shape)
    {
        ArgumentNullException.ThrowIfNull(stream);
        this.stream = stream;
        Shape = shape;
        start = stream.Position;
        // As long as the header of the longest file.
        headerLength = (10 + Text(int.MaxValue).Length + 1 + 63) / 64 * 64;
        WriteHeader();
    }

    /// <summary>The shape of each array.</summary>
    public Shape Shape { get; }

    /// <summary>How many arrays were written.</summary>
    public int Count => count;

    /// <summary>Adds an array.</summary>
    /// <param name="values">Its elements in C order.</param>
    /// <exception cref="ArgumentException">The number of elements does not fit the shape.</exception>
    public void Add(ReadOnlySpan<float> values)
    {
        if (values.Length != Shape.Size.Value)
            throw new ArgumentException($"The shape {Shape} has {Shape.Size} elements, not {values.Length}.", nameof(values));
        Span<byte> four = stackalloc byte[4];
        foreach (float value in values)
        {
            System.Buffers.Binary.BinaryPrimitives.WriteSingleLittleEndian(four, value);
            stream.Write(four);
        }

        count++;
    }

    /// <summary>Fills in how many there are.</summary>
    public void Complete()
    {
        long end = stream.Position;
        stream.Position = start;
        WriteHeader();
        stream.Position = end;
    }

    private string Text(int length) => string.Create(
        CultureInfo.InvariantCulture, $"{{'descr': '<f4', 'fortran_order': False, 'shape': ({length}, {string.Join(", ", Shape)}), }}");

    private void WriteHeader()
    {
        int padded = headerLength - 10;
        stream.Write([0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y', 1, 0, (byte)padded, (byte)(padded >> 8)]);
        stream.Write(Encoding.ASCII.GetBytes(Text(count).PadRight(padded - 1) + '\n'));
    }
}
