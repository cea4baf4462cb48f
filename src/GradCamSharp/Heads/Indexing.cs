using OnnxGrad;

namespace GradCamSharp.Heads;

/// <summary>Flat places in a value of known shape, and places along each axis.</summary>
internal static class Indexing
{
    /// <summary>The place along each axis of a flat place.</summary>
    public static long[] Unravel(this Shape shape, long index)
    {
        long[] at = new long[shape.Rank];
        for (int i = shape.Rank - 1; i >= 0; i--)
            (index, at[i]) = Math.DivRem(index, Math.Max(1, shape[i].Value));
        return at;
    }

    /// <summary>The flat place of a place along each axis.</summary>
    public static long Ravel(this Shape shape, params ReadOnlySpan<long> at)
    {
        long index = 0;
        for (int i = 0; i < shape.Rank; i++)
            index = (index * shape[i].Value) + at[i];
        return index;
    }
}
