using OnnxGrad;

namespace GradCamSharp.Methods;

/// <summary>
/// Which tokens the scores are read from, by the graph: the token axis is followed from the first tokens along the residual stream to where
/// one token is taken or a mean over tokens.
/// </summary>
internal static class TokenReading
{
    private const int Nowhere = -1;

    /// <summary>Finds them.</summary>
    /// <param name="graph">The graph, its shapes known.</param>
    /// <param name="path">The way from the picture to the scores.</param>
    /// <param name="tokens">The first tokens, [N, T, K].</param>
    /// <param name="count">T.</param>
    /// <returns>
    /// The first and the one behind the last; a single one where a token of its own is read, such as a class token. Null where the graph
    /// shows none.
    /// </returns>
    public static (long From, long To)? Find(Graph graph, DifferentiationPath path, string tokens, long count)
    {
        var walked = path.Nodes.ToHashSet();
        var open = new Queue<Place>([new Place(tokens, 1, 1, 0, count)]);
        var seen = new HashSet<(string, int, long)>();
        var reads = new List<(long From, long To)>();
        while (open.TryDequeue(out var place))
        {
            if (!seen.Add((place.Value, place.First, place.From)))
                continue;
            foreach (var next in graph.Consumers(place.Value).Where(walked.Contains).SelectMany(n => Behind(graph, n, place)))
            {
                if (next.First == Nowhere || next.To - next.From == 1)
                    reads.Add((next.From, next.To));
                else
                    open.Enqueue(next);
            }
        }

        return reads.Count == 0 ? null : reads.OrderBy(r => r.To - r.From).ThenBy(r => r.From).First();
    }

    /// <summary>Where the tokens are behind a node; nowhere where that is not clear.</summary>
    private static IEnumerable<Place> Behind(Graph graph, Node node, Place place)
    {
        string output = node.Outputs[0];
        if (graph.Info(place.Value)?.Shape is not { } read || graph.Info(output)?.Shape is not { } made)
            return [];
        switch (node.QualifiedOperator)
        {
            case "Gather" when node.Inputs[0] == place.Value:
                return Gathered(graph, node, place, read);
            case "Slice":
                return Sliced(graph, node, place, read, made);
            case "Split" when read.Axis(node.Int("axis", 0)) is var axis && axis >= place.First && axis <= place.Last:
                return axis == place.First && place.First == place.Last ? Parts(graph, node, place) : [];
            case "Split":
                return node.Outputs.Where(o => o.Length > 0).Select(o => place with { Value = o });
            case "Transpose":
                long[] order = node.Ints("perm") ?? [.. Enumerable.Range(0, read.Rank).Reverse().Select(i => (long)i)];
                int first = Array.IndexOf(order, place.First);
                bool together = Enumerable.Range(0, place.Last - place.First + 1)
                    .All(i => first + i < order.Length && order[first + i] == place.First + i);
                return together ? [place.At(output, first)] : [];
            case "Reshape" or "Flatten" or "Squeeze" or "Unsqueeze":
                return Reshaped(place, read, made) is var (from, to) ? [place with { Value = output, First = from, Last = to }] : [];
            case "ReduceMean" or "ReduceSum" or "ReduceMax" or "ReduceMin" or "ReduceL2" or "ReduceLogSumExp":
                return Reduced(graph, node, place, read, output);
            case "GlobalAveragePool" or "GlobalMaxPool":
                return place.First >= 2 ? [place with { First = Nowhere }] : [];
            case "MatMul" when node.Inputs[0] == place.Value && place.Last <= read.Rank - 2 && made.Rank >= read.Rank:
                return [place.At(output, place.First + made.Rank - read.Rank)];
            case "MatMul" or "Gemm" or "Einsum" or "Gather" or "GatherND" or "GatherElements" or "ScatterND" or "TopK":
                return [];
            case "Concat" when made.Axis(node.Int("axis", 0)) is var joined && joined >= place.First && joined <= place.Last:
                return [];
            default:
                // Elementwise, or along other axes; axes are aligned at the end.
                int shift = made.Rank - read.Rank;
                bool same = shift >= 0 && Enumerable.Range(place.First, place.Last - place.First + 1).All(a => made[a + shift] == read[a]);
                return same ? [place.At(output, place.First + shift)] : [];
        }
    }

