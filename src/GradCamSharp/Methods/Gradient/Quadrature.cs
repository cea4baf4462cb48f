namespace GradCamSharp.Methods;

/// <summary>How an integral from 0 to 1 is taken.</summary>
public enum QuadratureRule
{
    /// <summary>Gauss and Legendre's nodes: the most exact where gradients are smooth.</summary>
    GaussLegendre,

    /// <summary>Equal steps, both ends included.</summary>
    Trapezoid,
}

/// <summary>Nodes and weights on [0, 1].</summary>
internal static class Quadrature
{
    /// <summary>The nodes and the weights, which sum to 1.</summary>
    /// <param name="rule">The rule.</param>
    /// <param name="steps">How many nodes, or of the trapezoid rule how many intervals.</param>
    public static (double At, double Weight)[] Of(QuadratureRule rule, int steps) => rule == QuadratureRule.Trapezoid
        ? [.. Enumerable.Range(0, steps + 1).Select(i => ((double)i / steps, (i == 0 || i == steps ? 0.5 : 1) / steps))]
        : [.. Enumerable.Range(0, steps).Select(i => Legendre(i, steps))];

    // The roots of Legendre's polynomial of degree n, by Newton's method.
    private static (double At, double Weight) Legendre(int i, int n)
    {
        double x = Math.Cos(Math.PI * (i + 0.75) / (n + 0.5)), slope = 1;
        for (int round = 0; round < 100; round++)
        {
            double value = 1, before = 0;
            for (int k = 1; k <= n; k++)
                (value, before) = ((((2 * k) - 1) * x * value - ((k - 1) * before)) / k, value);
            slope = n * ((x * value) - before) / ((x * x) - 1);
            double step = value / slope;
            x -= step;
            if (Math.Abs(step) < 1e-15)
                break;
        }

        return ((1 - x) / 2, 1 / ((1 - (x * x)) * slope * slope));
    }
}
