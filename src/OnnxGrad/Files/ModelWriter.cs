using Google.Protobuf;
using OnnxGrad.Protobuf;
using OnnxGrad.Rewriting;

namespace OnnxGrad.Files;

/// <summary>
/// Writes a model as a file that stands alone. Weights that lie in other files are copied from there piece by piece; the file appears whole
/// or not at all. A model too large for one file keeps its weights in a second one beside it, <c>name.onnx.data</c>.
/// </summary>
internal sealed class ModelWriter
{
    /// <summary>What a protobuf message, and so an .onnx file, can hold.</summary>
    public const long LargestFile = int.MaxValue;

    // Weights that begin at a page's start can be mapped into memory.
    private const long Alignment = 4096;
    private const int GraphField = 7, InitializerField = 5, RawDataField = 9;

    private readonly ModelProto rest;
    private readonly List<(TensorProto Tensor, WeightSource? Data)> tensors;

    private ModelWriter(ModelProto model, string? folder, string name, bool narrow)
    {
        rest = model.Clone();
        tensors = [.. rest.Graph.Initializer.Select(t =>
            (t, folder is null || t.DataLocation == TensorProto.Types.DataLocation.Default ? null : Take(t, folder, name)))];
        rest.Graph.Initializer.Clear();
        foreach (var tensor in ExternalData.Tensors(rest).Where(t => t.DataLocation == TensorProto.Types.DataLocation.External))
            Embed(tensor, Take(tensor, folder!, name));
        if (narrow)
            NarrowWeights(new FreshNames(model.Graph));
    }

    /// <summary>Writes the model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="folder">The folder in which its weights lie; null where they are in memory.</param>
    /// <param name="name">What messages call it.</param>
    /// <param name="path">The file.</param>
    /// <param name="largestFile">From how many bytes on the weights get a file of their own.</param>
    /// <param name="narrow">Whether large 32-bit weights are written as 16-bit floats.</param>
    /// <exception cref="ModelException">Weights cannot be read, or the target is the file they lie in.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Write(ModelProto model, string? folder, string name, string path, long largestFile, bool narrow = false)
    {
        string target = Path.GetFullPath(path);
        var writer = new ModelWriter(model, folder, name, narrow);
        string data = target + ".data";
        if (writer.tensors.Any(t => t.Data is { } source && (source.File == target || source.File == data)))
            throw new ModelException($"'{path}' holds the weights of the model that is to be written there. Give another name.");
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        if (writer.Size() <= largestFile)
        {
            Replace(target, writer.WriteModel);
            return;
        }

        // The new weights take the old ones' place only when the new model is whole too: the old model reads the old weights.
        string weights = Beside(data);
        try
        {
            Create(weights, writer.WriteData);
            writer.PointTo(Path.GetFileName(data));
            Replace(target, writer.WriteModel, () => File.Move(weights, data, overwrite: true));
        }
        catch
        {
            File.Delete(weights);
            throw;
        }
    }

    /// <summary>Makes 16-bit floats of large 32-bit ones, each behind a Cast that gives it back under its own name.</summary>
    private void NarrowWeights(FreshNames names)
    {
        var casts = new List<NodeProto>();
        for (int i = 0; i < tensors.Count; i++)
        {
            var (tensor, data) = tensors[i];
            if ((ElementType)tensor.DataType != ElementType.Float || !IsLarge(tensor, data)
                || !(data?.FitsHalf() ?? WeightSource.FitsHalf(tensor.RawData.Span)))
                continue;
            var cast = new NodeProto { OpType = "Cast", Name = names.Next($"{tensor.Name}/Cast") };
            cast.SetAttribute("to", (long)ElementType.Float);
            cast.Output.Add(tensor.Name);
            tensor.Name = names.Next($"{tensor.Name}/float16");
            tensor.DataType = (int)ElementType.Float16;
            cast.Input.Add(tensor.Name);
            casts.Add(cast);
            if (data is null)
                tensor.RawData = ByteString.CopyFrom(WeightSource.ToHalf(tensor.RawData.Span));
            else
                tensors[i] = (tensor, data with { Narrow = true });
        }

        NodeProto[] nodes = [.. rest.Graph.Node];
        rest.Graph.Node.Clear();
        rest.Graph.Node.AddRange([.. casts, .. nodes]);
    }

