namespace GradCamSharp.Evaluation.Metrics;

/// <summary>A probability as pixels are added or removed step by step (RISE, Petsiuk et al., arXiv 1806.07421).</summary>
public static class Curve
{
    /// <summary>The number of pixels of a step.</summary>
    public const int PixelsAStep = 224;

    /// <summary>The area under the curve by the trapezoid rule, its steps spread evenly from 0 to 1.</summary>
    /// <param name="values">The probability before the first step and after each: two values or more.</param>
    /// <exception cref="ArgumentException">There are fewer than two values.</exception>
    public static double Area(ReadOnlySpan<double> values)
    {
        if (values.Length < 2)
            throw new ArgumentException("A curve has a value before its first step and one after each.", nameof(values));
        double sum = (values[0] + values[^1]) / 2;
        foreach (double value in values[1..^1])
            sum += value;
        return sum / (values.Length - 1);
    }
}
