namespace OnnxGrad.Rules;

/// <summary>A constant matrix: how each element of an axis is made of those of another.</summary>
internal sealed class LinearMap
{
    private const long LargestSize = 1 << 26;

    private readonly long outputs;
    private readonly long inputs;
    private readonly double[] weights;

    private LinearMap(long outputs, long inputs, double[] weights)
    {
        this.outputs = outputs;
        this.inputs = inputs;
        this.weights = weights;
    }

    /// <summary>A map whose rows are given by their sources and weights; a source named twice counts twice.</summary>
    /// <param name="inputs">The length of the axis that is read.</param>
    /// <param name="rows">For each element that is made, the elements it is made of and how much of each.</param>
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
            long times = inputs == 0 ? 0 : outputs / inputs;
            if (times * inputs != outputs)
                return 0;
            for (long o = 0; o < outputs; o++)
            {
                for (long i = 0; i < inputs; i++)
                {
                    if (weights[(o * inputs) + i] != (i == o / times ? 1 : 0))
                        return 0;
                }
            }

            return times;
        }
    }

    /// <summary>The adjoint of the map, along one axis of a gradient: from what the map makes to what it reads.</summary>
    /// <param name="dy">The gradient.</param>
    /// <param name="axis">The axis.</param>
    public Tensor Adjoint(Tensor dy, long axis)
    {
        int at = dy.Shape.Axis(axis);
        var matrix = dy.Graph.Constant(dy.Type, new Shape(outputs, inputs), weights);
        if (dy.Rank == 1)
            return dy.Unsqueeze(0).MatMul(matrix).Squeeze(0);
        if (at == dy.Rank - 1)
            return dy.MatMul(matrix);
        if (at == dy.Rank - 2)
            return matrix.TransposeMatrix().MatMul(dy);
        long[] swapped = [.. Enumerable.Range(0, dy.Rank).Select(i => (long)i)];
        (swapped[at], swapped[^1]) = (swapped[^1], swapped[at]);
        return dy.Transpose(swapped).MatMul(matrix).Transpose(swapped);
    }
}