    private static WeightSource Take(TensorProto tensor, string folder, string name)
    {
        var (file, offset, length) = ExternalData.Resolve(tensor, folder, name);
        tensor.ExternalData.Clear();
        tensor.DataLocation = TensorProto.Types.DataLocation.Default;
        return new WeightSource(file, offset, length);
    }

    private static void Embed(TensorProto tensor, WeightSource source)
    {
        if (source.Length > ModelReader.LargestCopy)
        {
            throw new ModelException($"The tensor '{tensor.Name}' inside a node holds {source.Length} bytes, too many. " +
                "Export the model with its constants as initializers.");
        }
        var bytes = new MemoryStream();
        source.CopyTo(bytes);
        tensor.RawData = ByteString.CopyFrom(bytes.GetBuffer(), 0, (int)bytes.Length);
    }

    private static string Beside(string path) =>
        Path.Combine(Path.GetDirectoryName(path)!, $".{Path.GetFileName(path)}.{Guid.NewGuid():N}.part");

    private static void Create(string path, Action<Stream> write)
    {
        using var stream = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None);
        write(stream);
    }

    private static void Replace(string path, Action<Stream> write, Action? whenWhole = null)
    {
        string beside = Beside(path);
        try
        {
            Create(beside, write);
            whenWhole?.Invoke();
            File.Move(beside, path, overwrite: true);
        }
        catch
        {
            File.Delete(beside);
            throw;
        }
    }

    private static long FieldSize(int number, long length) =>
        CodedOutputStream.ComputeTagSize(number) + CodedOutputStream.ComputeUInt64Size((ulong)length) + length;

    private static long TensorSize((TensorProto Tensor, WeightSource? Data) entry) =>
        entry.Tensor.CalculateSize() + (entry.Data is { } data ? FieldSize(RawDataField, data.Written) : 0);

    private long GraphSize() => rest.Graph.CalculateSize() + tensors.Sum(t => FieldSize(InitializerField, TensorSize(t)));

    private long Size() => rest.CalculateSize() + tensors.Sum(t => FieldSize(InitializerField, TensorSize(t))) + 16;

    private void WriteModel(Stream stream)
    {
        using var output = new CodedOutputStream(stream, leaveOpen: true);
        var graph = rest.Graph;
        rest.Graph = null;
        rest.WriteTo(output);
        rest.Graph = graph;
        Begin(output, GraphField, GraphSize());
        graph.WriteTo(output);
        foreach (var (tensor, data) in tensors)
        {
            Begin(output, InitializerField, TensorSize((tensor, data)));
            tensor.WriteTo(output);
            if (data is null)
                continue;
            Begin(output, RawDataField, data.Written);
            output.Flush();
            data.CopyTo(stream);
        }

        output.Flush();
    }

    private static void Begin(CodedOutputStream output, int field, long length)
    {
        output.WriteTag(field, WireFormat.WireType.LengthDelimited);
        output.WriteUInt64((ulong)length);
    }

    private void WriteData(Stream stream)
    {
        foreach (var (tensor, data) in tensors)
        {
            if (!IsLarge(tensor, data))
                continue;
            stream.Position = Aligned(stream.Position);
            if (data is not null)
                data.CopyTo(stream);
            else
                stream.Write(tensor.RawData.Span);
        }
    }

    private void PointTo(string location)
    {
        long position = 0;
        for (int i = 0; i < tensors.Count; i++)
        {
            var (tensor, data) = tensors[i];
            if (!IsLarge(tensor, data))
                continue;
            long length = data?.Written ?? tensor.RawData.Length;
            position = Aligned(position);
            ExternalData.Point(tensor, location, position, length);
            tensor.RawData = ByteString.Empty;
            position += length;
            tensors[i] = (tensor, null);
        }
    }

    private static bool IsLarge(TensorProto tensor, WeightSource? data) =>
        (data?.Written ?? tensor.RawData.Length) >= TensorData.SmallTensorBytes;

    private static long Aligned(long position) => (position + Alignment - 1) / Alignment * Alignment;
}
