using OnnxGrad.Protobuf;

namespace OnnxGrad.Passes;

/// <summary>Brings a model as read from a file into the one form that everything else builds on.</summary>
internal static class Normalization
{
    public static void Apply(ModelProto model, string name)
    {
        InitializersAreNoInputs(model.Graph);
        var opsets = FunctionInlining.Apply(model, name);
        ConstantHoisting.Apply(model.Graph);
        Float16Widening.Apply(model);
        OpsetUpgrade.Apply(model, name, opsets);
        model.IrVersion = Math.Max(model.IrVersion, 8);
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
