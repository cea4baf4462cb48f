using GradCamSharp.Imaging;

namespace GradCamSharp.Visualizing;

/// <summary>Draws the channels that carry a decision: for each where it is active, and below the patch that excites it most.</summary>
public static class NeuronSheet
{
    private const int Side = 200, Gap = 6;

    /// <summary>Draws a sheet.</summary>
    /// <param name="picture">The picture.</param>
    /// <param name="report">What was found in it.</param>
    public static Picture Draw(Picture picture, NeuronReport report)
    {
        ArgumentNullException.ThrowIfNull(picture);
        ArgumentNullException.ThrowIfNull(report);
        return SideBySide.Draw([.. report.Neurons.Select(n => (FormattableString.Invariant(
            $"channel {n.Channel}: {n.Contribution:+0.00;-0.00}"), Panel(picture, n)))], (2 * Side) + Gap);
    }

    private static Picture Panel(Picture picture, Neuron neuron)
    {
        var above = Resampling.Resize(Rendering.Overlay(picture, neuron.Map), Side, Side);
        var below = Resampling.Resize(Cut(picture, Square(neuron.Patch, picture.Size)), Side, Side);
        byte[] pixels = new byte[Side * ((2 * Side) + Gap) * 3];
        pixels.AsSpan().Fill(byte.MaxValue);
        above.Pixels.CopyTo(pixels);
        below.Pixels.CopyTo(pixels.AsSpan((Side + Gap) * Side * 3));
        return new Picture(Side, (2 * Side) + Gap, pixels);
    }

    // The patch in a square as large as its longer side, as far as the picture goes.
    private static PixelBox Square(PixelBox patch, PixelSize size)
    {
        int side = Math.Min(Math.Max(patch.Width, patch.Height), Math.Min(size.Width, size.Height));
        int x = patch.X + ((patch.Width - side) / 2), y = patch.Y + ((patch.Height - side) / 2);
        return new PixelBox(Math.Clamp(x, 0, size.Width - side), Math.Clamp(y, 0, size.Height - side), side, side);
    }

    private static Picture Cut(Picture picture, PixelBox box)
    {
        byte[] pixels = new byte[box.Width * box.Height * 3];
        for (int y = 0; y < box.Height; y++)
            picture.Row(box.Y + y).Slice(box.X * 3, box.Width * 3).CopyTo(pixels.AsSpan(y * box.Width * 3));
        return new Picture(box.Width, box.Height, pixels);
    }
}
