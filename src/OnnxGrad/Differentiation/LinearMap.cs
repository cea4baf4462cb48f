namespace OnnxGrad;

/// <summary>A constant matrix: how each element of an axis is made of those of another.</summary>
/// <param name="Outputs">The number of rows.</param>
/// <param name="Inputs">The number of columns.</param>
/// <param name="Weights">Row by row.</param>
internal sealed record LinearMap(long Outputs, long Inputs, double[] Weights)
{
    private const long LargestSize = 1 << 26;

    /// <summary>A map whose rows are given by their sources and weights; a source named twice counts twice.</summary>
    public static LinearMap Of(long inputs, IEnumerable<(long Source, double Weight)[]> rows)
    {
        var all = rows.ToList();
        if (all.Count * inputs > LargestSize)
        {
            throw new ModelException($"Resizing an axis of {inputs} to {all.Count} is too large to differentiate. " +
                "Explain a layer after it.");
        }
        double[] weights = new double[all.Count * inputs];
        for (int o = 0; o < all.Count; o++)
        {
            foreach (var (source, weight) in all[o])
                weights[(o * inputs) + source] += weight;
        }

        return new LinearMap(all.Count, inputs, weights);
    }

    /// <summary>The whole number of times that the map repeats each element in place; 0 if it does something else.</summary>
    public long RepeatCount
    {
        get
        {
            long times = Inputs == 0 ? 0 : Outputs / Inputs;
            if (times * Inputs != Outputs)
                return 0;
            for (long o = 0; o < Outputs; o++)
            {
                for (long i = 0; i < Inputs; i++)
                {
                    if (Weights[(o * Inputs) + i] != (i == o / times ? 1 : 0))
                        return 0;
                }
            }

            return times;
        }
    }
}
