using System.Numerics.Tensors;

namespace GradCamSharp.Audit.Scanning;

/// <summary>
/// Do pictures show the very same thing around their strongest evidence, wherever that lies? Windows are shifted onto their common mean,
/// and how much of their energy that mean has is told as <see cref="Sharpness"/> tells it.
/// </summary>
/// <param name="score">1 the same pixels, 0 nothing in common.</param>
/// <param name="mean">[32, 32]: the mean of the shifted windows.</param>
internal sealed class Alignment(double score, float[] mean)
{
    public double Score { get; } = score;

    public float[] Mean { get; } = mean;

    private const int Rounds = 4, Size = EvidenceWindow.Side * EvidenceWindow.Side;

    /// <summary>Aligns windows.</summary>
    /// <param name="windows">The pictures' windows; two or more.</param>
    /// <param name="begin">[32, 32]: what they are shifted onto first; null for the first window.</param>
    public static Alignment Of(IReadOnlyList<EvidenceWindow> windows, float[]? begin = null)
    {
        int n = windows.Count;
        float[] mean = new float[Size], part = new float[Size], sum = new float[Size];
        if (begin is null)
            windows[0].Cut((EvidenceWindow.Reach * EvidenceWindow.Shifts) + EvidenceWindow.Reach, mean);
        else
            begin.CopyTo(mean.AsSpan());
        double energy = 0;
        for (int round = 0; round < Rounds; round++)
        {
            Array.Clear(sum);
            energy = 0;
            foreach (var window in windows)
            {
                window.Cut(window.Best(mean, out _), part);
                TensorPrimitives.Add(sum, part, sum);
                energy += TensorPrimitives.SumOfSquares<float>(part);
            }

            TensorPrimitives.Divide(sum, n, mean);
        }

        double common = TensorPrimitives.SumOfSquares<float>(mean);
        return new Alignment(energy > 0 ? Sharpness.Corrected(n * common / energy, n) : 0, mean);
    }
}
