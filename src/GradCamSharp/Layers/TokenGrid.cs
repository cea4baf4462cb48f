using OnnxGrad;

namespace GradCamSharp.Layers;

/// <summary>
/// How a layer's tokens lie in the picture, by the graph: the token axis is followed back to where the axes of a picture were
/// flattened into it, or to the convolution that made it.
/// </summary>
internal static class TokenGrid
{
    private static readonly HashSet<string> ChannelsFirst =
        ["Conv", "ConvTranspose", "MaxPool", "AveragePool", "BatchNormalization", "InstanceNormalization", "GroupNormalization"];

    /// <summary>The format of the tokens, or null where the graph does not say how they lie.</summary>
    /// <param name="graph">The graph, its shapes known.</param>
    /// <param name="layer">[N, T, K].</param>
    public static LayerFormat? Find(Graph graph, string layer)
    {
        if (graph.Info(layer)?.Shape is not { Rank: 3 } shape || shape[1].GetValueOrDefault(-1) is var tokens && tokens <= 1)
            return null;
        // A stack and not recursion: a graph may be deeper than the call stack. The first input that tells decides, as it would there.
        var open = new Stack<Place>([new Place(layer, 1, 0, 0, tokens)]);
        var seen = new HashSet<(string, int)>();
        while (open.TryPop(out var place))
        {
            if (!seen.Add((place.Value, place.Axis)) || graph.Producer(place.Value) is not { } node
                || graph.Info(place.Value)?.Shape is not { } made || place.Axis >= made.Rank || made[place.Axis].GetValueOrDefault(-1) <= 1)
                continue;
            place = place.Within(made[place.Axis].Value);
            if (GridAt(graph, node, made, place.Axis) is { } grid)
            {
                long size = grid.Size.Value;
                if (place.Shift >= place.From && place.Shift + size <= place.To)
                    return LayerFormat.TokensOf(grid, place.Shift, tokens - place.Shift - size);
                continue;
            }

            foreach (var before in Before(graph, node, made, place).Reverse())
                open.Push(before);
        }

        return null;
    }

    /// <summary>The picture's axes, if this is the node that flattens them into the token axis, or that made them.</summary>
    private static Shape? GridAt(Graph graph, Node node, Shape made, int axis)
    {
        if (graph.Info(node.Inputs.FirstOrDefault("")) is not { Shape: var read })
            return null;
        if (ChannelsFirst.Contains(node.QualifiedOperator))
        {
            // On tokens such a node works position by position, and leaves their number.
            bool positions = made.Rank == read.Rank && made.Slice(2, made.Rank - 2) == read.Slice(2, read.Rank - 2);
            return axis >= 2 && !positions && made.Product(2, made.Rank) == made[axis] ? made.Slice(2, made.Rank - 2) : null;
        }

        if (!IsReshape(node) || Merged(read, made, axis) is not var (first, last) || first == last)
            return null;
        // Windows go into the batch: then one item's tokens are no picture.
        bool sameBefore = read.Take(first).Where(l => l != 1).SequenceEqual(made.Take(axis).Where(l => l != 1));
        return sameBefore ? read.Slice(first, last - first + 1) : null;
    }

    /// <summary>Where the token axis was before the node.</summary>
    private static IEnumerable<Place> Before(Graph graph, Node node, Shape made, Place place)
    {
        int axis = place.Axis;
        string input = node.Inputs.FirstOrDefault("");
        var read = graph.Info(input)?.Shape ?? default;
        switch (node.QualifiedOperator)
        {
            case "Transpose":
                return [place with { Value = input, Axis = node.Ints("perm") is { } perm ? (int)perm[axis] : made.Rank - 1 - axis }];
            case "Reshape" or "Flatten" or "Squeeze" or "Unsqueeze":
                return Merged(read, made, axis) is var (first, last) && first == last ? [place with { Value = input, Axis = first }] : [];
            case "MatMul" when node.Inputs.Count == 2:
                // Rows come from the first factor, columns from the second.
                int side = axis == made.Rank - 1 ? 1 : 0;
                var factor = graph.Info(node.Inputs[side])?.Shape ?? default;
                return axis >= made.Rank - 2 && !graph.IsConstant(node.Inputs[side]) && factor.Rank >= 2
                    ? [place with { Value = node.Inputs[side], Axis = factor.Rank - made.Rank + axis }]
                    : [];
            case "Concat" when made.Axis(node.Int("axis", 0)) == axis:
                return Joined(graph, node, place);
            case "Slice" when read.Rank == made.Rank && read[axis] != made[axis]:
                return Start(graph, node, read, axis) is { } start ? [place with { Value = input, Shift = place.Shift - start }] : [];
            case "Split" when read.Rank == made.Rank && read[axis] != made[axis]:
                long?[] lengths = [.. node.Outputs.TakeWhile(o => o != place.Value)
                    .Select(o => graph.Info(o)?.Shape[axis] is { IsKnown: true } length ? length.Value : (long?)null)];
                return lengths.Contains(null) ? [] : [place with { Value = input, Shift = place.Shift - lengths.Sum()!.Value }];
            case "Einsum" or "Gather" or "GatherElements" or "GatherND":
                return [];
            default:
                // Elementwise, or along other axes; axes are aligned at the end.
                return node.Inputs.Where(i => i.Length > 0 && !graph.IsConstant(i))
                    .Select(i => (Value: i, Shape: graph.Info(i)?.Shape ?? default))
                    .Where(i => i.Shape.Rank <= made.Rank && axis - made.Rank + i.Shape.Rank is >= 0 and var at
                        && i.Shape[at] == made[axis])
                    .Select(i => place with { Value = i.Value, Axis = axis - made.Rank + i.Shape.Rank });
        }
    }

