using Google.Protobuf;
using OnnxGrad.Protobuf;

namespace OnnxGrad.Files;

/// <summary>
/// Reads the structure of an .onnx file and leaves the weights where they lie: a tensor's bytes inside the file become external data that
/// points back into the same file (location, offset, length), so that ONNX Runtime maps them and managed memory never holds them.
/// </summary>
internal sealed class ModelReader
{
    /// <summary>More than this is never copied into memory at once; what is larger must be weights, which stay in the file.</summary>
    public const long LargestCopy = 1 << 30;

    private const int NodeOperator = 4;
    private const int ModelGraph = 7, GraphNode = 1, GraphInitializer = 5, NodeAttribute = 5, AttributeTensor = 5;
    private const int TensorFloats = 4, TensorRaw = 9, TensorDoubles = 10;

    private readonly string path;
    private readonly string location;
    private readonly WireReader wire;

    private ModelReader(Stream stream, string path)
    {
        this.path = path;
        location = Path.GetFileName(path);
        wire = new WireReader(stream, path);
    }

    /// <summary>Reads a model file's structure.</summary>
    /// <exception cref="ModelException">The file is not ONNX, or is truncated.</exception>
    public static ModelProto Read(string path)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16, FileOptions.RandomAccess);
        if (stream.Length == 0)
            throw new ModelException($"'{path}' is empty. Give a model exported as .onnx.");
        var reader = new ModelReader(stream, path);
        byte[] structure = reader.Message(0, stream.Length, [ModelGraph], reader.Graph);
        try
        {
            return ModelProto.Parser.ParseFrom(structure);
        }
        catch (InvalidProtocolBufferException e)
        {
            throw new ModelException($"'{path}' is not an ONNX file: {e.Message} Give a model exported as .onnx.", e);
        }
    }

    private byte[] Graph(long start, long length) =>
        Message(start, length, [GraphNode, GraphInitializer],
            (at, size, field) => field == GraphInitializer ? Tensor(at, size) : Node(at, size));

    private byte[] Node(long start, long length) =>
        length < TensorData.SmallTensorBytes || !IsConstant(start, length)
            ? Copy(start, length)
            : Message(start, length, [NodeAttribute], Attribute);

    /// <summary>
    /// Only a Constant's tensor may lie elsewhere: it becomes an initializer. Other operators want theirs inside the node.
    /// </summary>
    private bool IsConstant(long start, long length)
    {
        wire.Seek(start);
        while (wire.Position < start + length)
        {
            var field = wire.Next(start + length);
            if (field is { Number: NodeOperator, WireType: WireReader.Bytes })
                return field.Length < 64 && Copy(field.Content, field.Length).AsSpan().SequenceEqual("Constant"u8);
        }

        return false;
    }

    private byte[] Attribute(long start, long length) =>
        length < TensorData.SmallTensorBytes ? Copy(start, length) : Message(start, length, [AttributeTensor], Tensor);

    private byte[] Message(long start, long length, int[] descend, Func<long, long, byte[]> content) =>
        Message(start, length, descend, (at, size, _) => content(at, size));

    /// <summary>
    /// A message's bytes with the content of the fields in <paramref name="descend"/> replaced by what the function returns.
    /// </summary>
    private byte[] Message(long start, long length, int[] descend, Func<long, long, int, byte[]> content)
    {
        var bytes = new MemoryStream();
        using var output = new CodedOutputStream(bytes, leaveOpen: true);
        long end = start + length;
        wire.Seek(start);
        while (wire.Position < end)
        {
            var field = wire.Next(end);
            if (field.WireType == WireReader.Bytes && Array.IndexOf(descend, field.Number) >= 0)
            {
                byte[] inner = content(field.Content, field.Length, field.Number);
                output.WriteTag(field.Number, WireFormat.WireType.LengthDelimited);
                output.WriteBytes(UnsafeByteOperations.UnsafeWrap(inner));
            }
            else
            {
                output.Flush();
                CopyTo(bytes, field);
            }

            wire.Seek(field.Content + field.Length);
        }

        output.Flush();
        return bytes.ToArray();
    }

    private void CopyTo(MemoryStream target, WireReader.Field field)
    {
        if (target.Length + field.WholeLength > LargestCopy)
        {
            throw new ModelException(
                $"'{path}' has more than {LargestCopy} bytes that are no weights of float type, at byte {field.Start}. " +
                "Export the model with external data.");
        }
        wire.CopyTo(target, field.Start, field.WholeLength);
    }

    private byte[] Copy(long start, long length)
    {
        if (length > LargestCopy)
        {
            throw new ModelException($"'{path}' has a field of {length} bytes at byte {start} that is no weight of float type. " +
                "Export the model with external data.");
        }
        var bytes = new MemoryStream((int)length);
        wire.CopyTo(bytes, start, length);
        return bytes.ToArray();
    }

    private byte[] Tensor(long start, long length)
    {
        if (length < TensorData.SmallTensorBytes)
            return Copy(start, length);
        var rest = new MemoryStream();
        WireReader.Field? data = null;
        long end = start + length;
        wire.Seek(start);
        while (wire.Position < end)
        {
            var field = wire.Next(end);
            bool isData = field.WireType == WireReader.Bytes && field.Number is TensorFloats or TensorRaw or TensorDoubles;
            // Packed floats and doubles lie in the file exactly as raw data does. A writer may split them; then the pieces are read.
            if (isData && field.Length >= TensorData.SmallTensorBytes && data is null)
                data = field;
            else if (isData && data is not null)
                return Copy(start, length);
            else
                CopyTo(rest, field);
            wire.Seek(field.Content + field.Length);
        }

        TensorProto tensor;
        try
        {
            tensor = TensorProto.Parser.ParseFrom(rest.ToArray());
        }
        catch (InvalidProtocolBufferException e)
        {
            throw new ModelException($"'{path}' has a damaged tensor at byte {start}: {e.Message} Fetch or export it again.", e);
        }

        if (data is { } there)
            ExternalData.Point(tensor, location, there.Content, there.Length);
        return tensor.ToByteArray();
    }
}
