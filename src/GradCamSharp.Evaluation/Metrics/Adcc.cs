namespace GradCamSharp.Evaluation.Metrics;

/// <summary>
/// Average drop, coherency and complexity in one figure: ADCC (Poppi et al. 2021, arXiv 2104.10252), and ARCC with ROAD in the place of the
/// drop (Domeniconi et al. 2026, arXiv 2605.14641).
/// </summary>
/// <remarks>
/// ADCC = 3 / (1/coherency + 1/(1 - complexity) + 1/(1 - drop)), ARCC = 3 / (1/coherency + 1/(1 - complexity) + 1/clip(road, 0, 1)); 0 as
/// soon as a part is 0. A map that never looks at the picture has coherency 1, a large one a small drop: <c>centre</c> wins ADCC.
/// </remarks>
public static class Adcc
{
    /// <summary>(1 + Pearson(M, M')) / 2; 1/2 where a map does not vary.</summary>
    /// <param name="map">M, the map of the picture.</param>
    /// <param name="ofMasked">M', the same method's of the explanation map E = M o x, same class.</param>
    public static double Coherency(ReadOnlySpan<float> map, ReadOnlySpan<float> ofMasked) =>
        (1 + (Correlation.Pearson(map, ofMasked) ?? 0)) / 2;

    /// <summary>The mean of M, 0 to 1.</summary>
    public static double Complexity(ReadOnlySpan<float> map)
    {
        double sum = 0;
        foreach (float value in map)
            sum += value;
        return sum / map.Length;
    }

    /// <summary>The harmonic mean of three parts: 0 as soon as one of them is.</summary>
    public static double Harmonic(double a, double b, double c) =>
        Math.Min(a, Math.Min(b, c)) <= 0 ? 0 : 3 / ((1 / a) + (1 / b) + (1 / c));
}
