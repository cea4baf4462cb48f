using OnnxGrad;

namespace GradCamSharp.Benchmarks;

/// <summary>Layers with seeded weights on a graph: uniform numbers of He's variance, so that activations neither die nor explode.</summary>
internal sealed class NetworkBuilder(string name)
{
    private readonly OnnxModel model = OnnxModel.Create(name);
    private readonly Random random = new(20171030);
    private int layers;

    /// <summary>The picture, [1, 3, 224, 224].</summary>
    public Tensor Input() => model.Graph.Input("input", ElementType.Float, new Shape(1, 3, 224, 224));

    public Tensor Conv(Tensor x, long outputs, long kernel, long stride = 1, long pad = 0, long group = 1, double gain = 1)
    {
        long inputs = x.Shape[1].Value / group;
        string layer = $"conv{++layers}";
        var weight = Weights($"{layer}.weight", new Shape(outputs, inputs, kernel, kernel),
            gain * Math.Sqrt(6.0 / (inputs * kernel * kernel)));
        var bias = Weights($"{layer}.bias", new Shape(outputs), 0.02);
        return x.Conv(weight, bias, Window.Square(stride, pad), group);
    }

    public Tensor Dense(Tensor x, long outputs)
    {
        string layer = $"dense{++layers}";
        var weight = Weights($"{layer}.weight", new Shape(outputs, x.Shape[1]), Math.Sqrt(6.0 / x.Shape[1].Value));
        var bias = Weights($"{layer}.bias", new Shape(outputs), 0.02);
        return model.Graph.Append("Gemm", [x, weight, bias], x.Type, new Shape(x.Shape[0], outputs), ("transB", 1L));
    }

    /// <summary>A dense layer of each row, as a product and a sum.</summary>
    public Tensor Rows(Tensor x, long outputs, double gain = 1)
    {
        string layer = $"dense{++layers}";
        var weight = Weights($"{layer}.weight", new Shape(x.Shape[2], outputs), gain * Math.Sqrt(3.0 / x.Shape[2].Value));
        return x.MatMul(weight) + Weights($"{layer}.bias", new Shape(outputs), 0.02);
    }

    /// <summary>Layer normalisation of each row.</summary>
    public Tensor LayerNormal(Tensor x)
    {
        string layer = $"norm{++layers}";
        float[] ones = new float[x.Shape[2].Value];
        Array.Fill(ones, 1);
        var scale = model.Graph.Weights($"{layer}.weight", new Shape(x.Shape[2]), ones);
        var bias = Weights($"{layer}.bias", new Shape(x.Shape[2]), 0.02);
        return model.Graph.Append("LayerNormalization", [x, scale, bias], x.Type, x.Shape, ("axis", -1L));
    }

    /// <summary>What is learnt of each token, [1, T, width].</summary>
    public Tensor Embedding(long tokens, long width) => Weights($"embedding{++layers}", new Shape(1, tokens, width), 0.1);

    public Tensor Flatten(Tensor x) =>
        model.Graph.Append("Flatten", [x], x.Type, new Shape(x.Shape[0], x.Shape.Product(1, x.Rank)), ("axis", 1L));

    public Tensor GlobalAverage(Tensor x) => model.Graph.Append("GlobalAveragePool", [x], x.Type, new Shape(x.Shape[0], x.Shape[1], 1, 1));

    public Tensor Relu6(Tensor x) =>
        model.Graph.Append("Clip", [x, model.Graph.Constant(0, x.Type), model.Graph.Constant(6, x.Type)], x.Type, x.Shape);

    /// <summary>Local response normalisation with AlexNet's constants.</summary>
    public Tensor Lrn(Tensor x) =>
        model.Graph.Append("LRN", [x], x.Type, x.Shape, ("size", 5L), ("alpha", 1e-4f), ("beta", 0.75f), ("bias", 1f));

    /// <summary>The network with its scores [1, classes] as output, as the bytes of an .onnx file.</summary>
    public byte[] Finish(Tensor scores)
    {
        model.Graph.Output("scores", scores);
        return model.ToBytes();
    }

    private Tensor Weights(string weight, Shape shape, double bound)
    {
        float[] values = new float[shape.Size.Value];
        for (int i = 0; i < values.Length; i++)
            values[i] = (float)(bound * ((2 * random.NextSingle()) - 1));
        return model.Graph.Weights(weight, shape, values);
    }
}
