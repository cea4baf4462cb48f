using OnnxGrad;

namespace GradCamSharp.Heads;

/// <summary>Where an element of a value comes from: the value that computes it, behind all that only moves it.</summary>
/// <param name="Value">The value that a node computes, or an input.</param>
/// <param name="Index">The element's flat place in it.</param>
/// <param name="Squashing">The sigmoid or softmax that was passed on the way; null without one.</param>
internal readonly record struct ElementSource(string Value, long Index, Node? Squashing)
{
    /// <summary>Follows an element back.</summary>
    /// <param name="graph">The graph, its shapes known.</param>
    /// <param name="value">The value.</param>
    /// <param name="index">The element's flat place in it.</param>
    /// <param name="isUnsquashed">Whether the last sigmoid or softmax is passed; else the walk ends there.</param>
    public static ElementSource Of(Graph graph, string value, long index, bool isUnsquashed = true)
    {
        Node? squashing = null;
        while (graph.Producer(value) is { } node && graph.Info(value)?.Shape is { IsStatic: true } shape)
        {
            if (node.QualifiedOperator is "Sigmoid" or "Softmax" && squashing is null && isUnsquashed)
            {
                squashing = node;
                value = node.Inputs[0];
            }
            else if (Before(graph, node, value, shape, index) is { } before)
            {
                (value, index) = before;
            }
            else
            {
                break;
            }
        }

        return new ElementSource(value, index, squashing);
    }

    private static (string Value, long Index)? Before(Graph graph, Node node, string value, Shape made, long index)
    {
        string input = node.Inputs.FirstOrDefault("");
        if (graph.Info(input)?.Shape is not { IsStatic: true } read)
            return null;
        switch (node.QualifiedOperator)
        {
            case "Identity" or "Cast" or "Dropout" or "Reshape" or "Flatten" or "Squeeze" or "Unsqueeze":
                return (input, index);
            case "Transpose":
                long[] at = made.Unravel(index);
                long[] from = new long[at.Length];
                for (int i = 0; i < at.Length; i++)
                    from[node.Ints("perm") is { } perm ? perm[i] : at.Length - 1 - i] = at[i];
                return (input, read.Ravel(from));
            case "Concat":
                return Joined(graph, node, made, index);
            case "Split":
                return Parted(graph, node, value, made, read, index);
            case "Slice":
                return Sliced(graph, node, made, read, index);
            default:
                return null;
        }
    }

    private static (string Value, long Index)? Joined(Graph graph, Node node, Shape made, long index)
    {
        int axis = made.Axis(node.Int("axis", 0));
        long[] at = made.Unravel(index);
        foreach (string input in node.Inputs)
        {
            if (graph.Info(input)?.Shape is not { IsStatic: true } part)
                return null;
            if (at[axis] < part[axis].Value)
                return (input, part.Ravel(at));
            at[axis] -= part[axis].Value;
        }

        return null;
    }

    private static (string Value, long Index)? Parted(Graph graph, Node node, string value, Shape made, Shape read, long index)
    {
        int axis = made.Axis(node.Int("axis", 0));
        long[] at = made.Unravel(index);
        foreach (string output in node.Outputs.TakeWhile(o => o != value))
        {
            if (graph.Info(output)?.Shape is not { IsStatic: true } part)
                return null;
            at[axis] += part[axis].Value;
        }

        return (node.Inputs[0], read.Ravel(at));
    }

    private static (string Value, long Index)? Sliced(Graph graph, Node node, Shape made, Shape read, long index)
    {
        if (Integers(1) is not { } starts || (node.Inputs.Count > 4 && node.Inputs[4].Length > 0 && Integers(4) is null))
            return null;
        long[] axes = Integers(3) ?? [.. Enumerable.Range(0, starts.Length).Select(i => (long)i)];
        long[] steps = Integers(4) ?? [.. starts.Select(_ => 1L)];
        long[] at = made.Unravel(index);
        for (int i = 0; i < starts.Length; i++)
        {
            int axis = read.Axis(axes[i]);
            if (steps[i] < 1)
                return null;
            long start = Math.Clamp(starts[i] < 0 ? starts[i] + read[axis].Value : starts[i], 0, read[axis].Value);
            at[axis] = start + (at[axis] * steps[i]);
        }

        return (node.Inputs[0], read.Ravel(at));

        long[]? Integers(int input) => input < node.Inputs.Count && node.Inputs[input].Length > 0
            ? graph.Info(node.Inputs[input])?.Integers?.ToArray() : null;
    }
}
