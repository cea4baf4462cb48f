using OnnxGrad.Protobuf;
using OnnxGrad.Rewriting;

namespace OnnxGrad.Upgrades;

/// <summary>
/// A node on its way to a newer opset, as a step of the way sees it: its inputs, outputs and attributes can be
/// changed, nodes put before and after.
/// </summary>
internal sealed class NodeUpgrade(GraphRewriter rewriter, NodeProto node, string model)
{
    private readonly List<Action> after = [];

    public NodeProto Node => node;

    public GraphRewriter Graph => rewriter;

    /// <summary>What new values are named after.</summary>
    private string Hint => node.Name.Length > 0 ? node.Name : node.Output.FirstOrDefault("upgraded");

    public bool HasInput(int index) => index < node.Input.Count && node.Input[index].Length > 0;

    public bool Has(string attribute) => node.FindAttribute(attribute) is not null;

    public long Int(string attribute, long otherwise) => node.FindAttribute(attribute)?.I ?? otherwise;

    public string Text(string attribute, string otherwise) => node.FindAttribute(attribute)?.S.ToStringUtf8() ?? otherwise;

    public void Set(string attribute, object value) => node.SetAttribute(attribute, value);

    /// <summary>Removes an attribute and returns it; null if the node has none of that name.</summary>
    public AttributeProto? Take(string attribute)
    {
        var found = node.FindAttribute(attribute);
        if (found is not null)
            node.Attribute.Remove(found);
        return found;
    }

    /// <summary>Sets an input, absent ones before it left empty.</summary>
    public void SetInput(int index, string value)
    {
        while (node.Input.Count <= index)
            node.Input.Add("");
        node.Input[index] = value;
    }

    /// <summary>Moves a list of integers from an attribute to an input. Absent or empty lists leave the input absent.</summary>
    public void AttributeToInput(string attribute, int input)
    {
        if (Take(attribute) is { Ints.Count: > 0 } list)
            SetInput(input, rewriter.Vector(attribute, [.. list.Ints]));
    }

    /// <summary>Refuses a node with fewer inputs than its operator takes.</summary>
    public void RequireInputs(int count)
    {
        if (node.Input.Count < count)
            throw Unsupported($"it has {node.Input.Count} inputs of {count}");
    }

    /// <summary>Puts a node before this one.</summary>
    public string Before(string op, ReadOnlySpan<string> inputs, params ReadOnlySpan<(string Name, object Value)> attributes) =>
        rewriter.Emit(op, Hint, inputs, attributes);

    /// <summary>Puts a node between this one's output and those who read it.</summary>
    /// <param name="op">The operator; its first input is the output, under a new name.</param>
    /// <param name="output">The output's index.</param>
    /// <param name="others">The inputs after the first.</param>
    /// <param name="attributes">Its attributes.</param>
    public void After(string op, int output, string[] others, params (string Name, object Value)[] attributes)
    {
        string outside = node.Output[output];
        string inside = rewriter.NewName($"{outside}/{node.OpType}");
        node.Output[output] = inside;
        after.Insert(0, () => rewriter.EmitAs(outside, op, [inside, .. others], attributes));
    }

    /// <summary>Makes the node one of another operator, with other inputs and without attributes.</summary>
    public void Become(string op, params ReadOnlySpan<string> inputs)
    {
        node.OpType = op;
        node.Attribute.Clear();
        node.Input.Clear();
        node.Input.Add(inputs.ToArray());
    }

    /// <summary>An exception for a node that cannot be expressed in newer opsets.</summary>
    public ModelException Unsupported(string why) =>
        new($"'{model}': {node.OpType} '{Hint}' cannot be brought to opset {OpsetUpgrade.OldestTarget}: {why}. " +
            $"Export the model again for opset {OpsetUpgrade.OldestTarget} or newer.");

    /// <summary>Emits the node and what comes after it.</summary>
    public void Finish()
    {
        rewriter.Emit(node);
        foreach (var emit in after)
            emit();
    }
}
