namespace GradCamSharp.Evaluation.Metrics;

/// <summary>Average drop and increase in confidence of one method (section 4.1 i and ii), in percent of the pairs added.</summary>
/// <remarks>A drop below 0 counts as 0, as the paper's later version has it.</remarks>
public sealed class ConfidenceDrop
{
    private double drops;
    private long increases;

    /// <summary>The number of pairs added.</summary>
    public long Count { get; private set; }

    /// <summary>
    /// 100/N sum max(0, Y - O) / Y: how much of the confidence the explanation map loses. Lower is better; 0 where nothing was added.
    /// </summary>
    public double AverageDrop => Count == 0 ? 0 : 100 * drops / Count;

    /// <summary>
    /// 100/N sum [O > Y]: how often the explanation map raises the confidence. Higher is better; 0 where nothing was added.
    /// </summary>
    public double Increase => Count == 0 ? 0 : 100.0 * increases / Count;

    /// <summary>The drop of one picture: max(0, Y - O) / Y, from 0 to 1. Nothing can be lost of a confidence of 0.</summary>
    /// <param name="whole">Y, the class's probability on the whole picture.</param>
    /// <param name="masked">O, its probability on the explanation map.</param>
    public static double Drop(double whole, double masked) => whole > 0 ? Math.Max(0, whole - masked) / whole : 0;

    /// <summary>Adds a picture and class.</summary>
    /// <param name="whole">Y, the class's probability on the whole picture.</param>
    /// <param name="masked">O, its probability on the explanation map.</param>
    /// <exception cref="ArgumentOutOfRangeException">One of them is no probability.</exception>
    public void Add(double whole, double masked)
    {
        ThrowUnlessProbability(whole, nameof(whole));
        ThrowUnlessProbability(masked, nameof(masked));
        Count++;
        drops += Drop(whole, masked);
        if (masked > whole)
            increases++;
    }

    // Softmax in float32 may end a little above 1.
    private static void ThrowUnlessProbability(double value, string name)
    {
        if (!(value is >= 0 and <= 1.0001))
            throw new ArgumentOutOfRangeException(name, value, "A probability lies between 0 and 1.");
    }
}
