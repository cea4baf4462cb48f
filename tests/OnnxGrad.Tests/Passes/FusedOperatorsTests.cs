using OnnxGrad.Tests.Model;
using static OnnxGrad.Tests.Model.Runtime;

namespace OnnxGrad.Tests.Passes;

/// <summary>ONNX Runtime's fused kernels are the oracle: the parts compute what they do.</summary>
public class FusedOperatorsTests
{
    private const string Standard = "Attention", Projected = "com.microsoft.Attention", MultiHead = "com.microsoft.MultiHeadAttention",
        Skip = "com.microsoft.SkipLayerNormalization";

    // N = 2 pictures, T = 5 tokens, U = 3 keys, 2 heads of 4 numbers; what begins with "m" is a mask or a bias.
    private static readonly Dictionary<string, (ElementType Type, long[] Shape)> Values = new()
    {
        ["q"] = (ElementType.Float, [2, 5, 8]),
        ["k"] = (ElementType.Float, [2, 5, 8]),
        ["v"] = (ElementType.Float, [2, 5, 8]),
        ["v12"] = (ElementType.Float, [2, 5, 12]),
        ["k3"] = (ElementType.Float, [2, 3, 8]),
        ["v3"] = (ElementType.Float, [2, 3, 8]),
        ["k1"] = (ElementType.Float, [2, 5, 4]),
        ["v1"] = (ElementType.Float, [2, 5, 4]),
        ["q4"] = (ElementType.Float, [2, 4, 5, 6]),
        ["k4"] = (ElementType.Float, [2, 4, 5, 6]),
        ["v4"] = (ElementType.Float, [2, 4, 5, 6]),
        ["kg"] = (ElementType.Float, [2, 2, 5, 6]),
        ["vg"] = (ElementType.Float, [2, 2, 5, 6]),
        ["mask"] = (ElementType.Float, [5, 5]),
        ["bias"] = (ElementType.Float, [2, 2, 5, 5]),
        ["seen"] = (ElementType.Bool, [2, 1, 5, 5]),
        ["keys"] = (ElementType.Int32, [2, 5]),
        ["pairs"] = (ElementType.Int32, [2, 5, 5]),
        ["past"] = (ElementType.Float, [2, 4, 2, 6]),
        ["lengths"] = (ElementType.Int32, [2]),
    };

    private static readonly (string Op, long Opset, string[] Inputs, string[] Outputs, (string, object)[] Attributes)[] Unfolded =
    [
        (Standard, 23, ["q", "k", "v"], ["y"], [("q_num_heads", 2L), ("kv_num_heads", 2L)]),
        (Standard, 23, ["q", "k1", "v1"], ["y"], [("q_num_heads", 4L), ("kv_num_heads", 2L), ("scale", 0.3f)]),
        (Standard, 23, ["q4", "k4", "v4", "seen"], ["y"], []),
        (Standard, 24, ["q4", "k4", "v4", "mask"], ["y"], [("is_causal", 1L)]),
        (Standard, 24, ["q4", "kg", "vg"], ["y"], [("scale", 0.5f)]),
        (Standard, 23, ["q", "k", "v"], ["y", "", "", "a"], [("q_num_heads", 2L), ("kv_num_heads", 2L), ("qk_matmul_output_mode", 3L)]),
        (Standard, 23, ["q4", "k4", "v4"], ["y", "", "", "a"], []),
        (Projected, 18, ["q", "w", "b"], ["y"], [("num_heads", 2L)]),
        (Projected, 18, ["q", "w", "b", "keys", "", "bias"], ["y"], [("num_heads", 2L), ("mask_filter_value", -3f)]),
        (Projected, 18, ["q", "w", "b", "pairs"], ["y"], [("num_heads", 2L), ("scale", 0.2f)]),
        (Projected, 18, ["q", "w", "b"], ["y"], [("num_heads", 2L), ("unidirectional", 1L)]),
        (Projected, 18, ["q", "w28", "b28"], ["y"], [("num_heads", 2L), ("qkv_hidden_sizes", new long[] { 8, 8, 12 })]),
        (MultiHead, 18, ["q", "k", "v"], ["y"], [("num_heads", 2L)]),
        (MultiHead, 18, ["q", "k", "v12", "b28", "keys", "bias"], ["y"], [("num_heads", 2L), ("scale", 0.4f)]),
        (MultiHead, 18, ["q", "k3", "v3", "b"], ["y"], [("num_heads", 2L)]),
        (MultiHead, 18, ["q", "k", "v"], ["y"], [("num_heads", 2L), ("unidirectional", 1L)]),
        (Skip, 18, ["q", "k", "g"], ["y"], []),
        (Skip, 18, ["q", "k", "g", "h", "g"], ["y", "", "", "s"], [("epsilon", 0.1f)]),
    ];

