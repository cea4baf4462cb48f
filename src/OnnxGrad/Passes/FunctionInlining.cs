using OnnxGrad.Protobuf;
using OnnxGrad.Rewriting;

namespace OnnxGrad.Passes;

/// <summary>
/// Puts the bodies of a model's own functions in the places of their calls: the values get names of their own,
/// attributes the caller's values.
/// </summary>
internal sealed class FunctionInlining
{
    // A few functions that call each other twice would otherwise unfold without end.
    private const int MostNodes = 200_000;
    private const int DeepestCalls = 64;

    private readonly Dictionary<(string Domain, string Name, string Overload), FunctionProto> functions = [];
    private readonly Dictionary<NodeProto, long> opsets = new(ReferenceEqualityComparer.Instance);
    private readonly FreshNames names;
    private readonly string model;
    private int inlined;

    private FunctionInlining(ModelProto proto, string model)
    {
        this.model = model;
        names = new FreshNames(proto.Graph);
        foreach (var function in proto.Functions)
            functions[(Domain(function.Domain), function.Name, function.Overload)] = function;
    }

    /// <summary>Inlines all calls and removes the functions.</summary>
    /// <returns>The standard's opset for which a node was written, for the nodes that came out of functions.</returns>
    /// <exception cref="ModelException">A function calls itself, or the calls unfold to too many nodes.</exception>
    public static IReadOnlyDictionary<NodeProto, long> Apply(ModelProto proto, string model)
    {
        if (proto.Functions.Count == 0)
            return new Dictionary<NodeProto, long>();
        var pass = new FunctionInlining(proto, model);
        pass.Inline(proto.Graph, 0);
        foreach (var import in proto.Functions.SelectMany(f => f.OpsetImport).Where(i => Domain(i.Domain).Length > 0))
        {
            if (!proto.OpsetImport.Any(i => i.Domain == import.Domain))
                proto.OpsetImport.Add(import);
        }

        var gone = proto.Functions.Select(f => f.Domain).Where(d => Domain(d).Length > 0).Except(Used(proto.Graph)).ToHashSet();
        foreach (var import in proto.OpsetImport.Where(i => gone.Contains(i.Domain)).ToList())
            proto.OpsetImport.Remove(import);
        proto.Functions.Clear();
        return pass.opsets;
    }

    private static IEnumerable<string> Used(GraphProto graph) =>
        graph.Node.SelectMany(n => n.Subgraphs().SelectMany(Used).Prepend(n.Domain));

    private static string Domain(string domain) => domain == "ai.onnx" ? "" : domain;

    private void Inline(GraphProto graph, int depth)
    {
        var nodes = new List<NodeProto>(graph.Node.Count);
        foreach (var node in graph.Node)
            Inline(node, nodes, depth);
        graph.Node.Clear();
        graph.Node.AddRange(nodes);
    }

    private void Inline(NodeProto node, List<NodeProto> into, int depth)
    {
        foreach (var subgraph in node.Subgraphs())
            Inline(subgraph, depth);
        if (!functions.TryGetValue((Domain(node.Domain), node.OpType, node.Overload), out var function))
        {
            into.Add(node);
            return;
        }

        if (depth >= DeepestCalls || (inlined += function.Node.Count) > MostNodes)
        {
            throw new ModelException($"'{model}': the function '{function.Name}' calls itself, " +
                $"or its calls unfold to more than {MostNodes} nodes. Export the model with its functions inlined.");
        }
        foreach (var inner in Body(function, node))
            Inline(inner, into, depth + 1);
    }

    /// <summary>The nodes of a function's body as they stand in the place of the call.</summary>
    private IEnumerable<NodeProto> Body(FunctionProto function, NodeProto call)
    {
        string hint = names.Next(call.Name.Length > 0 ? $"{call.Name}/{function.Name}" : function.Name);
        var values = new Dictionary<string, string>(StringComparer.Ordinal) { [""] = "" };
        for (int i = 0; i < function.Input.Count; i++)
            values[function.Input[i]] = i < call.Input.Count ? call.Input[i] : "";
        var passed = new List<NodeProto>();
        for (int i = 0; i < function.Output.Count && i < call.Output.Count; i++)
        {
            string output = function.Output[i];
            if (call.Output[i].Length == 0)
                continue;
            // An input, or an earlier output, handed on as it is.
            if (!values.TryAdd(output, call.Output[i]))
            {
                passed.Add(
                    new NodeProto { OpType = "Identity", Name = call.Output[i], Input = { values[output] }, Output = { call.Output[i] } });
            }
        }

        var attributes = function.AttributeProto.Concat(call.Attribute).GroupBy(a => a.Name).ToDictionary(a => a.Key, a => a.Last());
        long? opset = function.OpsetImport.Where(o => Domain(o.Domain).Length == 0).Select(o => (long?)o.Version).Max();
        return [.. function.Node.Select(n => Placed(n, hint, values, attributes, opset)), .. passed];
    }

    private NodeProto Placed(
        NodeProto node, string hint, Dictionary<string, string> values, Dictionary<string, AttributeProto> attributes, long? opset)
    {
        var copy = node.Clone();
        copy.Name = node.Name.Length > 0 ? $"{hint}/{node.Name}" : "";
        for (int i = 0; i < copy.Input.Count; i++)
            copy.Input[i] = Value(copy.Input[i], hint, values);
        for (int i = 0; i < copy.Output.Count; i++)
            copy.Output[i] = Value(copy.Output[i], hint, values);
        for (int i = copy.Attribute.Count - 1; i >= 0; i--)
        {
            var attribute = copy.Attribute[i];
            if (attribute.RefAttrName.Length == 0)
                continue;
            if (attributes.TryGetValue(attribute.RefAttrName, out var given))
                (copy.Attribute[i] = given.Clone()).Name = attribute.Name;
            else
                copy.Attribute.RemoveAt(i);
        }

        foreach (var subgraph in copy.Subgraphs())
            Place(subgraph, hint, values, attributes, opset);
        if (opset is { } version)
            opsets[copy] = version;
        return copy;
    }

    private void Place(
        GraphProto graph, string hint, Dictionary<string, string> outer, Dictionary<string, AttributeProto> attributes, long? opset)
    {
        var values = new Dictionary<string, string>(outer, StringComparer.Ordinal);
        var defined = graph.Input.Select(v => v.Name).Concat(graph.Initializer.Select(v => v.Name))
            .Concat(graph.Node.SelectMany(n => n.Output));
        foreach (string own in defined.Where(v => v.Length > 0).Distinct())
            values[own] = names.Next($"{hint}/{own}");
        foreach (var info in graph.Input.Concat(graph.Output).Concat(graph.ValueInfo))
            info.Name = Value(info.Name, hint, values);
        foreach (var initializer in graph.Initializer)
            initializer.Name = values[initializer.Name];
        NodeProto[] placed = [.. graph.Node.Select(n => Placed(n, hint, values, attributes, opset))];
        graph.Node.Clear();
        graph.Node.AddRange(placed);
    }

    private string Value(string name, string hint, Dictionary<string, string> values)
    {
        if (!values.TryGetValue(name, out string? placed))
            values[name] = placed = names.Next($"{hint}/{name}");
        return placed;
    }
}
