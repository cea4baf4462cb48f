using System.Numerics.Tensors;
using GradCamSharp.Layers;
using GradCamSharp.Runtime;
using OnnxGrad;

namespace GradCamSharp.Checking;

/// <summary>Checks on the user's own model that a layer can be explained: are there rules for all operators, and is the gradient right?</summary>
/// <remarks>
/// The graph is cut at the layer, so that the layer's value A can be fed. Along random directions d the difference S(A + h d) - S(A - h d) of a class
/// score is compared with the integral of the gradient over the same line, the sum of g(A + t d) d at the points of a Gauss-Legendre rule: the two
/// are equal also where rectifiers switch between the ends, where a derivative at A alone would not do, and so h can be large enough to
/// drown the rounding of 32-bit numbers. The error is relative to what a random direction is expected to give, |g| |d| / sqrt(size of A):
/// that much a wrong element weighs; relative to |g| |d| even a gradient of zeros would pass.
/// </remarks>
public static class GradientSelfTest
{
    /// <summary>The error that passes where all operators are smooth, and where some have kinks.</summary>
    internal const double SmoothLimit = 1e-2, KinkedLimit = 3e-2;

    private const int Directions = 3, ClassCount = 3;

    // Of the size of A. The error of the integral falls with the step, that of rounding grows: the best agreement counts.
    private static readonly double[] Steps = [1e-1, 3e-2, 1e-2, 3e-3, 1e-3];

    private static readonly HashSet<string> Kinked =
    [
        "Relu", "LeakyRelu", "PRelu", "ThresholdedRelu", "Clip", "HardSigmoid", "HardSwish", "Abs", "Max", "Min", "MaxPool", "GlobalMaxPool", "ReduceMax", "ReduceMin",
        "Elu", "Selu", "Celu", "Shrink", "Where", "TopK", "QuantizeLinear", "DynamicQuantizeLinear",
    ];

    /// <summary>Checks the explainer's layer.</summary>
    /// <param name="explainer">The model.</param>
    /// <param name="input">One input as the model takes it, <see cref="Explainer.InputShape"/> with a batch of 1; null for seeded noise of mean 0 and deviation 1.</param>
    /// <param name="cancellation">Stops the check.</param>
    /// <exception cref="ModelException">The model cannot be run.</exception>
    public static GradientReport Run(Explainer explainer, ReadOnlyMemory<float>? input = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(explainer);
        return Run(explainer, explainer.Layer, input, cancellation);
    }

    /// <summary>Checks every layer that can be explained, in the network's order.</summary>
    /// <inheritdoc cref="Run(Explainer, ReadOnlyMemory{float}?, CancellationToken)"/>
    public static IEnumerable<GradientReport> RunAll(Explainer explainer, ReadOnlyMemory<float>? input = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(explainer);
        return explainer.Layers.Select(layer => Run(explainer, layer, input, cancellation));
    }

    private static GradientReport Run(Explainer explainer, Layer layer, ReadOnlyMemory<float>? input, CancellationToken cancellation)
    {
        var target = explainer.DefaultTarget;
        var path = Path(target, layer.Name);
        var operators = path.Nodes.CountBy(n => n.QualifiedOperator).OrderBy(c => c.Key, StringComparer.Ordinal).ToDictionary();
        var missing = path.Missing.GroupBy(n => n.QualifiedOperator).OrderBy(g => g.Key, StringComparer.Ordinal)
            .ToDictionary(g => g.Key, IReadOnlyList<string> (g) => [.. g.Select(n => n.Name)]);
        double limit = operators.Keys.Any(Kinked.Contains) ? KinkedLimit : SmoothLimit;
        if (missing.Count > 0)
            return new GradientReport(layer, operators, missing, [.. target.Candidates.Where(c => Path(target, c.Name).Missing.Count == 0)], null, limit);

        using var probe = new LayerProbe(target, layer, explainer.Options, input ?? Noise(target.InputShape));
        return new GradientReport(layer, operators, missing, [], LargestError(probe, cancellation), limit);
    }

