using OnnxGrad.Protobuf;

namespace OnnxGrad.Tests.NodeTests;

/// <summary>One of the standard's tests: a model of a single operator call, what it is fed and what it must answer.</summary>
/// <param name="Name">The test's folder: collection/name.</param>
/// <param name="Model">The model.</param>
/// <param name="Inputs">What it is fed, in the order of the model's inputs.</param>
/// <param name="Outputs">What it must answer, in the order of the model's outputs.</param>
internal sealed record NodeTest(string Name, ModelProto Model, IReadOnlyList<TensorProto> Inputs, IReadOnlyList<TensorProto> Outputs)
{
    /// <summary>The operator, with its domain where that is not the standard's.</summary>
    public string Operator { get; } = new Node(Model.Graph.Node.Single(n => n.OpType != "Constant")).QualifiedOperator;

    public long Opset => Model.OpsetImport.FirstOrDefault(o => o.Domain is "" or "ai.onnx")?.Version ?? 1;

    /// <summary>Reads a test; null if its model is more than one call, or passes anything but tensors of numbers.</summary>
    public static NodeTest? From(string name, IReadOnlyDictionary<string, byte[]> files)
    {
        var model = ModelProto.Parser.ParseFrom(files["model.onnx"]);
        if (model.Graph.Node.Count(n => n.OpType != "Constant") != 1 || model.Functions.Count > 0
            || model.Graph.Input.Concat(model.Graph.Output)
                .Any(v => v.Type?.TensorType is not { } t || t.ElemType == (int)ElementType.Text))
            return null;
        var stored = model.Graph.Initializer.Select(i => i.Name).ToHashSet();
        var given = model.Graph.Input.Where(i => !stored.Contains(i.Name));
        return new NodeTest(name, model, Values("input", given), Values("output", model.Graph.Output));

        TensorProto[] Values(string kind, IEnumerable<ValueInfoProto> declared) => [.. declared.Select((d, i) =>
        {
            var tensor = TensorProto.Parser.ParseFrom(files[$"test_data_set_0/{kind}_{i}.pb"]);
            tensor.Name = d.Name;
            return tensor;
        })];
    }

    public override string ToString() => Name;
}
