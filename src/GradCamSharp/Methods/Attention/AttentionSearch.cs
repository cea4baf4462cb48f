using OnnxGrad;

namespace GradCamSharp.Methods;

/// <summary>
/// Where a network attends: a product of two computed values of which one is, but for what changes no number, a softmax over its last axis.
/// </summary>
internal static class AttentionSearch
{
    /// <summary>The attention matrices on a path, in the network's order.</summary>
    /// <param name="graph">The graph, its shapes known.</param>
    /// <param name="path">The way from the picture to the scores.</param>
    public static IReadOnlyList<AttentionMatrix> Find(Graph graph, DifferentiationPath path)
    {
        var found = new List<AttentionMatrix>();
        foreach (var node in path.Nodes.Where(n => n.Inputs.Count == 2 && n.Inputs.All(path.Contains)))
        {
            var matrix = node.QualifiedOperator switch
            {
                "MatMul" => Weights(graph, node.Inputs[0]),
                "Einsum" => OfEinsum(graph, node),
                _ => null,
            };
            if (matrix is not null && found.All(f => f.Value != matrix.Value))
                found.Add(matrix);
        }

        return found;
    }

    /// <summary>The softmax that a value is, back through what changes none of its numbers; null if it is none.</summary>
    private static AttentionMatrix? Weights(Graph graph, string value)
    {
        // A softmax over two axes is given its shape behind it, and heads may be merged with pictures: the form of four axes is wanted.
        string? byHead = null;
        while (graph.Producer(value) is { } node && graph.Info(value)?.Shape is { } shape)
        {
            if (shape.Rank == 4)
                byHead = value;
            switch (node.QualifiedOperator)
            {
                case "Softmax" when node.Int("axis", -1) is var axis && (axis == -1 || axis == shape.Rank - 1):
                    string found = byHead ?? value;
                    return new AttentionMatrix(found, graph.Info(found)!.Shape);
                case "Dropout" or "Identity" or "Cast":
                case "Reshape" when graph.Info(node.Inputs[0])?.Shape is { Rank: > 0 } before && before[-1] == shape[-1]:
                    value = node.Inputs[0];
                    break;
                case "Where" when graph.GuardedValue(node) is { } guarded:
                    value = guarded;
                    break;
                default:
                    return null;
            }
        }

        return null;
    }

    /// <summary>
    /// bhqk,bhkd->bhqd and the like: the softmax's last axis is summed over, the axis of the queries stands in the result, the others in
    /// all three.
    /// </summary>
    private static AttentionMatrix? OfEinsum(Graph graph, Node node)
    {
        string[] sides = node.Text("equation", "").Replace(" ", "", StringComparison.Ordinal).Split("->");
        string[] terms = sides[0].Split(',');
        if (sides.Length != 2 || terms.Length != 2 || sides[0].Contains('.', StringComparison.Ordinal))
            return null;
        for (int i = 0; i < 2; i++)
        {
            string own = terms[i], other = terms[1 - i], result = sides[1];
            if (Weights(graph, node.Inputs[i]) is not { Shape.Rank: 4 } matrix || own.Length != 4
                || matrix.Value != SoftmaxOf(node.Inputs[i]) || !other.Contains(own[3], StringComparison.Ordinal)
                || result.Contains(own[3], StringComparison.Ordinal))
                continue;
            string queries = new([.. own.Where(l => result.Contains(l) && !other.Contains(l))]);
            string shared = new([.. result.Where(l => own.Contains(l) && other.Contains(l))]);
            if (queries.Length != 1 || shared.Length != 2)
                continue;
            long[] order = [.. (shared + queries + own[3]).Select(l => (long)own.IndexOf(l, StringComparison.Ordinal))];
            return matrix with { Order = order.SequenceEqual([0, 1, 2, 3]) ? default : [.. order] };
        }

        return null;

        // Without a change of shape between softmax and product the letters are those of the softmax's own axes.
        string SoftmaxOf(string value)
        {
            while (graph.Producer(value) is { QualifiedOperator: "Dropout" or "Identity" or "Cast" or "Where" } before)
                value = before.Operator == "Where" ? graph.Producer(before.Inputs[0])?.Inputs[0] ?? "" : before.Inputs[0];
            return value;
        }
    }
}