    /// <summary>The inputs of a Concat along the tokens, each behind those before it.</summary>
    private static List<Place> Joined(Graph graph, Node node, Place place)
    {
        var places = new List<Place>();
        long before = 0;
        foreach (string input in node.Inputs)
        {
            places.Add(place with { Value = input, Shift = place.Shift + before });
            if (graph.Info(input)?.Shape is not { } shape || place.Axis >= shape.Rank || !shape[place.Axis].IsKnown)
                break;
            before += shape[place.Axis].Value;
        }

        return places;
    }

    /// <summary>Where a Slice starts on an axis; null where that, or a step of 1, is not known.</summary>
    private static long? Start(Graph graph, Node node, Shape read, int axis)
    {
        if (graph.Info(node.Inputs.ElementAtOrDefault(1) ?? "")?.Integers is not { } starts)
            return null;
        long[]? axes = node.Inputs.Count > 3 && node.Inputs[3].Length > 0
            ? graph.Info(node.Inputs[3])?.Integers?.ToArray() : [.. Enumerable.Range(0, starts.Count).Select(i => (long)i)];
        int at = axes is null ? -1 : Array.FindIndex(axes, a => read.Axis(a) == axis);
        bool unitStep = node.Inputs.Count < 5 || node.Inputs[4].Length == 0
            || (at >= 0 && graph.Info(node.Inputs[4])?.Integers?.ElementAtOrDefault(at) == 1);
        return at >= 0 && at < starts.Count && unitStep && read[axis].IsKnown
            ? Math.Clamp(starts[at] < 0 ? starts[at] + read[axis].Value : starts[at], 0, read[axis].Value) : null;
    }

    private static bool IsReshape(Node node) => node.QualifiedOperator is "Reshape" or "Flatten" or "Squeeze" or "Unsqueeze";

    /// <summary>
    /// The axes, first and last, that a reshape merged into one; axes of length 1 at either end left out. Null where it is split, or
    /// where lengths that follow the batch hide it.
    /// </summary>
    private static (int First, int Last)? Merged(Shape read, Shape made, int axis)
    {
        // Counted from the end, since the batch stands in front; from the front where it does not.
        Dimension behind = made.Product(axis + 1, made.Rank), before = made.Product(0, axis);
        if (!made[axis].IsKnown)
            return null;
        for (int last = read.Rank - 1; last >= 0; last--)
        {
            if (read[last].GetValueOrDefault(-1) <= 1 || (behind.IsKnown && read.Product(last + 1, read.Rank) != behind))
                continue;
            long product = 1;
            for (int first = last; first >= 0 && read[first].IsKnown && product < made[axis].Value; first--)
            {
                product *= read[first].Value;
                bool aligned = behind.IsKnown || (before.IsKnown && read.Product(0, first) == before);
                if (product == made[axis] && aligned)
                    return (first, last);
            }
        }

        return null;
    }

    /// <summary>An axis of a value on the way back.</summary>
    /// <param name="Value">The value.</param>
    /// <param name="Axis">The token axis.</param>
    /// <param name="Shift">What is added to a place along the axis to have the place among the layer's tokens.</param>
    /// <param name="From">The first of the layer's tokens that came this whole way.</param>
    /// <param name="To">The one behind the last.</param>
    private readonly record struct Place(string Value, int Axis, long Shift, long From, long To)
    {
        public Place Within(long length) => this with { From = Math.Max(From, Shift), To = Math.Min(To, Shift + length) };
    }
}
