namespace GradCamSharp.Evaluation.Metrics;

/// <summary>
/// Max-sensitivity (Yeh et al. 2019, arXiv 1901.09392): how far a map moves under noise that nobody sees, as a share of its own length.
/// Lower is steadier; 0 for maps that ignore the picture.
/// </summary>
/// <param name="Max">max over the noisy copies of |M_i - M| / |M|, 2-norms; undefined where M is empty.</param>
/// <param name="Mean">The mean over them.</param>
public readonly record struct Sensitivity(double? Max, double? Mean)
{
    /// <summary>How far a value moves at most, as a share of a pixel's range.</summary>
    public const double Radius = 0.02;

    /// <summary>The number of noisy copies.</summary>
    public const int Copies = 10;

    /// <summary>Measures a map.</summary>
    /// <param name="map">M, the map of the picture.</param>
    /// <param name="others">Its maps of the noisy copies, same class.</param>
    public static Sensitivity Of(ReadOnlySpan<float> map, IReadOnlyList<float[]> others)
    {
        double norm = 0, most = 0, sum = 0;
        foreach (float value in map)
            norm += (double)value * value;
        if (norm == 0)
            return default;
        foreach (float[] other in others)
        {
            double distance = 0;
            for (int i = 0; i < other.Length; i++)
            {
                double moved = (double)other[i] - map[i];
                distance += moved * moved;
            }

            double share = Math.Sqrt(distance) / Math.Sqrt(norm);
            most = Math.Max(most, share);
            sum += share;
        }

        return new Sensitivity(most, sum / others.Count);
    }
}
