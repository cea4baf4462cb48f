using OnnxGrad;

namespace GradCamSharp.Analysis;

/// <summary>
/// The layers to explain where a score belongs to a place: for each level of a detector, or of a dense output, the last value that all of
/// the score passes through and that it reads in more than one position.
/// </summary>
internal static class TargetLayers
{
    // Of a chain of convolutions without activations not every one is looked at.
    private const int MostTried = 50;

    /// <summary>Finds them.</summary>
    /// <param name="model">The model, its shapes known.</param>
    /// <param name="input">The picture's input.</param>
    /// <param name="size">Its height and width.</param>
    /// <param name="stops">The values that scores are read from.</param>
    /// <returns>The finest level first; none where nothing has the picture's axes.</returns>
    public static IReadOnlyList<string> Find(
        OnnxModel model, string input, (long Height, long Width) size, IReadOnlyCollection<string> stops)
    {
        var path = DifferentiationPath.Between(model.Graph, [input], stops, model.Operators);
        var leaves = Leaves(model.Graph, path, size, stops);
        var found = new List<(long Cells, string Value)>();
        foreach (var level in leaves.GroupBy(l => Grid(model.Graph, l)).OrderByDescending(g => g.Key.Height * g.Key.Width))
        {
            if (LastCut(model, input, size, [.. level], stops) is { } value && !found.Any(f => f.Value == value))
                found.Add((level.Key.Height * level.Key.Width, value));
        }

        return [.. found.Select(f => f.Value)];
    }

    /// <summary>Walking back from the scores, the first convolutions whose cells lie as the picture does.</summary>
    private static List<string> Leaves(
        Graph graph, DifferentiationPath path, (long Height, long Width) size, IReadOnlyCollection<string> stops)
    {
        var leaves = new List<string>();
        var open = new Stack<string>(stops.Where(s => path.Contains(s) || graph.Producer(s) is not null));
        var seen = new HashSet<string>();
        while (open.TryPop(out string? value))
        {
            if (!seen.Add(value) || graph.Producer(value) is not { } node)
                continue;
            if (node.Operator is "Conv" or "ConvTranspose" or "FusedConv" && LiesAsPicture(graph, value, size))
            {
                leaves.Add(value);
                continue;
            }

            foreach (string read in node.Inputs.Where(path.Contains))
                open.Push(read);
        }

        return leaves;
    }

    /// <summary>
    /// The last value that everything between the input and the leaves passes through, and behind which positions are mixed.
    /// </summary>
    private static string? LastCut(
        OnnxModel model, string input, (long Height, long Width) size, string[] leaves, IReadOnlyCollection<string> stops)
    {
        var graph = model.Graph;
        var path = DifferentiationPath.Between(graph, [input], leaves, model.Operators);
        // A value is open from where it is made until its last reader; it is a cut where nothing else is open.
        var last = new Dictionary<string, int>();
        for (int i = 0; i < path.Nodes.Count; i++)
        {
            foreach (string read in path.Nodes[i].Inputs.Where(path.Contains))
                last[read] = i;
        }

        foreach (string leaf in leaves)
            last[leaf] = int.MaxValue;
        var open = new HashSet<string> { input };
        var cuts = new List<string>();
        for (int i = 0; i < path.Nodes.Count; i++)
        {
            foreach (string made in path.Nodes[i].Outputs.Where(o => o.Length > 0 && last.ContainsKey(o)))
                open.Add(made);
            open.RemoveWhere(v => last.GetValueOrDefault(v, -1) <= i);
            if (open.Count == 1 && LiesAsPicture(graph, open.First(), size) && open.First() != input && (
                cuts.Count == 0 || cuts[^1] != open.First()))
                cuts.Add(open.First());
        }

        // What follows the leaves mixes positions for every cut alike.
        bool mixesBehind = Mixes(model, leaves, stops);
        var seen = Enumerable.Reverse(cuts).Where(c => mixesBehind || Mixes(model, [c], leaves));
        // Before its activation a convolution's output says less than after it.
        return seen.Take(MostTried).FirstOrDefault(
            c => graph.Producer(c)?.Operator is not ("Conv" or "ConvTranspose" or "BatchNormalization"))
            ?? seen.FirstOrDefault();
    }

    private static bool Mixes(OnnxModel model, IReadOnlyCollection<string> from, IReadOnlyCollection<string> to) =>
        DifferentiationPath.Between(model.Graph, from, to, model.Operators).Nodes.Any(n => MixesPositions(model.Graph, n));

    private static bool MixesPositions(Graph graph, Node node)
    {
        switch (node.Operator)
        {
            case "ConvTranspose":
                // Where its windows do not overlap each position makes a block of its own.
                return graph.Info(node.Inputs[1])?.Shape is { } blocks
                    && blocks.Skip(2).Where((l, i) => l.GetValueOrDefault(1) > (node.Ints("strides")?[i] ?? 1)).Any();
            case "Conv":
                return graph.Info(node.Inputs[1])?.Shape is { } kernel && kernel.Skip(2).Any(l => l.GetValueOrDefault(1) > 1);
            case "MaxPool" or "AveragePool":
                return node.Ints("kernel_shape")?.Any(l => l > 1) == true;
            case "GlobalAveragePool" or "GlobalMaxPool" or "ReduceMean" or "ReduceMax" or "Einsum" or "LSTM" or "GRU" or "GridSample"
                or "RoiAlign":
                return true;
            case "MatMul":
                return node.Inputs.All(i => !graph.IsConstant(i)) || graph.Info(node.Inputs[0])?.Shape.Rank == 2;
            case "Gemm":
                return true;
            default:
                return false;
        }
    }

    private static (long Height, long Width) Grid(Graph graph, string value)
    {
        var shape = graph.Info(value)!.Shape;
        return (shape[2].Value, shape[3].Value);
    }

    private static bool LiesAsPicture(Graph graph, string value, (long Height, long Width) size)
    {
        if (graph.Info(value)?.Shape is not { Rank: 4, IsStatic: true } shape)
            return false;
        long height = shape[2].Value, width = shape[3].Value;
        if (height < 1 || width < 1 || height * width < 2 || height > size.Height || width > size.Width)
            return false;
        double across = (double)size.Width / width, down = (double)size.Height / height;
        return across / down is > 0.7 and < 1.43;
    }
}
