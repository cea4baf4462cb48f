using System.Text;

namespace GradCamSharp.Testing;

/// <summary>
/// Writes a network of a few nodes as an .onnx file: pictures of 8 x 8 pixels, a convolution that takes each channel as it is, relu, global
/// average pooling, one linear layer, softmax.
/// </summary>
internal sealed class TinyModel
{
    private const int Side = 8, Channels = 3, Float = 1;

    /// <summary>The bias of each class; their number is the number of classes.</summary>
    public required float[] Biases { get; init; }

    /// <summary>What each class makes of a bright picture: the weight of every channel.</summary>
    public required float[] Weights { get; init; }

    /// <summary>Multiplies the scores by the brightest pixel over itself: not a number on a black picture.</summary>
    public bool IsBrokenOnBlack { get; init; }

    /// <summary>Writes the file.</summary>
    public void Write(string path)
    {
        int classes = Biases.Length;
        float[] kernel = new float[Channels * Channels];
        for (int c = 0; c < Channels; c++)
            kernel[(c * Channels) + c] = 1;
        float[] weights = [.. Enumerable.Range(0, Channels).SelectMany(_ => Weights)];
        var graph = new Message();
        graph.Add(1, Node("Conv", ["input", "kernel"], "features"));
        graph.Add(1, Node("Relu", ["features"], "layer"));
        graph.Add(1, Node("GlobalAveragePool", ["layer"], "pooled"));
        graph.Add(1, Node("Flatten", ["pooled"], "flat"));
        string dense = IsBrokenOnBlack ? "dense" : "scores";
        graph.Add(1, Node("Gemm", ["flat", "weights", "biases"], dense));
        if (IsBrokenOnBlack)
        {
            // x / x is 1 on pictures, and not a number on a black one.
            graph.Add(1, Node("GlobalMaxPool", ["layer"], "brightest"));
            graph.Add(1, Node("Flatten", ["brightest"], "brightest flat"));
            graph.Add(1, Node("ReduceMax", ["brightest flat"], "most", ("axes", [1]), ("keepdims", [1])));
            graph.Add(1, Node("Div", ["most", "most"], "one"));
            graph.Add(1, Node("Mul", [dense, "one"], "scores"));
        }

        graph.Add(1, Node("Softmax", ["scores"], "probabilities"));
        graph.Add(2, "tiny");
        graph.Add(5, Tensor("kernel", [Channels, Channels, 1, 1], kernel));
        graph.Add(5, Tensor("weights", [Channels, classes], weights));
        graph.Add(5, Tensor("biases", [classes], Biases));
        graph.Add(11, Value("input", [null, Channels, Side, Side]));
        graph.Add(12, Value("probabilities", [null, classes]));
        var model = new Message();
        model.Add(1, 8);
        model.Add(7, graph);
        model.Add(8, new Message().Add(1, "").Add(2, 13));
        File.WriteAllBytes(path, model.ToArray());
    }

    private static Message Node(string type, string[] inputs, string output, params (string Name, long[] Values)[] attributes)
    {
        var node = new Message();
        foreach (string input in inputs)
            node.Add(1, input);
        node.Add(2, output).Add(3, output).Add(4, type);
        foreach (var (name, values) in attributes)
        {
            var attribute = new Message().Add(1, name);
            // A single number, or a list of them.
            if (name == "keepdims")
            {
                attribute.Add(3, values[0]).Add(20, 2);
            }
            else
            {
                foreach (long value in values)
                    attribute.Add(8, value);
                attribute.Add(20, 7);
            }

            node.Add(5, attribute);
        }

        return node;
    }

    private static Message Tensor(string name, long[] shape, float[] values)
    {
        var tensor = new Message();
        foreach (long side in shape)
            tensor.Add(1, side);
        byte[] raw = new byte[4 * values.Length];
        Buffer.BlockCopy(values, 0, raw, 0, raw.Length);
        return tensor.Add(2, Float).Add(8, name).Add(9, raw);
    }

    private static Message Value(string name, long?[] shape)
    {
        var dimensions = new Message();
        foreach (long? side in shape)
            dimensions.Add(1, side is { } length ? new Message().Add(1, length) : new Message().Add(2, "N"));
        return new Message().Add(1, name).Add(2, new Message().Add(1, new Message().Add(1, Float).Add(2, dimensions)));
    }

    /// <summary>A message of protocol buffers.</summary>
    private sealed class Message
    {
        private readonly List<byte> bytes = [];

        public Message Add(int field, long value)
        {
            Number((ulong)field << 3);
            Number((ulong)value);
            return this;
        }

        public Message Add(int field, string text) => Add(field, Encoding.UTF8.GetBytes(text));

        public Message Add(int field, Message inner) => Add(field, inner.ToArray());

        public Message Add(int field, byte[] content)
        {
            Number(((ulong)field << 3) | 2);
            Number((ulong)content.Length);
            bytes.AddRange(content);
            return this;
        }

        public byte[] ToArray() => [.. bytes];

        private void Number(ulong value)
        {
            for (; value >= 0x80; value >>= 7)
                bytes.Add((byte)(value | 0x80));
            bytes.Add((byte)value);
        }
    }
}
