using OnnxGrad.Protobuf;
using OnnxGrad.Rewriting;

namespace OnnxGrad.Passes;

/// <summary>
/// PyTorch exports "squeeze this axis if its length is 1" as an If. Where both branches only rearrange one and the same value, the If is
/// left to compute the shape only, and a Reshape carries the value. A gradient then flows through the Reshape, whichever branch runs.
/// </summary>
internal static class ConditionalReshape
{
    private static readonly HashSet<string> Rearranging = ["Flatten", "Identity", "Reshape", "Squeeze", "Unsqueeze"];

    public static void Apply(GraphProto graph)
    {
        var names = new FreshNames(graph);
        for (int i = graph.Node.Count - 1; i >= 0; i--)
        {
            var node = graph.Node[i];
            if (node.OpType != "If" || node.Output.Count != 1 || Source(node) is not { } source)
                continue;
            string output = node.Output[0], template = names.Next($"{output}/template"), lengths = names.Next($"{output}/shape");
            node.Output[0] = template;
            graph.Node.Insert(i + 1, New("Shape", lengths, template));
            graph.Node.Insert(i + 2, New("Reshape", output, source, lengths));
        }
    }

    /// <summary>The value that both branches rearrange, or null.</summary>
    private static string? Source(NodeProto node)
    {
        string?[] sources = [.. node.Attribute.Where(a => a.G is not null).Select(a => Source(a.G)).Distinct()];
        return sources is [{ } only] ? only : null;
    }

    private static string? Source(GraphProto branch)
    {
        string value = branch.Output[0].Name;
        while (branch.Node.FirstOrDefault(n => n.Output.Contains(value)) is { } maker)
        {
            if (!Rearranging.Contains(maker.OpType) || maker.Domain.Length > 0)
                return null;
            value = maker.Input[0];
        }

        return branch.Initializer.Any(i => i.Name == value) ? null : value;
    }

    private static NodeProto New(string op, string output, params ReadOnlySpan<string> inputs)
    {
        var node = new NodeProto { OpType = op, Name = output };
        foreach (string input in inputs)
            node.Input.Add(input);
        node.Output.Add(output);
        return node;
    }
}
