using System.Collections.Immutable;

namespace OnnxGrad;

/// <summary>
/// How a window moves over the spatial axes in a convolution or a pooling: one number an axis, pads at the start
/// of all axes, then at their ends.
/// </summary>
public sealed class Window
{
    /// <summary>Creates a window.</summary>
    /// <param name="strides">Steps of the window, one an axis.</param>
    /// <param name="dilations">Distances between the window's elements, one an axis.</param>
    /// <param name="pads">Padding: the start of each axis, then the end of each.</param>
    /// <exception cref="ArgumentException">The numbers of axes differ.</exception>
    public Window(ReadOnlySpan<long> strides, ReadOnlySpan<long> dilations, ReadOnlySpan<long> pads)
    {
        if (dilations.Length != strides.Length || pads.Length != 2 * strides.Length)
        {
            throw new ArgumentException(
                $"{strides.Length} strides, {dilations.Length} dilations and {pads.Length} pads are not one, one and two an axis.",
                nameof(pads));
        }
        Strides = [.. strides];
        Dilations = [.. dilations];
        Pads = [.. pads];
    }

    /// <summary>Steps of the window, one an axis.</summary>
    public ImmutableArray<long> Strides { get; }

    /// <summary>Distances between the window's elements, one an axis.</summary>
    public ImmutableArray<long> Dilations { get; }

    /// <summary>Padding: the start of each axis, then the end of each.</summary>
    public ImmutableArray<long> Pads { get; }

    /// <summary>A window that moves by one, undilated and unpadded.</summary>
    /// <param name="axes">The number of spatial axes.</param>
    public static Window Unit(int axes) => new(Ones(axes), Ones(axes), new long[2 * axes]);

    /// <summary>A window over a plane with the same stride, padding and dilation on both axes.</summary>
    /// <param name="stride">Steps of the window.</param>
    /// <param name="pad">Padding on every side.</param>
    /// <param name="dilation">The distance between the window's elements.</param>
    public static Window Square(long stride = 1, long pad = 0, long dilation = 1) =>
        new([stride, stride], [dilation, dilation], [pad, pad, pad, pad]);

    /// <summary>The lengths of the spatial axes that a window of the given kernel makes (rounded down).</summary>
    /// <param name="input">[N, C, spatial...].</param>
    /// <param name="kernel">The kernel's lengths.</param>
    public Shape OutputLengths(Shape input, Shape kernel)
    {
        var lengths = new Dimension[kernel.Rank];
        for (int i = 0; i < lengths.Length; i++)
        {
            long extent = (Dilations[i] * (kernel[i].Value - 1)) + 1;
            lengths[i] = (input[i + 2] + (Pads[i] + Pads[i + lengths.Length] - extent + Strides[i])) / Strides[i];
        }

        return new Shape(lengths);
    }

    /// <summary>
    /// The smallest length of an axis from which a convolution makes <paramref name="length"/>: what a transposed
    /// convolution makes without output padding.
    /// </summary>
    /// <param name="axis">The spatial axis, from 0.</param>
    /// <param name="length">How many windows there are along it.</param>
    /// <param name="kernel">The kernel's length along it.</param>
    public long AdjointLength(int axis, long length, long kernel) =>
        ((length - 1) * Strides[axis]) + (Dilations[axis] * (kernel - 1)) + 1 - Pads[axis] - Pads[axis + Strides.Length];

    private static long[] Ones(int axes)
    {
        long[] ones = new long[axes];
        Array.Fill(ones, 1);
        return ones;
    }
}
