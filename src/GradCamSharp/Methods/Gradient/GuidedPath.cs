namespace GradCamSharp.Methods;

/// <summary>The path of <see cref="GuidedIg"/>: where it is, and what its steps have summed up.</summary>
internal sealed class GuidedPath
{
    private readonly double[] start;
    private readonly double[] goal;
    private readonly double[] current;
    private readonly double whole;
    private readonly double fraction;
    private readonly double reach;

    public GuidedPath(ReadOnlySpan<float> from, ReadOnlySpan<float> to, double fraction, double maxDist)
    {
        (this.fraction, reach) = (fraction, maxDist);
        (start, goal) = ([.. from.ToArray()], [.. to.ToArray()]);
        current = [.. start];
        Shares = new double[start.Length];
        whole = Distance();
    }

    /// <summary>The sum of gradient times step, for each value.</summary>
    public double[] Shares { get; }

    /// <summary>Writes the point that the path has reached.</summary>
    public void Write(Span<float> input)
    {
        for (int i = 0; i < input.Length; i++)
            input[i] = (float)current[i];
    }

    /// <summary>Moves on until the share of the way that is left is 1 - <paramref name="t"/>.</summary>
    /// <param name="gradient">The gradient here.</param>
    /// <param name="t">From 0 to 1.</param>
    public void Move(double[] gradient, double t)
    {
        double low = Math.Max(t - reach, 0), high = Math.Min(t + reach, 1), target = whole * (1 - t);
        double[] magnitude = Array.ConvertAll(gradient, Math.Abs);
        while (true)
        {
            double[] before = [.. current];
            for (int i = 0; i < current.Length; i++)
            {
                double position = goal[i] == start[i] ? high : (current[i] - start[i]) / (goal[i] - start[i]);
                if (position < low)
                    current[i] = At(i, low);
            }

            double now = Distance();
            if (Math.Abs(target - now) <= 1e-9 * Math.Max(1, whole))
            {
                Add(gradient, before);
                return;
            }

            // What has gone as far as it may does not move again.
            for (int i = 0; i < current.Length; i++)
            {
                if (current[i] == At(i, high))
                    magnitude[i] = double.PositiveInfinity;
            }

            double threshold = Threshold(magnitude), reachable = 0;
            for (int i = 0; i < current.Length; i++)
            {
                if (Moves(i))
                    reachable += Math.Abs(current[i] - At(i, high));
            }

            double ratio = reachable > 0 ? (now - target) / reachable : double.PositiveInfinity;
            for (int i = 0; i < current.Length; i++)
            {
                if (Moves(i))
                    current[i] = ratio > 1 ? At(i, high) : current[i] + ((At(i, high) - current[i]) * ratio);
            }

            Add(gradient, before);
            if (ratio <= 1)
                return;

            bool Moves(int i) => magnitude[i] <= threshold && !double.IsPositiveInfinity(magnitude[i]);
        }
    }

    private double At(int i, double t) => start[i] + ((goal[i] - start[i]) * t);

    private double Distance()
    {
        double sum = 0;
        for (int i = 0; i < current.Length; i++)
            sum += Math.Abs(current[i] - goal[i]);
        return sum;
    }

    private double Threshold(double[] magnitude)
    {
        double[] sorted = [.. magnitude];
        Array.Sort(sorted);
        return sorted[(int)Math.Floor(fraction * (sorted.Length - 1))];
    }

    private void Add(double[] gradient, double[] before)
    {
        for (int i = 0; i < current.Length; i++)
            Shares[i] += (current[i] - before[i]) * gradient[i];
    }
}
