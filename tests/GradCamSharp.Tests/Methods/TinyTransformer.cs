using OnnxGrad;

namespace GradCamSharp.Tests.Methods;

/// <summary>How a network writes its attention.</summary>
public enum AttentionForm
{
    /// <summary>[N, heads, T, T] by MatMul.</summary>
    MatMul,

    /// <summary>[N heads, T, T] by MatMul.</summary>
    MergedHeads,

    /// <summary>By Einsum, with the positions in front of the heads.</summary>
    Einsum,

    /// <summary>Where and IsNaN behind the softmax.</summary>
    Guarded,

    /// <summary>The standard's operator, opset 23.</summary>
    Standard23,

    /// <summary>The standard's operator, opset 24.</summary>
    Standard24,

    /// <summary>Two windows, side by side in the batch.</summary>
    Windows,

    /// <summary>The mean over the tokens in place of attention.</summary>
    None,
}

/// <summary>What the scores are read from.</summary>
public enum TokenPooling
{
    /// <summary>The first token, by Gather.</summary>
    ClassToken,

    /// <summary>The first token, by Slice and Squeeze.</summary>
    SlicedClassToken,

    /// <summary>The last token.</summary>
    LastToken,

    /// <summary>The first two tokens, each with a head of its own.</summary>
    Distilled,

    /// <summary>The mean over all tokens.</summary>
    Mean,

    /// <summary>The mean over the patches alone.</summary>
    MeanOfPatches,

    /// <summary>The mean over all tokens, as a global average pooling of channels in front.</summary>
    GlobalPool,

    /// <summary>All tokens as one vector.</summary>
    Flatten,
}

/// <summary>A vision transformer of 2 x 3 patches: two blocks of attention with two heads, gated and normalised.</summary>
internal sealed record TinyTransformer
{
    public const int Rows = 2, Columns = 3, Heads = 2, Width = 8;

    public AttentionForm Form { get; init; } = AttentionForm.MatMul;

    public TokenPooling Pooling { get; init; }

    public int Leading { get; init; } = 1;

    public int Trailing { get; init; }

    public int Blocks { get; init; } = 2;

    public int Tokens => (Rows * Columns) + Leading + Trailing;

    /// <summary>The attention matrices' names, where the form has them as values of their own.</summary>
    public IEnumerable<string> Matrices => Enumerable.Range(0, Blocks).Select(i => $"attention{i}");

