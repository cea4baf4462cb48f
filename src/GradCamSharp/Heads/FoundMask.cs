using System.Collections.Immutable;
using GradCamSharp.Targets;

namespace GradCamSharp.Heads;

/// <summary>A mask that a model makes: of a class, of a detection, or for a prompt.</summary>
/// <param name="Target">The target that it stands for.</param>
/// <param name="Label">Its class's name, or which mask it is.</param>
/// <param name="Score">
/// A detection's score, a mask's estimated quality, or the share of the network's input that a class has: from 0 to 1.
/// </param>
/// <param name="Width">The columns of the grid that is laid over the whole original picture; of a tensor over the network's input.</param>
/// <param name="Height">Its rows.</param>
/// <param name="Counts">Row by row, how many cells lie outside, then inside, then outside ... .</param>
public sealed record FoundMask(Target Target, string Label, double Score, int Width, int Height, ImmutableArray<int> Counts);

/// <summary>A key point where a model's heat map has its maximum.</summary>
/// <param name="Target">The target that it stands for.</param>
/// <param name="Label">Its name.</param>
/// <param name="X">The column, in the original picture's pixels; of a tensor in the network's.</param>
/// <param name="Y">The row.</param>
/// <param name="Score">The maximum.</param>
public sealed record FoundKeypoint(Target Target, string Label, double X, double Y, double Score);

/// <summary>A mask over the network's input, as a model has it.</summary>
/// <param name="Target">The target that it stands for.</param>
/// <param name="Label">What it is of.</param>
/// <param name="Score">How sure the model is, or how large it is.</param>
/// <param name="Width">Its columns.</param>
/// <param name="Height">Its rows.</param>
/// <param name="IsInside">Whether a cell, by row and column, lies inside.</param>
internal sealed record HeadMask(Target Target, string Label, double Score, int Width, int Height, Func<int, int, bool> IsInside)
{
    // Finer than networks answer; the picture itself may have many times as many pixels.
    private const int LongestSide = 1024;

    /// <summary>The mask on the original picture.</summary>
    /// <param name="frame">Where the picture lies at the network's input.</param>
    /// <param name="input">The input's height and width.</param>
    public FoundMask In(PixelFrame frame, (long Height, long Width) input)
    {
        double wide = frame.Width ?? input.Width, high = frame.Height ?? input.Height;
        double shrink = Math.Min(1, LongestSide / Math.Max(wide, high));
        int columns = Math.Max(1, (int)Math.Round(wide * shrink)), rows = Math.Max(1, (int)Math.Round(high * shrink));
        int[] across = [.. Enumerable.Range(0, columns).Select(x =>
            Cell(frame.ToNetworkX((x + 0.5) * wide / columns), Width, input.Width))];
        var counts = ImmutableArray.CreateBuilder<int>();
        bool isInside = false;
        int run = 0;
        for (int y = 0; y < rows; y++)
        {
            int row = Cell(frame.ToNetworkY((y + 0.5) * high / rows), Height, input.Height);
            for (int x = 0; x < columns; x++)
            {
                bool own = row >= 0 && across[x] >= 0 && IsInside(row, across[x]);
                if (own != isInside)
                {
                    counts.Add(run);
                    (isInside, run) = (own, 0);
                }

                run++;
            }
        }

        counts.Add(run);
        return new FoundMask(Target, Label, Score, columns, rows, counts.ToImmutable());
    }

    // -1 where the network does not look.
    private static int Cell(double place, int cells, long length) =>
        place >= 0 && place < length ? (int)Math.Min(cells - 1, Math.Floor(place * cells / length)) : -1;
}
