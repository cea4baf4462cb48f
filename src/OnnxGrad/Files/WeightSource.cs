using System.Runtime.InteropServices;

namespace OnnxGrad.Files;

/// <summary>Weights that lie in a file, as they are to be written.</summary>
/// <param name="File">The file.</param>
/// <param name="Offset">Where they begin.</param>
/// <param name="Length">How many bytes they are there.</param>
/// <param name="Narrow">Whether they are 32-bit floats there and 16-bit floats where they are written.</param>
internal sealed record WeightSource(string File, long Offset, long Length, bool Narrow = false)
{
    // A multiple of a float's size.
    private const int Piece = 1 << 17;

    /// <summary>How many bytes are written.</summary>
    public long Written => Narrow ? Length / 2 : Length;

    /// <summary>Whether 16-bit floats can hold all of these 32-bit floats.</summary>
    public static bool FitsHalf(ReadOnlySpan<byte> floats)
    {
        foreach (float value in MemoryMarshal.Cast<byte, float>(floats))
        {
            if (!Half.IsFinite((Half)value))
                return false;
        }

        return true;
    }

    /// <summary>32-bit floats as 16-bit ones, to the nearest.</summary>
    public static byte[] ToHalf(ReadOnlySpan<byte> floats)
    {
        var values = MemoryMarshal.Cast<byte, float>(floats);
        byte[] halves = new byte[values.Length * 2];
        var target = MemoryMarshal.Cast<byte, Half>(halves.AsSpan());
        for (int i = 0; i < values.Length; i++)
            target[i] = (Half)values[i];
        return halves;
    }

    /// <summary>Whether 16-bit floats can hold all of these 32-bit floats.</summary>
    /// <exception cref="ModelException">The file ended.</exception>
    public bool FitsHalf()
    {
        bool fits = true;
        Read(piece => fits = fits && FitsHalf(piece));
        return fits;
    }

    /// <summary>Copies the weights, piece by piece.</summary>
    /// <exception cref="ModelException">The file ended.</exception>
    public void CopyTo(Stream target) => Read(piece => target.Write(Narrow ? ToHalf(piece) : piece));

    private void Read(Action<ReadOnlySpan<byte>> use)
    {
        using var stream = new FileStream(File, FileMode.Open, FileAccess.Read, FileShare.Read, 0);
        stream.Position = Offset;
        byte[] buffer = new byte[Piece];
        for (long left = Length; left > 0;)
        {
            int wanted = (int)Math.Min(left, buffer.Length);
            if (stream.ReadAtLeast(buffer.AsSpan(0, wanted), wanted, throwOnEndOfStream: false) < wanted)
            {
                throw new ModelException($"'{File}' ended while weights were copied from it. " +
                    "It changed since the model was loaded; load it again.");
            }
            use(buffer.AsSpan(0, wanted));
            left -= wanted;
        }
    }
}
