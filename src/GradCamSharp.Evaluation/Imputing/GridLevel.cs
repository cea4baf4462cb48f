using System.Numerics;

namespace GradCamSharp.Evaluation.Imputing;

/// <summary>
/// A grid of unknowns with its equations: diagonal, and what ties a cell to its right, lower right, lower and lower left neighbour (the
/// others follow by symmetry). Rows lie apart by <see cref="Stride"/> with a margin of zeros around them, so that loops need no edges.
/// </summary>
internal sealed class GridLevel
{
    /// <summary>Zeros beside a row, and room behind the last one: as many as the widest vectors hold.</summary>
    public const int Margin = 16;

    public int Height { get; private set; }

    public int Width { get; private set; }

    public int Stride { get; private set; }

    /// <summary>The number of values of a vector over the grid, with its margins.</summary>
    public int Length => (Height + 2) * Stride;

    /// <summary>1 where a cell is unknown, 0 elsewhere.</summary>
    public float[] Mask { get; private set; } = [];

    /// <summary>The diagonal; 0 where nothing is unknown.</summary>
    public float[] Diagonal { get; private set; } = [];

    /// <summary>What a relaxation step multiplies a residual with: a share of 1 / diagonal; 0 where nothing is unknown.</summary>
    public float[] Relaxation { get; private set; } = [];

    public float[] Right { get; private set; } = [];

    public float[] Below { get; private set; } = [];

    public float[] BelowRight { get; private set; } = [];

    public float[] BelowLeft { get; private set; } = [];

    /// <summary>What ties a cell to known ones: the excess of the diagonal over the ties to unknown ones.</summary>
    public float[] Held { get; private set; } = [];

    /// <summary>Vectors that the solver works in: solution, right side, and two more.</summary>
    public float[] Solution { get; private set; } = [];

    public float[] Residual { get; private set; } = [];

    public float[] Scratch { get; private set; } = [];

    /// <summary>Makes room for a grid and clears it.</summary>
    public void Reset(int height, int width)
    {
        (Height, Width) = (height, width);
        Stride = ((width + Margin - 1) / Margin * Margin) + (2 * Margin);
        // A step beyond the last row, where whole vectors end.
        int length = Length + Margin;
        if (Mask.Length < length)
        {
            Mask = new float[length];
            Diagonal = new float[length];
            Relaxation = new float[length];
            Right = new float[length];
            Below = new float[length];
            BelowRight = new float[length];
            BelowLeft = new float[length];
            Held = new float[length];
            Solution = new float[length];
            Residual = new float[length];
            Scratch = new float[length];
            return;
        }

        foreach (float[] values in (float[][])[
            Mask, Diagonal, Relaxation, Right, Below, BelowRight, BelowLeft, Held, Solution, Residual, Scratch])
            values.AsSpan(0, length).Clear();
    }

    public int At(int y, int x) => ((y + 1) * Stride) + Margin + x;

    /// <summary>Finds diagonal and relaxation from ties and what holds the cells.</summary>
    /// <param name="damping">The share of 1 / diagonal that a relaxation step takes.</param>
    public void Complete(float damping)
    {
        for (int y = 0; y < Height; y++)
        {
            for (int x = 0, at = At(y, 0); x < Width; x++, at++)
            {
                if (Mask[at] == 0)
                    continue;
                Diagonal[at] = Held[at] + Right[at] + Right[at - 1] + Below[at] + Below[at - Stride]
                    + BelowRight[at] + BelowRight[at - Stride - 1] + BelowLeft[at] + BelowLeft[at - Stride + 1];
                Relaxation[at] = damping / Diagonal[at];
            }
        }
    }

    /// <summary>result = right side - A values.</summary>
    /// <param name="values">A vector whose known cells are 0.</param>
    /// <param name="rightSide">A vector.</param>
    /// <param name="result">Where to; not one of the others.</param>
    public void Remainder(float[] values, float[] rightSide, float[] result)
    {
        int count = Vector<float>.Count, stride = Stride;
        for (int y = 0; y < Height; y++)
        {
            int begin = At(y, 0), end = begin + Width;
            for (int i = begin; i < end; i += count)
            {
                var sum = (Load(Right, i) * Load(values, i + 1)) + (Load(Right, i - 1) * Load(values, i - 1))
                    + (Load(Below, i) * Load(values, i + stride)) + (Load(Below, i - stride) * Load(values, i - stride))
                    + (Load(BelowRight, i) * Load(values, i + stride + 1))
                    + (Load(BelowRight, i - stride - 1) * Load(values, i - stride - 1))
                    + (Load(BelowLeft, i) * Load(values, i + stride - 1))
                    + (Load(BelowLeft, i - stride + 1) * Load(values, i - stride + 1));
                (Load(rightSide, i) - (Load(Diagonal, i) * Load(values, i)) + sum).CopyTo(result, i);
            }
        }
    }

    /// <summary>The same where all ties between unknown cells are alike: the mask says which there are.</summary>
    /// <param name="values">A vector whose known cells are 0.</param>
    /// <param name="rightSide">A vector.</param>
    /// <param name="result">Where to; not one of the others.</param>
    /// <param name="beside">The tie to a neighbour beside.</param>
    /// <param name="across">The tie to a neighbour across.</param>
    public void Remainder(float[] values, float[] rightSide, float[] result, float beside, float across)
    {
        int count = Vector<float>.Count, stride = Stride;
        for (int y = 0; y < Height; y++)
        {
            int begin = At(y, 0), end = begin + Width;
            for (int i = begin; i < end; i += count)
            {
                var sides = Load(values, i - 1) + Load(values, i + 1) + Load(values, i - stride) + Load(values, i + stride);
                var corners = Load(values, i - stride - 1) + Load(values, i - stride + 1)
                    + Load(values, i + stride - 1) + Load(values, i + stride + 1);
                var sum = ((sides * beside) + (corners * across)) * Load(Mask, i);
                (Load(rightSide, i) - (Load(Diagonal, i) * Load(values, i)) + sum).CopyTo(result, i);
            }
        }
    }

    private static Vector<float> Load(float[] values, int at) => new(values, at);
}
