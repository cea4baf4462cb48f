using OnnxGrad.Protobuf;

namespace OnnxGrad;

public sealed partial class Graph
{
    /// <summary>Declares one more input.</summary>
    public Tensor Input(string name, ElementType type, Shape shape)
    {
        if (!names.Add(name))
            throw new ArgumentException($"The graph already has a value '{name}'.", nameof(name));
        Proto.Input.Add(Declaration(name, type, shape));
        return Declare(name, type, shape);
    }

    /// <summary>Declares one more output: the value, under a name of its own.</summary>
    /// <param name="name">The output's name; must be new, unless it is the value's own.</param>
    /// <param name="tensor">The value; a mapped axis is not allowed here (see <see cref="Tensor.Unmap"/>).</param>
    public void Output(string name, Tensor tensor)
    {
        if (tensor.IsMapped)
            throw new ArgumentException("The tensor is mapped. Make its mapped axis an ordinary one first, with Unmap.", nameof(tensor));
        if (name != tensor.Name)
        {
            if (!names.Add(name))
                throw new ArgumentException($"The graph already has a value '{name}'.", nameof(name));
            var identity = new NodeProto { OpType = "Identity", Name = name };
            identity.Input.Add(tensor.Name);
            identity.Output.Add(name);
            Proto.Node.Add(identity);
            Index(new Node(identity, isAppended: true));
            Declare(name, tensor.Type, tensor.Shape);
        }

        Proto.Output.Add(Declaration(name, tensor.Type, tensor.Shape));
    }

    /// <summary>Removes an output's declaration; the value itself stays.</summary>
    public void RemoveOutput(string name)
    {
        for (int i = Proto.Output.Count - 1; i >= 0; i--)
        {
            if (Proto.Output[i].Name == name)
                Proto.Output.RemoveAt(i);
        }
    }

    /// <summary>Removes an input that no node reads.</summary>
    /// <exception cref="ModelException">A node reads it.</exception>
    public void RemoveInput(string name)
    {
        if (Consumers(name).Count > 0)
            throw new ModelException($"The input '{name}' is read by {Consumers(name)[0]} and cannot be removed.");
        for (int i = Proto.Input.Count - 1; i >= 0; i--)
        {
            if (Proto.Input[i].Name == name)
                Proto.Input.RemoveAt(i);
        }

        names.Remove(name);
        declared.Remove(name);
    }

    /// <summary>
    /// Makes a value an input: its readers read what the caller feeds. The node that made the value stays, and makes it under another name.
    /// </summary>
    /// <param name="value">A value that a node makes, and whose shape is known.</param>
    /// <returns>The input, under the value's own name.</returns>
    /// <exception cref="ModelException">No node makes the value, or its shape is not known.</exception>
    public Tensor Cut(string value)
    {
        var tensor = this[value];
        if (!producers.Remove(value, out var producer))
            throw new ModelException($"No node of the graph makes '{value}', so there is nothing to cut.");
        int index = producer.Proto.Output.IndexOf(value);
        string made = NewName("cut");
        producer.Proto.Output[index] = made;
        producers[made] = producer;
        Declare(made, tensor.Type, tensor.Shape);
        names.Add(made);
        Proto.Input.Add(Declaration(value, tensor.Type, tensor.Shape));
        return tensor;
    }

    /// <summary>Removes the appended nodes and constants that no output needs.</summary>
    /// <param name="original">Whether the nodes that the graph came with may go too.</param>
    public void Prune(bool original = false)
    {
        var needed = new HashSet<string>(Outputs);
        for (int i = nodes.Count - 1; i >= 0; i--)
        {
            var node = nodes[i];
            if ((i < originalNodes && !original) || node.Outputs.Any(needed.Contains))
                needed.UnionWith(node.Reads);
            else
                RemoveNode(i);
        }

        for (int i = Proto.Initializer.Count - 1; i >= 0; i--)
        {
            string name = Proto.Initializer[i].Name;
            if (!needed.Contains(name) && name.StartsWith(prefix, StringComparison.Ordinal))
                RemoveInitializer(i);
        }
    }

    private static ValueInfoProto Declaration(string name, ElementType type, Shape shape)
    {
        var lengths = new TensorShapeProto();
        for (int i = 0; i < shape.Rank; i++)
        {
            lengths.Dim.Add(shape[i].IsKnown
                ? new TensorShapeProto.Types.Dimension { DimValue = shape[i].Value }
                : new TensorShapeProto.Types.Dimension { DimParam = shape[i].ToString() });
        }

        var tensor = new TypeProto.Types.Tensor { ElemType = (int)type, Shape = lengths };
        return new ValueInfoProto { Name = name, Type = new TypeProto { TensorType = tensor } };
    }

    private void RemoveInitializer(int index)
    {
        string name = Proto.Initializer[index].Name;
        Proto.Initializer.RemoveAt(index);
        initializers.Remove(name);
        names.Remove(name);
        declared.Remove(name);
        foreach (var (key, _) in constants.Where(c => c.Value.Name == name).ToList())
            constants.Remove(key);
    }

    private void RemoveNode(int index)
    {
        var node = nodes[index];
        nodes.RemoveAt(index);
        Proto.Node.RemoveAt(index);
        foreach (string output in node.Outputs)
        {
            producers.Remove(output);
            names.Remove(output);
            declared.Remove(output);
        }

        foreach (string input in node.Reads.Distinct())
            consumers[input].Remove(node);
    }
}
