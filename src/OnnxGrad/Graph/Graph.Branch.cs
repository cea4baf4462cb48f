using OnnxGrad.Protobuf;

namespace OnnxGrad;

public sealed partial class Graph
{
    /// <summary>
    /// Lets each run decide whether some outputs are made. The appended nodes that only these outputs need move into a branch (operator
    /// If), which runs where the condition holds; where it does not, the outputs have no elements. The nodes that the graph came with stay.
    /// </summary>
    /// <param name="wanted">The condition: a boolean scalar.</param>
    /// <param name="outputs">Outputs of the graph, each of at least one axis.</param>
    /// <returns>
    /// The values that the branch reads and that nodes outside it make: a run without the branch makes them too.
    /// </returns>
    /// <exception cref="ArgumentException">
    /// The condition is no boolean scalar, or one of the outputs is none of the graph's, a scalar, or not made by an appended node.
    /// </exception>
    public IReadOnlyList<string> MakeOptional(Tensor wanted, params IReadOnlyList<string> outputs)
    {
        if (wanted.Type != ElementType.Bool || wanted.Rank != 0)
            throw new ArgumentException("A condition is a boolean scalar.", nameof(wanted));
        foreach (string output in outputs)
        {
            if (!Outputs.Contains(output) || this[output].Rank == 0 || nodes.IndexOf(Producer(output)!) < originalNodes)
                throw new ArgumentException($"'{output}' is no output of at least one axis that an appended node makes.", nameof(outputs));
        }

        var moved = OnlyServing(wanted, outputs);
        var branch = new GraphProto { Name = NewName("wanted") };
        var none = new GraphProto { Name = NewName("unwanted") };
        var choice = new NodeProto { OpType = "If", Name = NewName("If") };
        choice.Input.Add(wanted.Name);
        var known = outputs.ToDictionary(o => o, o => this[o]);
        foreach (int place in moved)
        {
            branch.Node.Insert(0, nodes[place].Proto);
            RemoveNode(place);
        }

        MoveConstants(branch, wanted);
        foreach (string output in outputs)
        {
            var (type, open) = (known[output].Type, new Shape([.. known[output].Shape.Select((_, i) => new Dimension($"{output}_{i}"))]));
            string made = NewName("wanted"), empty = NewName("unwanted");
            Rename(branch, output, made);
            branch.Output.Add(Declaration(made, type, open));
            var constant = new NodeProto { OpType = "Constant", Name = empty };
            constant.Output.Add(empty);
            constant.SetAttribute("value", TensorData.Number(empty, type, new Shape([.. known[output].Shape.Select(_ => 0L)])));
            none.Node.Add(constant);
            none.Output.Add(Declaration(empty, type, open));
            choice.Output.Add(output);
            // What is declared of an output holds for both branches.
            int place = Proto.Output.ToList().FindIndex(o => o.Name == output);
            Proto.Output[place] = Declaration(output, type, open);
            Declare(output, type, open);
        }

        choice.SetAttribute("then_branch", branch);
        choice.SetAttribute("else_branch", none);
        Proto.Node.Add(choice);
        Index(new Node(choice, isAppended: true));
        var inside = branch.Node.SelectMany(n => n.Output).ToHashSet();
        return [.. branch.Node.SelectMany(n => n.Reads()).Distinct().Where(v => !inside.Contains(v) && producers.ContainsKey(v))];
    }

    // The places of nodes, the last first.
    private List<int> OnlyServing(Tensor wanted, IReadOnlyList<string> outputs)
    {
        HashSet<string> elsewhere = [wanted.Name, .. Outputs.Except(outputs)], here = [.. outputs];
        var serving = new List<int>();
        for (int i = nodes.Count - 1; i >= 0; i--)
        {
            var node = nodes[i];
            if (i < originalNodes || node.Outputs.Any(elsewhere.Contains))
            {
                elsewhere.UnionWith(node.Reads);
            }
            else if (node.Outputs.Any(here.Contains))
            {
                here.UnionWith(node.Reads);
                serving.Add(i);
            }
        }

        return serving;
    }

    // A value that one node of the branch makes, where an output outside has its name.
    private static void Rename(GraphProto branch, string value, string name)
    {
        foreach (var node in branch.Node)
        {
            for (int i = 0; i < node.Input.Count; i++)
            {
                if (node.Input[i] == value)
                    node.Input[i] = name;
            }

            for (int i = 0; i < node.Output.Count; i++)
            {
                if (node.Output[i] == value)
                    node.Output[i] = name;
            }
        }
    }

    // Constants that only the branch reads move into it: ONNX Runtime folds what they make there.
    private void MoveConstants(GraphProto branch, Tensor wanted)
    {
        HashSet<string> read = [wanted.Name, .. Outputs, .. nodes.SelectMany(n => n.Reads)];
        var needed = branch.Node.SelectMany(n => n.Reads()).ToHashSet();
        for (int i = Proto.Initializer.Count - 1; i >= 0; i--)
        {
            var constant = Proto.Initializer[i];
            bool isAppended = constant.Name.StartsWith(prefix, StringComparison.Ordinal);
            if (!isAppended || !needed.Contains(constant.Name) || read.Contains(constant.Name))
                continue;
            branch.Initializer.Insert(0, constant);
            RemoveInitializer(i);
        }
    }
}