    private static double LargestError(LayerProbe probe, CancellationToken cancellation)
    {
        long[] classes = probe.MostProbable(ClassCount);
        float[] activation = probe.Activation;
        double size = Math.Max(TensorPrimitives.Norm<float>(activation) / Math.Sqrt(activation.Length), 1e-6);
        var random = new Random(Seed: 1);
        double[] worst = new double[classes.Length];
        for (int i = 0; i < Directions; i++)
        {
            float[] direction = Gaussian(random, activation.Length, size);
            double[] best = [.. classes.Select(_ => double.PositiveInfinity)];
            foreach (double step in Steps)
            {
                cancellation.ThrowIfCancellationRequested();
                double[] errors = Errors(probe, classes, activation, direction, step);
                for (int c = 0; c < best.Length; c++)
                    best[c] = double.IsNaN(errors[c]) ? best[c] : Math.Min(best[c], errors[c]);
                if (best.Max() < SmoothLimit / 10)
                    break;
            }

            for (int c = 0; c < worst.Length; c++)
                worst[c] = Math.Max(worst[c], best[c]);
        }

        return worst.Max();
    }

    /// <summary>For each class the disagreement on the line from A - h d to A + h d.</summary>
    private static double[] Errors(LayerProbe probe, long[] classes, float[] activation, float[] direction, double step)
    {
        float[] up = Along(activation, direction, step), down = Along(activation, direction, -step);
        // What is fed is rounded: the line is the one between the points as they are.
        float[] line = new float[up.Length];
        TensorPrimitives.Subtract(up, down, line);
        var (above, _) = probe.Run(up, classes);
        var (below, _) = probe.Run(down, classes);

        double[] integral = new double[classes.Length], expected = new double[classes.Length];
        foreach (var (place, weight) in GaussLegendre)
        {
            var (_, gradients) = probe.Run(Along(activation, direction, step * place), classes);
            for (int c = 0; c < classes.Length; c++)
            {
                var gradient = gradients.AsSpan(c * line.Length, line.Length);
                integral[c] += weight / 2 * Dot(gradient, line);
                expected[c] += weight / 2 * Math.Sqrt(Dot(gradient, gradient) * Dot(line, line) / line.Length);
            }
        }

        double rounding = 1e-6 * Math.Max(Math.Abs((double)TensorPrimitives.MaxMagnitude<float>(above)), float.Epsilon);
        double[] errors = new double[classes.Length];
        for (int c = 0; c < classes.Length; c++)
        {
            double difference = (double)above[classes[c]] - below[classes[c]];
            double scale = Math.Max(Math.Max(expected[c], Math.Abs(integral[c])), rounding);
            errors[c] = Math.Max(0, Math.Abs(difference - integral[c]) - rounding) / scale;
        }

        return errors;
    }

    /// <summary>Four points of [-1, 1] and their weights. None is 0: there, maxima tie that A itself ties.</summary>
    private static readonly (double Place, double Weight)[] GaussLegendre =
    [
        (-0.8611363115940526, 0.3478548451374538), (-0.3399810435848563, 0.6521451548625461),
        (0.3399810435848563, 0.6521451548625461), (0.8611363115940526, 0.3478548451374538),
    ];

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

    private static DifferentiationPath Path(ExplanationTarget target, string layer) => DifferentiationPath.Between(target.Model.Graph, [layer], target.Score.Value);

    private static float[] Noise(Shape shape) => Gaussian(new Random(Seed: 2), checked((int)shape.With(0, Math.Max(1, shape[0])).Size), 1);

    /// <summary>Normally distributed numbers (Box and Muller); the same on every machine.</summary>
    private static float[] Gaussian(Random random, int count, double deviation)
    {
        float[] values = new float[count];
        for (int i = 0; i < count; i++)
            values[i] = (float)(deviation * Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()));
        return values;
    }
}
