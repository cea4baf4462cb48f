using Google.Protobuf.Collections;
using OnnxGrad.Protobuf;
using OnnxGrad.Rewriting;

namespace OnnxGrad.Passes;

/// <summary>
/// The border of a model of 16-bit floats that computes in 32: Casts give its inputs and outputs the types back that the file declares.
/// Undoes what <see cref="Float16Widening"/> does to declarations, and nothing else of it.
/// </summary>
internal static class DeclaredTypes
{
    /// <summary>The inputs and outputs that a graph declares as 16-bit floats.</summary>
    public static Dictionary<string, ElementType> Narrow(GraphProto graph)
    {
        var types = new Dictionary<string, ElementType>(StringComparer.Ordinal);
        foreach (var info in graph.Input.Concat(graph.Output))
        {
            var type = (ElementType)(info.Type?.TensorType?.ElemType ?? 0);
            if (type is ElementType.Float16 or ElementType.BFloat16)
                types[info.Name] = type;
        }

        return types;
    }

    /// <summary>Gives inputs and outputs these types, with a Cast behind each input and before each output.</summary>
    public static void Restore(GraphProto graph, IReadOnlyDictionary<string, ElementType> types)
    {
        if (types.Count == 0)
            return;
        var names = new FreshNames(graph);
        var produced = graph.Node.SelectMany(n => n.Output).ToHashSet(StringComparer.Ordinal);
        List<NodeProto> before = [], after = [];
        foreach (var input in graph.Input.Where(i => types.ContainsKey(i.Name)))
        {
            string wide = names.Next($"{input.Name}/float32");
            Rename(graph, input.Name, wide);
            before.Add(Cast(input.Name, wide, ElementType.Float));
            input.Type.TensorType.ElemType = (int)types[input.Name];
        }

        foreach (var output in graph.Output.Where(o => types.ContainsKey(o.Name) && produced.Contains(o.Name)))
        {
            string wide = names.Next($"{output.Name}/float32");
            Rename(graph, output.Name, wide);
            after.Add(Cast(wide, output.Name, types[output.Name]));
            output.Type.TensorType.ElemType = (int)types[output.Name];
        }

        NodeProto[] nodes = [.. graph.Node];
        graph.Node.Clear();
        graph.Node.AddRange([.. before, .. nodes, .. after]);
    }

    private static NodeProto Cast(string from, string to, ElementType type)
    {
        var cast = new NodeProto { OpType = "Cast", Name = $"{to}/Cast" };
        cast.Input.Add(from);
        cast.Output.Add(to);
        cast.SetAttribute("to", (long)type);
        return cast;
    }

    /// <summary>
    /// Renames a value where it is made and where it is read, branches included; declarations at the border keep the old name.
    /// </summary>
    private static void Rename(GraphProto graph, string from, string to)
    {
        foreach (var info in graph.ValueInfo.Where(i => i.Name == from))
            info.Name = to;
        foreach (var node in graph.Node)
        {
            Rename(node.Input, from, to);
            Rename(node.Output, from, to);
            foreach (var branch in node.Subgraphs())
            {
                Rename(branch, from, to);
                foreach (var output in branch.Output.Where(o => o.Name == from))
                    output.Name = to;
            }
        }
    }

    private static void Rename(RepeatedField<string> values, string from, string to)
    {
        for (int i = 0; i < values.Count; i++)
        {
            if (values[i] == from)
                values[i] = to;
        }
    }
}
