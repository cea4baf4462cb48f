using OnnxGrad.Protobuf;
using OnnxGrad.Upgrades;

namespace OnnxGrad.Passes;

/// <summary>Brings a model as read from a file into the one form that everything else builds on.</summary>
internal static class Normalization
{
    /// <summary>Applies every pass.</summary>
    /// <returns>What a user should know of, in whole sentences.</returns>
    public static IReadOnlyList<string> Apply(ModelProto model, string name)
    {
        var notes = new List<string>();
        InitializersAreNoInputs(model.Graph);
        var opsets = FunctionInlining.Apply(model, name);
        TopologicalOrder.Apply(model.Graph, name);
        ConstantHoisting.Apply(model.Graph);
        if (Float16Widening.Apply(model))
            notes.Add("The model holds 16-bit floats; it is computed in 32 bits.");
        OpsetUpgrade.Apply(model, name, opsets);
        ConditionalReshape.Apply(model.Graph);
        if (FusedOperators.Apply(model.Graph) is { Count: > 0 } unfolded)
            notes.Add($"Fused operators are computed by their parts: {string.Join(", ", unfolded)}.");
        if (IntegerArithmetic.Apply(model.Graph) is > 0 and int rewritten)
        {
            notes.Add($"{rewritten} nodes of integer arithmetic are computed in floats and rounded to the same steps; " +
                "gradients pass straight through the rounding.");
        }
        model.IrVersion = Math.Max(model.IrVersion, 8);
        return notes;
    }

    /// <summary>Files of IR version 3 list every initializer as an input too; then ONNX Runtime may not treat it as constant.</summary>
    private static void InitializersAreNoInputs(GraphProto graph)
    {
        var stored = graph.Initializer.Select(i => i.Name).ToHashSet();
        for (int i = graph.Input.Count - 1; i >= 0; i--)
        {
            if (stored.Contains(graph.Input[i].Name))
                graph.Input.RemoveAt(i);
        }
    }
}