    public OnnxModel Build()
    {
        long opset = Form switch { AttentionForm.Standard23 => 23, AttentionForm.Standard24 => 24, _ => OnnxModel.OldestOpset };
        var model = OnnxModel.Create("tiny-transformer", opset);
        var graph = model.Graph;
        var n = Dimension.Batch;
        var x = graph.Input("x", ElementType.Float, new Shape(n, 3, 2 * Rows, 2 * Columns));
        var patches = graph.Append(
            "Conv", [x, Weights("patch", Width, 3, 2, 2)], ElementType.Float, new Shape(n, Width, Rows, Columns),
            ("strides", (long[])[2, 2]));
        var tokens = patches.Reshape(new Shape(n, Width, Rows * Columns)).Transpose([0, 2, 1]);
        Tensor[] front = Leading == 0 ? [] : [Repeated("front", Leading)];
        Tensor[] back = Trailing == 0 ? [] : [Repeated("back", Trailing)];
        if (Leading + Trailing > 0)
            tokens = Tensor.Concat(1, [.. front, tokens, .. back]);
        tokens += Weights("positions", 1, Tokens, Width);
        for (int i = 0; i < Blocks; i++)
        {
            tokens += Attend(Normalised(tokens, $"norm{i}"), i);
            var hidden = Normalised(tokens, $"gated{i}").MatMul(Weights($"in{i}", Width, 2 * Width)) + Weights($"bias{i}", 2 * Width);
            tokens += (hidden * 0.5 * ((hidden * Math.Sqrt(0.5)).Erf() + 1)).MatMul(Weights($"out{i}", 2 * Width, Width));
        }

        graph.Output("scores", Scores(Normalised(tokens, "last")));
        return OnnxModel.Parse(model.ToBytes(), "tiny-transformer");

        Tensor Repeated(string name, int count)
        {
            var items = graph.Append("Shape", [x], ElementType.Int64, new Shape(1), ("start", 0L), ("end", 1L));
            return graph.Append(
                "Expand", [Weights(name, 1, count, Width), Tensor.Concat(0, items, graph.Constant(count, Width))], ElementType.Float,
                new Shape(n, count, Width));
        }

        Tensor Normalised(Tensor value, string name) => graph.Append(
            "LayerNormalization", [value, Weights($"{name}/scale", Width), Weights($"{name}/shift", Width)], ElementType.Float, value.Shape,
            ("axis", -1L), ("epsilon", 1e-2f));

        Tensor Weights(string name, params long[] shape)
        {
            var lengths = new Shape(shape);
            int seed = name.Sum(c => c);
            float step = 0.37f * ((seed % 13) + 1);
            return graph.Weights(
                name, lengths, [.. Enumerable.Range(1, (int)lengths.Size.Value).Select(i => 0.8f * MathF.Sin((i * step) + seed))]);
        }

        Tensor Attend(Tensor normalised, int block)
        {
            const int size = Width / Heads;
            if (Form == AttentionForm.None)
                return normalised.Mean([1]).MatMul(Weights($"mixed{block}", Width, Width));
            int seen = Form == AttentionForm.Windows ? Tokens / 2 : Tokens;
            var items = Form == AttentionForm.Windows ? n * 2 : n;
            if (Form == AttentionForm.Windows)
            {
                normalised = graph.Append(
                    "Reshape", [normalised, graph.Constant(-1, seen, Width)], ElementType.Float, new Shape(items, seen, Width));
            }

            var qkv = new[] { "query", "key", "value" }.Select(p => normalised.MatMul(Weights($"{p}{block}", Width, Width))).ToArray();
            var joined = new Shape(items, seen, Width);
            Tensor attended;
            switch (Form)
            {
                case AttentionForm.Standard23 or AttentionForm.Standard24:
                    attended = graph.Append(
                        "Attention", [qkv[0], qkv[1], qkv[2]], ElementType.Float, joined, ("q_num_heads", (long)Heads),
                        ("kv_num_heads", (long)Heads));
                    break;
                case AttentionForm.Einsum:
                    Tensor[] apart = [.. qkv.Select(p => p.Reshape(new Shape(n, seen, Heads, size)))];
                    var scores = graph.Append(
                        "Einsum", [apart[0] * (1 / Math.Sqrt(size)), apart[1]], ElementType.Float, new Shape(n, Heads, seen, seen),
                        ("equation", "bqhd,bkhd->bhqk"));
                    attended = graph.Append(
                        "Einsum", [TinyNetwork.Named($"attention{block}", scores.Softmax(-1)), apart[2]], ElementType.Float,
                        new Shape(n, seen, Heads, size), ("equation", "bhqk,bkhd->bqhd")).Reshape(joined);
                    break;
                default:
                    bool merged = Form == AttentionForm.MergedHeads;
                    Tensor[] own = [.. qkv.Select(p =>
                    {
                        var byHead = p.Reshape(new Shape(items, seen, Heads, size)).Transpose([0, 2, 1, 3]);
                        return !merged ? byHead : graph.Append(
                            "Reshape", [byHead, graph.Constant(-1, seen, size)], ElementType.Float, new Shape(items * Heads, seen, size));
                    })];
                    var weights = TinyNetwork.Named(
                        $"attention{block}", (own[0].MatMul(own[1].TransposeMatrix()) / Math.Sqrt(size)).Softmax(-1));
                    if (Form == AttentionForm.Guarded)
                    {
                        var isNaN = graph.Append("IsNaN", [weights], ElementType.Bool, weights.Shape);
                        weights = Tensor.Where(isNaN, weights.ZerosLike(), weights);
                    }

                    var values = weights.MatMul(own[2]);
                    if (merged)
                    {
                        values = graph.Append(
                            "Reshape", [values, graph.Constant(-1, Heads, seen, size)], ElementType.Float,
                            new Shape(items, Heads, seen, size));
                    }

                    attended = values.Transpose([0, 2, 1, 3]).Reshape(joined);
                    break;
            }

            var projected = attended.MatMul(Weights($"projection{block}", Width, Width));
            return Form == AttentionForm.Windows
                ? graph.Append("Reshape", [projected, graph.Constant(-1, Tokens, Width)], ElementType.Float, new Shape(n, Tokens, Width))
                : projected;
        }

        Tensor Scores(Tensor value)
        {
            const int classes = 3;
            switch (Pooling)
            {
                case TokenPooling.ClassToken:
                    return Head("head", value.Gather(graph.Scalar(0), 1));
                case TokenPooling.SlicedClassToken:
                    return Head("head", value.Slice(1, 0, 1).Squeeze(1));
                case TokenPooling.LastToken:
                    return Head("head", value.Gather(graph.Scalar(-1), 1));
                case TokenPooling.Distilled:
                    return (Head("head", value.Gather(graph.Scalar(0), 1)) + Head("distilled", value.Gather(graph.Scalar(1), 1))) * 0.5;
                case TokenPooling.Mean:
                    return Head("head", value.Mean([1], keep: false));
                case TokenPooling.MeanOfPatches:
                    return Head("head", value.Slice(1, Leading, Leading + (Rows * Columns)).Mean([1], keep: false));
                case TokenPooling.GlobalPool:
                    var pooled = graph.Append("GlobalAveragePool", [value.Transpose([0, 2, 1])], ElementType.Float, new Shape(n, Width, 1));
                    return Head("head", pooled.Squeeze(2));
                default:
                    return value.Reshape(new Shape(n, Tokens * Width)).MatMul(Weights("head", Tokens * Width, classes));
            }

            Tensor Head(string name, Tensor token) => token.MatMul(Weights(name, Width, classes));
        }
    }
}