    private static readonly (string Op, long Opset, string[] Inputs, string[] Outputs, (string, object)[] Attributes)[] Kept =
    [
        (Standard, 23, ["q4", "k4", "v4", "", "past", "past"], ["y", "keys", "values"], []),
        (Standard, 23, ["q", "k", "v"], ["y"], [("q_num_heads", 2L), ("kv_num_heads", 2L), ("softcap", 2f)]),
        (Projected, 18, ["q", "w", "b", "lengths"], ["y"], [("num_heads", 2L)]),
    ];

    public static TheoryData<int> UnfoldedRows => [.. Enumerable.Range(0, Unfolded.Length)];

    public static TheoryData<int> KeptRows => [.. Enumerable.Range(0, Kept.Length)];

    [Theory]
    [MemberData(nameof(UnfoldedRows))]
    public void Parse_FusedOperator_IsComputedByItsParts(int row)
    {
        var (op, _, _, _, _) = Unfolded[row];
        var (model, feeds) = Written(Unfolded[row]);
        var read = OnnxModel.Parse(model);
        Assert.DoesNotContain(read.Graph.Nodes, n => n.QualifiedOperator == op);
        Assert.Equal($"Fused operators are computed by their parts: {op}.", Assert.Single(read.Notes));
        if (op != Skip)
            Assert.Single(read.Graph.Nodes, n => n.Operator == "Softmax");
        Compare(model, read, feeds);
    }

    [Theory]
    [MemberData(nameof(KeptRows))]
    public void Parse_FormThatIsNotCovered_StaysAsItIs(int row)
    {
        var (op, _, _, _, _) = Kept[row];
        var (model, feeds) = Written(Kept[row]);
        var read = OnnxModel.Parse(model);
        Assert.Equal(op, Assert.Single(read.Graph.Nodes).QualifiedOperator);
        Assert.Empty(read.Notes);
        Compare(model, read, feeds);
    }

    [Fact]
    public void Parse_OpenLengths_AreFoundWhenTheModelRuns()
    {
        var model = new TestModel(23, 10).Output("y");
        foreach (string name in (string[])["q", "k", "v"])
            model.Input(name, ElementType.Float, -1, -1, 8);
        byte[] bytes = model.Node(Standard, ["q", "k", "v"], ["y"], ("q_num_heads", 2L), ("kv_num_heads", 2L)).Bytes();
        foreach (int items in (int[])[1, 3])
        {
            var feeds = new[] { "q", "k", "v" }.Select((n, i) => (n, i)).ToDictionary(
                p => p.n, p => Value.Random(new Shape(items, 3 + items, 8), p.i));
            Compare(bytes, OnnxModel.Parse(bytes), feeds);
        }
    }

    private static void Compare(byte[] model, OnnxModel read, Dictionary<string, Value> feeds)
    {
        using var before = Session(model);
        using var after = Session(read);
        AssertEqual(Run(before, feeds), Run(after, feeds), 2e-6);
    }

    private static (byte[] Model, Dictionary<string, Value> Feeds) Written(
        (string Op, long Opset, string[] Inputs, string[] Outputs, (string, object)[] Attributes) row)
    {
        var model = new TestModel(row.Opset, 10).Import("com.microsoft", 1);
        var feeds = new Dictionary<string, Value>();
        int seed = 0;
        foreach (string name in row.Inputs.Where(n => n.Length > 0).Distinct())
        {
            seed++;
            if (Values.TryGetValue(name, out var value))
            {
                model.Input(name, value.Type, value.Shape);
                // Masks hold both answers; the first key is seen by all, so that no row is empty.
                var drawn = Value.Random(new Shape(value.Shape), seed, value.Type == ElementType.Float ? -2 : 0, 2, value.Type);
                if (value.Type != ElementType.Float)
                {
                    for (int i = 0; i < drawn.Data.Length; i++)
                        drawn.Data[i] = i % value.Shape[^1] == 0 ? 1 : name == "lengths" ? 3 : drawn.Data[i];
                }

                feeds[name] = drawn;
            }
            else
            {
                long[] shape = name switch { "w" => [8, 24], "w28" => [8, 28], "b" => [24], "b28" => [28], _ => [8] };
                model.Constant(name, ElementType.Float, shape, Value.Random(new Shape(shape), seed).Data);
            }
        }

        foreach (string output in row.Outputs.Where(o => o.Length > 0))
            model.Output(output);
        return (model.Node(row.Op, row.Inputs, row.Outputs, row.Attributes).Bytes(), feeds);
    }
}
