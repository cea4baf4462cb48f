using OnnxGrad;

namespace GradCamSharp.Fuzz;

/// <summary>Networks of some hundred bytes, one a family of operators.</summary>
internal static class SmallModels
{
    /// <summary>Names of operators and attributes.</summary>
    public static IReadOnlyList<string> Words { get; } =
    [
        "Conv", "Relu", "Gemm", "MatMul", "Add", "Mul", "Softmax", "Sigmoid", "MaxPool", "AveragePool", "GlobalAveragePool", "Flatten",
        "Reshape", "Transpose", "Concat", "Split", "Slice", "Gather", "BatchNormalization", "LayerNormalization", "Resize", "Einsum", "If",
        "Loop", "Scan", "TopK", "NonMaxSuppression", "kernel_shape", "strides", "pads", "axis", "axes", "perm", "group", "equation",
        "input", "scores", "ai.onnx", "com.microsoft",
    ];

    /// <summary>The networks.</summary>
    public static IReadOnlyList<byte[]> All() => [Plain(), Pooled(), Residual(), OneByOne(), Open()];

    private static byte[] Plain() => Make(new Shape(1, 2, 8, 8), g =>
    {
        var x = g.Conv(4, 3).Relu();
        return g.Dense(g.Append("GlobalAveragePool", x, new Shape(x.Shape[0], 4, 1, 1)), 3);
    });

    private static byte[] Pooled() => Make(new Shape(1, 2, 8, 8), g =>
    {
        var x = g.Conv(4, 3).Relu();
        x = g.Append("MaxPool", x, new Shape(x.Shape[0], 4, 4, 4), ("kernel_shape", new long[] { 2, 2 }), ("strides", new long[] { 2, 2 }));
        return g.Dense(x, 3).Softmax(1);
    });

    private static byte[] Residual() => Make(new Shape(1, 2, 8, 8), g =>
    {
        var x = g.Conv(4, 3).Relu();
        x += g.Conv(4, 3).Sigmoid();
        return g.Dense(g.Append("GlobalAveragePool", x, new Shape(x.Shape[0], 4, 1, 1)), 3);
    });

    private static byte[] OneByOne() => Make(new Shape(1, 3, 8, 8), g =>
    {
        var x = g.Conv(5, 3).Relu();
        x = g.Append("GlobalAveragePool", g.Conv(3, 1), new Shape(x.Shape[0], 3, 1, 1));
        return g.Append("Flatten", x, new Shape(x.Shape[0], 3), ("axis", 1L));
    });

    private static byte[] Open() => Make(new Shape(Dimension.Batch, 2, 8, 8), g =>
    {
        var x = g.Conv(4, 3).Relu();
        return g.Dense(g.Append("GlobalAveragePool", x, new Shape(x.Shape[0], 4, 1, 1)), 3);
    });

    private static byte[] Make(Shape input, Func<Layers, Tensor> network)
    {
        var model = OnnxModel.Create("small");
        var layers = new Layers(model, model.Graph.Input("input", ElementType.Float, input));
        model.Graph.Output("scores", network(layers));
        return model.ToBytes();
    }

    private sealed class Layers(OnnxModel model, Tensor x)
    {
        private int count;

        private Tensor last = x;

        public Tensor Conv(long outputs, long kernel)
        {
            var weight = Weights(new Shape(outputs, last.Shape[1], kernel, kernel));
            return last = last.Conv(weight, Weights(new Shape(outputs)), Window.Square(1, kernel / 2), 1);
        }

        public Tensor Dense(Tensor y, long outputs)
        {
            var flat = Append("Flatten", y, new Shape(y.Shape[0], y.Shape.Product(1, y.Rank)), ("axis", 1L));
            return model.Graph.Append(
                "Gemm", [flat, Weights(new Shape(outputs, flat.Shape[1])), Weights(new Shape(outputs))], y.Type,
                new Shape(y.Shape[0], outputs), ("transB", 1L));
        }

        public Tensor Append(string op, Tensor y, Shape shape, params (string, object)[] attributes) =>
            last = model.Graph.Append(op, [y], y.Type, shape, attributes);

        private Tensor Weights(Shape shape)
        {
            float[] values = new float[shape.Size.Value];
            for (int i = 0; i < values.Length; i++)
                values[i] = (((i * 37) % 11) - 5) / 10f;
            return model.Graph.Weights($"w{++count}", shape, values);
        }
    }
}
