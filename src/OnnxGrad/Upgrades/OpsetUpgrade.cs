using OnnxGrad.Protobuf;
using OnnxGrad.Rewriting;

namespace OnnxGrad.Upgrades;

/// <summary>
/// Brings the nodes of the standard's domain from the opset that a file was written for to a newer one, in meaning and not
/// only in form: where a newer version of an operator computes something else from the same node, the node becomes those
/// that compute what the old one did.
/// </summary>
internal static class OpsetUpgrade
{
    /// <summary>The oldest opset that is read: from here on elementwise operators broadcast as they do today.</summary>
    public const long OldestReadable = 7;

    /// <summary>The oldest opset that the library builds on.</summary>
    public const long OldestTarget = 18;

    // Operator -> the opsets that changed what it means or how it is written, in order. Changes of types or of defaults that
    // keep old nodes valid are left out.
    private static readonly Dictionary<string, SortedList<long, Action<NodeUpgrade>>> Steps = Merge(
        ActivationUpgrades.Steps, NormalizationUpgrades.Steps, ShapeUpgrades.Steps, ReductionUpgrades.Steps, ResamplingUpgrades.Steps);

    /// <summary>The operators that some opset since <see cref="OldestReadable"/> changed.</summary>
    public static IEnumerable<string> Operators => Steps.Keys;

    /// <summary>Upgrades a model to the newest of the opsets it is written for and the target.</summary>
    /// <param name="model">The model.</param>
    /// <param name="name">What messages call it.</param>
    /// <param name="opsets">The opsets of nodes that are written for another one than the model's own.</param>
    /// <param name="target">The opset to reach at least.</param>
    /// <exception cref="ModelException">The model is too old, or an operator of it has no equivalent today.</exception>
    public static void Apply(
        ModelProto model, string name, IReadOnlyDictionary<NodeProto, long> opsets, long target = OldestTarget)
    {
        var imports = model.OpsetImport.Where(o => o.Domain is "" or "ai.onnx").ToList();
        long own = imports.Count > 0 ? imports.Max(o => o.Version) : target;
        long oldest = opsets.Values.Append(own).Min();
        if (oldest < OldestReadable)
        {
            throw new ModelException($"'{name}' is written for opset {oldest}; opset {OldestReadable} is the oldest that can be read. " +
                "Export it again, or convert it with the version converter of the ONNX project.");
        }

        long to = Math.Max(opsets.Values.Append(own).Max(), target);
        foreach (var import in imports)
            model.OpsetImport.Remove(import);
        model.OpsetImport.Add(new OperatorSetIdProto { Version = to });
        if (oldest < to)
        {
            GraphRewriter.Rewrite(
                model.Graph, (rewriter, node) => Apply(rewriter, node, opsets.TryGetValue(node, out long from) ? from : own, to, name));
        }
    }

    private static void Apply(GraphRewriter rewriter, NodeProto node, long from, long to, string name)
    {
        // A node without inputs or outputs is none of those with steps, or damaged; ONNX Runtime has its own words for that.
        if (!node.IsStandard() || node.Input.Count == 0 || node.Output.Count == 0)
        {
            rewriter.Emit(node);
            return;
        }

        var upgrade = new NodeUpgrade(rewriter, node, name);
        long version = from;
        // A step may turn the operator into another (Upsample into Resize), whose own later steps then follow.
        while (Steps.TryGetValue(node.OpType, out var steps)
            && steps.FirstOrDefault(s => s.Key > version && s.Key <= to) is { Value: { } step } next)
        {
            step(upgrade);
            version = next.Key;
        }

        upgrade.Finish();
    }

    private static Dictionary<string, SortedList<long, Action<NodeUpgrade>>> Merge(
        params ReadOnlySpan<(string Operator, long Opset, Action<NodeUpgrade> Step)[]> families)
    {
        var all = new Dictionary<string, SortedList<long, Action<NodeUpgrade>>>(StringComparer.Ordinal);
        foreach (var family in families)
        {
            foreach (var (op, opset, step) in family)
            {
                if (!all.TryGetValue(op, out var steps))
                    all[op] = steps = [];
                steps.Add(opset, step);
            }
        }

        return all;
    }
}
