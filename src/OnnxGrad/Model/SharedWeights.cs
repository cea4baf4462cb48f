using System.IO.MemoryMappedFiles;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using OnnxGrad.Files;
using OnnxGrad.Protobuf;

namespace OnnxGrad;

/// <summary>
/// The weights that lie in a model's files, in memory once for all sessions of the process that run the model or a graph made from it.
/// The files are mapped, not read: only what runs touch takes memory. What ONNX Runtime packs anew is kept once, too.
/// </summary>
/// <remarks>
/// Each session that was opened with the weights must be disposed before they are. The memory goes when the last owner has disposed its
/// own. Members may be used by several threads at once.
/// </remarks>
public sealed class SharedWeights : IDisposable
{
    // Below this a tensor is no burden, and the runtime may look into it while it opens a graph.
    private const long LeastBytes = 4096;

    private static readonly Dictionary<string, Mapping> Mappings = [];
    private static readonly Lock Gate = new();

    private readonly string key;
    private Mapping? mapping;

    private SharedWeights(string key, Mapping mapping) => (this.key, this.mapping) = (key, mapping);

    /// <summary>Opens the weights of a model; a model in memory has none to share.</summary>
    /// <param name="model">The model, or a copy of it with more nodes.</param>
    /// <returns>The caller's own share of them; the caller disposes it.</returns>
    public static SharedWeights Open(OnnxModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        // A file that was written anew holds other weights.
        string key = model.Folder is null
            ? "" : string.Join('\0', [Stamp(ExternalData.RealPath(model.Name)), .. model.ExternalFiles.Select(Stamp)]);
        lock (Gate)
        {
            if (!Mappings.TryGetValue(key, out var mapping))
                Mappings[key] = mapping = new Mapping();
            mapping.Owners++;
            return new SharedWeights(key, mapping);
        }
    }

    /// <summary>How many bytes of weights sessions share by now.</summary>
    public long Bytes
    {
        get
        {
            ObjectDisposedException.ThrowIf(mapping is null, this);
            lock (mapping)
                return mapping.Bytes;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (Gate)
        {
            if (mapping is null || --mapping.Owners > 0)
            {
                mapping = null;
                return;
            }

            Mappings.Remove(key);
            mapping.Dispose();
            mapping = null;
        }
    }

    internal InferenceSession OpenSession(OnnxModel model, SessionOptions options)
    {
        ObjectDisposedException.ThrowIf(mapping is null, this);
        if (model.Folder is null)
            return new InferenceSession(model.ToBytes(), options);
        lock (mapping)
        {
            var kept = KeptAsTheyAre(model.Proto.Graph);
            foreach (var tensor in model.Proto.Graph.Initializer)
            {
                if (tensor.DataLocation == TensorProto.Types.DataLocation.External && kept.Contains(tensor.Name)
                    && mapping.Find(tensor, model) is { } value)
                    options.AddInitializer(tensor.Name, value);
            }

            byte[] bytes = model.ToBytes();
            try
            {
                return new InferenceSession(bytes, options, mapping.Packed);
            }
            catch (OnnxRuntimeException)
            {
                // Some kernels, such as those of quantised convolutions, cannot share what they pack: then each session packs its own.
                return new InferenceSession(bytes, options);
            }
        }
    }

    /// <summary>
    /// The weights that nothing but convolutions and matrix products reads. What elementwise operators read, the runtime may transpose and
    /// keep under its old name when it moves transpositions about; a shared value would then stand where another layout is expected, and
    /// where its axes are of one length nobody would notice.
    /// </summary>
    private static HashSet<string> KeptAsTheyAre(GraphProto graph)
    {
        var kept = new HashSet<string>();
        var others = new HashSet<string>(graph.Output.Select(o => o.Name));
        Read(graph);
        kept.ExceptWith(others);
        return kept;

        void Read(GraphProto part)
        {
            foreach (var node in part.Node)
            {
                for (int i = 0; i < node.Input.Count; i++)
                {
                    bool isWeight = node.Domain is "" or "ai.onnx" && node.OpType switch
                    {
                        "Conv" or "ConvTranspose" => i == 1,
                        "MatMul" or "Gemm" => i < 2,
                        _ => false,
                    };
                    (isWeight ? kept : others).Add(node.Input[i]);
                }

                foreach (var inner in node.Subgraphs())
                    Read(inner);
            }

            others.UnionWith(part.Output.Select(o => o.Name));
        }
    }

    private static string Stamp(string file)
    {
        var info = new FileInfo(file);
        return info.Exists ? FormattableString.Invariant($"{file}\n{info.Length}\n{info.LastWriteTimeUtc.Ticks}") : file;
    }

    private sealed class Mapping : IDisposable
    {
        private readonly Dictionary<string, MappedFile> files = [];
        private readonly Dictionary<(string File, long Offset, int Type, string Shape), OrtValue> values = [];

        public int Owners { get; set; }

        public long Bytes { get; private set; }

        public PrePackedWeightsContainer Packed { get; } = new();

        /// <summary>The tensor where it lies; null if it is too small to share, or of a type without a fixed size.</summary>
        public OrtValue? Find(TensorProto tensor, OnnxModel model)
        {
            var (file, offset, length) = ExternalData.Resolve(tensor, model.Folder!, model.Name);
            if (length < LeastBytes || tensor.DataType == (int)TensorElementType.String)
                return null;
            var key = (file, offset, tensor.DataType, string.Join(',', tensor.Dims));
            if (values.TryGetValue(key, out var value))
                return value;
            if (!files.TryGetValue(file, out var mapped))
                files[file] = mapped = new MappedFile(file);
            Bytes += length;
            return values[key] = OrtValue.CreateTensorValueWithData(
                OrtMemoryInfo.DefaultInstance, (TensorElementType)tensor.DataType, [.. tensor.Dims], mapped.At(offset), length);
        }

        public void Dispose()
        {
            foreach (var value in values.Values)
                value.Dispose();
            Packed.Dispose();
            foreach (var file in files.Values)
                file.Dispose();
        }
    }

    private sealed unsafe class MappedFile : IDisposable
    {
        private readonly MemoryMappedFile file;
        private readonly MemoryMappedViewAccessor view;
        private readonly byte* start;

        public MappedFile(string path)
        {
            var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 0);
            file = MemoryMappedFile.CreateFromFile(
                stream, null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: false);
            view = file.CreateViewAccessor(0, 0, MemoryMappedFileAccess.Read);
            view.SafeMemoryMappedViewHandle.AcquirePointer(ref start);
        }

        public nint At(long offset) => (nint)(start + view.PointerOffset + offset);

        public void Dispose()
        {
            view.SafeMemoryMappedViewHandle.ReleasePointer();
            view.Dispose();
            file.Dispose();
        }
    }
}
