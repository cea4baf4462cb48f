using Google.Protobuf;
using Google.Protobuf.Collections;
using OnnxGrad.Files;
using OnnxGrad.Protobuf;

namespace OnnxGrad.Passes;

/// <summary>Brings the weights of a network's last layers into random order, tensor by tensor.</summary>
/// <param name="graph">The graph; it is changed.</param>
/// <param name="folder">The folder in which weights lie; null where they are in memory.</param>
/// <param name="model">What messages call the model.</param>
/// <param name="order">Makes the order of a tensor, of its name and its number of elements.</param>
internal sealed class WeightPermutation(GraphProto graph, string? folder, string model, Func<string, int, int[]> order)
{
    // What one message of the format can hold, less room for the graph itself.
    private const long LargestInMemory = int.MaxValue - (64 << 20);

    private static readonly string[] Weighted =
    [
        "Conv", "ConvTranspose", "Gemm", "MatMul", "BatchNormalization", "LayerNormalization", "InstanceNormalization", "PRelu",
    ];

    private readonly Dictionary<string, TensorProto> stored = graph.Initializer.ToDictionary(t => t.Name, StringComparer.Ordinal);
    private readonly Dictionary<string, NodeProto> producers = graph.Node
        .SelectMany(n => n.Output.Where(o => o.Length > 0).Select(o => (Value: o, Node: n))).ToDictionary(p => p.Value, p => p.Node);
    private readonly HashSet<string> done = new(StringComparer.Ordinal);
    private long bytes;

    /// <summary>Permutes the weights of a share of the layers, from the last one back.</summary>
    public void Apply(double share)
    {
        var layers = graph.Node
            .Where(n => n.IsStandard() && Weighted.Contains(n.OpType) && n.Input.Any(i => Stored(i) is not null)).ToList();
        int count = (int)Math.Ceiling(Math.Round(share * 1000) * layers.Count / 1000);
        foreach (string input in layers.TakeLast(count).SelectMany(n => n.Input))
        {
            if (Stored(input) is { } tensor)
                Permute(tensor, tensor.Name);
            if (producers.TryGetValue(input, out var node) && node.OpType == "DequantizeLinear")
                PermuteSteps(node);
        }
    }

    // Scales and zero points of one a channel go together.
    private void PermuteSteps(NodeProto node)
    {
        foreach (string step in node.Input.Skip(1))
        {
            if (stored.TryGetValue(step, out var tensor))
                Permute(tensor, node.Input[1]);
        }
    }

    // A weight is stored as it is, or in integers or 16 bits, which a node widens.
    private TensorProto? Stored(string value)
    {
        while (producers.TryGetValue(value, out var node))
        {
            if (node.OpType is not ("DequantizeLinear" or "Cast" or "Identity"))
                return null;
            value = node.Input[0];
        }

        return stored.GetValueOrDefault(value);
    }

    private void Permute(TensorProto tensor, string named)
    {
        long count = tensor.Dims.Aggregate(1L, (product, length) => product * length);
        if (count < 2 || !done.Add(tensor.Name))
            return;
        if (count > Array.MaxLength)
            throw TooLarge();
        int[] places = order(named, (int)count);
        Permute(tensor.FloatData, places);
        Permute(tensor.DoubleData, places);
        Permute(tensor.Int32Data, places);
        Permute(tensor.Int64Data, places);
        byte[] raw = Raw(tensor);
        if (raw.Length == 0)
            return;
        if ((bytes += raw.Length) > LargestInMemory)
            throw TooLarge();
        byte[] permuted = new byte[raw.Length];
        int size = raw.Length / places.Length;
        for (int i = 0; i < places.Length; i++)
            raw.AsSpan(places[i] * size, size).CopyTo(permuted.AsSpan(i * size));
        tensor.ExternalData.Clear();
        tensor.DataLocation = TensorProto.Types.DataLocation.Default;
        tensor.RawData = ByteString.CopyFrom(permuted);
    }

    private byte[] Raw(TensorProto tensor)
    {
        if (folder is null || tensor.DataLocation != TensorProto.Types.DataLocation.External)
            return tensor.RawData.ToByteArray();
        var (file, offset, length) = ExternalData.Resolve(tensor, folder, model);
        if (length > LargestInMemory)
            throw TooLarge();
        var content = new MemoryStream((int)length);
        new WeightSource(file, offset, length).CopyTo(content);
        return content.ToArray();
    }

    private static void Permute<T>(RepeatedField<T> values, int[] places)
    {
        if (values.Count != places.Length)
            return;
        T[] old = [.. values];
        for (int i = 0; i < places.Length; i++)
            values[i] = old[places[i]];
    }

    private ModelException TooLarge() => new($"'{model}' has more weights than can be brought into random order in memory (2 GiB). " +
        "Measure a smaller model of its kind.");
}