    private static IEnumerable<Place> Gathered(Graph graph, Node node, Place place, Shape read)
    {
        int axis = read.Axis(node.Int("axis", 0)), rank = graph.Info(node.Inputs[1])?.Shape.Rank ?? 0;
        if (axis < place.First)
            return [place.At(node.Outputs[0], place.First + rank - 1)];
        if (axis > place.Last)
            return [place with { Value = node.Outputs[0] }];
        if (place.First != place.Last || graph.Info(node.Inputs[1])?.Integers is not { Count: > 0 } indices)
            return [];
        long length = place.To - place.From, start = indices[0] < 0 ? indices[0] + length : indices[0];
        bool inOrder = indices.Select((at, i) => (at < 0 ? at + length : at) == start + i).All(o => o);
        return inOrder && start >= 0 && start + indices.Count <= length
            ? [place with { Value = node.Outputs[0], From = place.From + start, To = place.From + start + indices.Count }] : [];
    }

    private static IEnumerable<Place> Sliced(Graph graph, Node node, Place place, Shape read, Shape made)
    {
        if (graph.Info(node.Inputs[1])?.Integers is not { } starts)
            return [];
        long[]? axes = node.Inputs.Count > 3 && node.Inputs[3].Length > 0
            ? graph.Info(node.Inputs[3])?.Integers?.ToArray() : [.. Enumerable.Range(0, starts.Count).Select(i => (long)i)];
        if (axes is null)
            return [];
        int at = Array.FindIndex(axes, a => read.Axis(a) >= place.First && read.Axis(a) <= place.Last);
        var next = place with { Value = node.Outputs[0] };
        if (at < 0)
            return [next];
        bool unitStep = node.Inputs.Count < 5 || node.Inputs[4].Length == 0
            || graph.Info(node.Inputs[4])?.Integers?.ElementAtOrDefault(at) == 1;
        if (place.First != place.Last || !unitStep || !made[place.First].IsKnown)
            return [];
        long length = place.To - place.From, start = Math.Clamp(starts[at] < 0 ? starts[at] + length : starts[at], 0, length);
        return [next with { From = place.From + start, To = place.From + start + made[place.First].Value }];
    }

    private static List<Place> Parts(Graph graph, Node node, Place place)
    {
        var parts = new List<Place>();
        long from = place.From;
        foreach (string output in node.Outputs)
        {
            if (graph.Info(output)?.Shape is not { } shape || !shape[place.First].IsKnown)
                break;
            parts.Add(place with { Value = output, From = from, To = from + shape[place.First].Value });
            from += shape[place.First].Value;
        }

        return parts;
    }

    private static IEnumerable<Place> Reduced(Graph graph, Node node, Place place, Shape read, string output)
    {
        var given = node.Ints("axes") ?? (node.Inputs.Count > 1 ? graph.Info(node.Inputs[1])?.Integers?.ToArray() : null);
        if (given is null && node.Inputs.Count > 1)
            return [];
        int[] axes = given is null ? [.. Enumerable.Range(0, read.Rank)] : [.. given.Select(a => read.Axis(a))];
        int inside = axes.Count(a => a >= place.First && a <= place.Last);
        if (inside == place.Last - place.First + 1)
            return [place with { First = Nowhere }];
        int gone = node.Int("keepdims", 1) != 0 ? 0 : axes.Count(a => a < place.First);
        return inside == 0 ? [place.At(output, place.First - gone)] : [];
    }

    /// <summary>The axes of a reshaped value that hold what some axes held before, in the same order.</summary>
    private static (int First, int Last)? Reshaped(Place place, Shape read, Shape made)
    {
        var count = read.Product(place.First, place.Last + 1);
        Dimension before = read.Product(0, place.First), behind = read.Product(place.Last + 1, read.Rank);
        for (int first = 0; first < made.Rank; first++)
        {
            if (made[first] == 1)
                continue;
            for (int last = first; last < made.Rank; last++)
            {
                bool aligned = behind.IsKnown ? made.Product(last + 1, made.Rank) == behind : made.Product(0, first) == before;
                if (aligned && made.Product(first, last + 1) == count)
                    return (first, last);
            }
        }

        return null;
    }

    /// <summary>The axes of a value that hold tokens.</summary>
    /// <param name="Value">The value.</param>
    /// <param name="First">The first axis.</param>
    /// <param name="Last">The last axis.</param>
    /// <param name="From">The first token that is there.</param>
    /// <param name="To">The one behind the last.</param>
    private readonly record struct Place(string Value, int First, int Last, long From, long To)
    {
        public Place At(string value, int first) => this with { Value = value, First = first, Last = first + Last - First };
    }
}
