using System.Numerics.Tensors;

namespace GradCamSharp.Checking;

/// <summary>Compares a function's values with its gradient.</summary>
/// <remarks>
/// Along random directions d the difference S(A + h d) - S(A - h d) of a class score
/// is compared with the integral of the gradient over the same line, the sum of g(A + t d) d at the points of a Gauss-Legendre rule: the
/// two are equal also where rectifiers switch between the ends, where a derivative at A alone would not do, and so h can be large enough to
/// drown the rounding of 32-bit numbers. The error is relative to what a random direction is expected to give, |g| |d| / sqrt(size of A):
/// that much a wrong element weighs; relative to |g| |d| even a gradient of zeros would pass.
/// </remarks>
internal static class LineIntegral
{
    // Agreement to this part of what passes is enough: no need for another step.
    private const double Ample = 0.3;

    // Half the line's length, of the size of A, and into how many pieces the line is cut. The error of the integral falls with the
    // step and with the pieces, that of rounding grows as the step shrinks: the best agreement counts. Pieces cost runs, so they come
    // last, for networks with many kinks.
    private static readonly (double Step, int Pieces)[] Lines =
    [
        (1e-1, 1), (3e-2, 1), (1e-2, 1), (3e-3, 1), (1e-3, 1), (1e-1, 8), (3e-2, 8), (1e-2, 8), (LongestStep, 8),
    ];

    private const double LongestStep = 1;

    // Four points of [-1, 1] and their weights. None is 0: at A itself maxima may tie.
    private static readonly (double Place, double Weight)[] GaussLegendre =
    [
        (-0.8611363115940526, 0.3478548451374538), (-0.3399810435848563, 0.6521451548625461),
        (0.3399810435848563, 0.6521451548625461), (0.8611363115940526, 0.3478548451374538),
    ];

    /// <summary>How often the function is evaluated along a direction whose first line agrees.</summary>
    public static int FewestRuns => 2 + (Lines[0].Pieces * GaussLegendre.Length);

    /// <summary>The largest disagreement between a function's values and its gradient, over directions and classes.</summary>
    /// <param name="activation">The point A.</param>
    /// <param name="classes">The classes whose gradient is checked.</param>
    /// <param name="directions">How many directions are taken.</param>
    /// <param name="limit">The disagreement that passes.</param>
    /// <param name="evaluate">The scores of all classes at a point, and the gradients of the classes there, one after the other.</param>
    /// <param name="cancellationToken">Stops the check.</param>
    /// <returns>Relative to what a random direction is expected to give; infinite where nothing finite came.</returns>
    public static double LargestError(
        float[] activation, long[] classes, int directions, double limit,
        Func<float[], long[], (float[] Scores, float[] Gradients)> evaluate, CancellationToken cancellationToken = default)
    {
        double size = Math.Max(TensorPrimitives.Norm<float>(activation) / Math.Sqrt(activation.Length), 1e-6);
        var random = new Random(Seed: 1);
        double[] worst = new double[classes.Length];
        for (int i = 0; i < directions; i++)
        {
            float[] direction = Gaussian(random, activation.Length, size);
            double[] best = [.. classes.Select(_ => double.PositiveInfinity)];
            foreach (var (step, pieces) in Lines)
            {
                cancellationToken.ThrowIfCancellationRequested();
                double[] errors = Errors(evaluate, classes, activation, direction, step, pieces);
                for (int c = 0; c < best.Length; c++)
                    best[c] = double.IsNaN(errors[c]) ? best[c] : Math.Min(best[c], errors[c]);
                if (best.Max() < Ample * limit)
                    break;
            }

            for (int c = 0; c < worst.Length; c++)
                worst[c] = Math.Max(worst[c], best[c]);
        }

        return worst.Max();
    }

    /// <summary>For each class the disagreement on the line from A - h d to A + h d.</summary>
    private static double[] Errors(
        Func<float[], long[], (float[] Scores, float[] Gradients)> evaluate, long[] classes, float[] activation, float[] direction,
        double step, int pieces)
    {
        float[] up = Along(activation, direction, step), down = Along(activation, direction, -step);
        // What is fed is rounded: the line is the one between the points as they are.
        float[] line = new float[up.Length];
        TensorPrimitives.Subtract(up, down, line);
        var (above, _) = evaluate(up, classes);
        var (below, _) = evaluate(down, classes);

        double[] integral = new double[classes.Length], expected = new double[classes.Length];
        foreach (var (place, weight) in Enumerable.Range(0, pieces).SelectMany(
            p => GaussLegendre.Select(g => (((2 * p) + 1 + g.Place) / pieces - 1, g.Weight / pieces))))
        {
            var (_, gradients) = evaluate(Along(activation, direction, step * place), classes);
            for (int c = 0; c < classes.Length; c++)
            {
                var gradient = gradients.AsSpan(c * line.Length, line.Length);
                integral[c] += weight / 2 * Dot(gradient, line);
                expected[c] += weight / 2 * Math.Sqrt(Dot(gradient, gradient) * Dot(line, line) / line.Length);
            }
        }

        double audible = 1e-5 * Math.Max(Math.Abs((double)TensorPrimitives.MaxMagnitude<float>(above)), float.Epsilon);
        double[] errors = new double[classes.Length];
        for (int c = 0; c < classes.Length; c++)
        {
            double difference = (double)above[classes[c]] - below[classes[c]];
            double scale = Math.Max(expected[c], Math.Abs(integral[c]));
            // Where the score hardly moves, a small step shows rounding alone; the largest one must do, measured against what can be seen.
            errors[c] = scale < audible && step < LongestStep ? double.NaN : Math.Abs(difference - integral[c]) / Math.Max(scale, audible);
        }

        return errors;
    }

    private static double Dot(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        double sum = 0;
        for (int i = 0; i < a.Length; i++)
            sum += (double)a[i] * b[i];
        return sum;
    }

    private static float[] Along(float[] start, float[] direction, double step)
    {
        float[] point = new float[start.Length];
        TensorPrimitives.MultiplyAdd(direction, (float)step, start, point);
        return point;
    }

    /// <summary>Normally distributed numbers (Box and Muller); the same on every machine.</summary>
    public static float[] Gaussian(Random random, int count, double deviation)
    {
        float[] values = new float[count];
        for (int i = 0; i < count; i++)
        {
            values[i] = (float)(deviation * Math.Sqrt(-2 * Math.Log(1 - random.NextDouble()))
                * Math.Cos(2 * Math.PI * random.NextDouble()));
        }
        return values;
    }
}
