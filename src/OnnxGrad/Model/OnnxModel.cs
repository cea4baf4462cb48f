using Google.Protobuf;
using Microsoft.ML.OnnxRuntime;
using OnnxGrad.Files;
using OnnxGrad.Passes;
using OnnxGrad.Protobuf;
using OnnxGrad.Upgrades;

namespace OnnxGrad;

/// <summary>
/// An ONNX model whose graph can be extended and run. The weights of a model read from a file stay in that file; what
/// is in memory is the structure.
/// </summary>
/// <remarks>
/// Reading brings the model into one form: opset 18 or newer, float32 where the file has float16, constants as initializers, functions
/// inlined. The model's outputs keep their meaning. Not safe for use by several threads; <see cref="Copy"/> gives each its own.
/// </remarks>
public sealed class OnnxModel
{
    /// <summary>The oldest opset that this library builds on; models of older ones are brought up to it.</summary>
    public const long OldestOpset = OpsetUpgrade.OldestTarget;

    /// <summary>The newest opset whose changes this library knows, so that a model can be brought up to it.</summary>
    public const long NewestOpset = 23;

    private readonly ModelProto proto;

    private OnnxModel(ModelProto proto, string name, string? folder, OperatorRegistry operators, ShapeTable shapes)
    {
        this.proto = proto;
        Name = name;
        Folder = folder;
        Operators = operators;
        Graph = new Graph(proto.Graph, shapes);
    }

    /// <summary>The path the model was read from, or the name it was given.</summary>
    public string Name { get; }

    /// <summary>The folder in which its weights lie; null where they are in memory.</summary>
    public string? Folder { get; }

    /// <summary>The model's graph.</summary>
    public Graph Graph { get; }

    /// <summary>The operators that are known, with their derivatives.</summary>
    public OperatorRegistry Operators { get; }

    /// <summary>The version of the standard's operator set.</summary>
    public long Opset => proto.OpsetImport.FirstOrDefault(o => o.Domain is "" or "ai.onnx")?.Version ?? OldestOpset;

    /// <summary>The file's metadata (metadata_props).</summary>
    public IReadOnlyDictionary<string, string> Metadata =>
        proto.MetadataProps.GroupBy(p => p.Key).ToDictionary(p => p.Key, p => p.Last().Value, StringComparer.Ordinal);

    /// <summary>The inputs that a caller must feed.</summary>
    public IReadOnlyList<ValueDeclaration> Inputs =>
        [.. proto.Graph.Input.Where(i => !Graph.IsConstant(i.Name)).Select(ValueDeclaration.From)];

    /// <summary>The outputs.</summary>
    public IReadOnlyList<ValueDeclaration> Outputs => [.. proto.Graph.Output.Select(ValueDeclaration.From)];

    /// <summary>
    /// What reading changed that a user should know of, in whole sentences: widened 16-bit floats, integer arithmetic computed in floats.
    /// </summary>
    public IReadOnlyList<string> Notes { get; private init; } = [];

    /// <summary>Whether weights lie in a file other than the model's own.</summary>
    public bool HasExternalData => ExternalFiles.Count > 0;

    /// <summary>The files other than the model's own in which weights lie, in ordinal order of their places beside it.</summary>
    public IReadOnlyList<string> ExternalFiles
    {
        get
        {
            string file = ExternalData.RealPath(Name), own = Path.GetFileName(file);
            var places = ExternalData.Tensors(proto).Where(t => t.DataLocation == TensorProto.Types.DataLocation.External)
                .SelectMany(t => t.ExternalData).Where(e => e.Key == "location" && e.Value != own).Select(e => e.Value);
            return [.. places.Distinct().Order(StringComparer.Ordinal).Select(place => Path.Combine(Path.GetDirectoryName(file)!, place))];
        }
    }

    /// <summary>Whether a path leads, over whatever links, to the file that the model was read from or to one of its weights.</summary>
    public bool IsReadFrom(string path)
    {
        if (Folder is null || !File.Exists(path))
            return false;
        string real = ExternalData.RealPath(path);
        return real == ExternalData.RealPath(Name) || ExternalFiles.Any(f => ExternalData.RealPath(f) == real);
    }

    internal ModelProto Proto => proto;

    /// <summary>The types of inputs and outputs as the file declares them, where these are 16-bit floats.</summary>
    internal IReadOnlyDictionary<string, ElementType> NarrowTypes { get; private init; } = new Dictionary<string, ElementType>();

    /// <summary>Reads a model's structure from a file; its weights stay there.</summary>
    /// <param name="path">An .onnx file. External data must lie in its folder.</param>
    /// <param name="operators">The operators that are known; <see cref="StandardOperators.Registry"/> if null.</param>
    /// <exception cref="ModelException">It is not an ONNX model, is damaged, or points outside its folder.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    public static OnnxModel Load(string path, OperatorRegistry? operators = null)
    {
        string file = Path.GetFullPath(path);
        if (!File.Exists(file))
            throw new ModelException($"There is no model file '{path}'. Give the path of an .onnx file.");
        // A cache may hold the file and its external data as links; the weights are then named beside what the file's link points to.
        string real = ExternalData.RealPath(file);
        var proto = ModelReader.Read(real);
        return Open(proto, path, Path.GetDirectoryName(file), real, operators);
    }

    /// <summary>Reads a model from memory; its weights stay in memory too.</summary>
    /// <param name="bytes">The content of an .onnx file without external data.</param>
    /// <param name="name">What messages call it.</param>
    /// <param name="operators">The operators that are known; <see cref="StandardOperators.Registry"/> if null.</param>
    /// <exception cref="ModelException">It is not an ONNX model.</exception>
    public static OnnxModel Parse(ReadOnlySpan<byte> bytes, string name = "model", OperatorRegistry? operators = null)
    {
        try
        {
            return Open(ModelProto.Parser.ParseFrom(bytes), name, named: null, file: null, operators);
        }
        catch (InvalidProtocolBufferException e)
        {
            throw new ModelException($"'{name}' is not an ONNX model: {e.Message}", e);
        }
    }

    /// <summary>An empty model, to build a graph in.</summary>
    /// <param name="name">What messages call it.</param>
    /// <param name="opset">The version of the standard's operator set.</param>
    /// <param name="operators">The operators that are known; <see cref="StandardOperators.Registry"/> if null.</param>
    public static OnnxModel Create(string name = "model", long opset = OldestOpset, OperatorRegistry? operators = null)
    {
        var proto = new ModelProto { IrVersion = 8, ProducerName = "OnnxGrad", Graph = new GraphProto { Name = name } };
        proto.OpsetImport.Add(new OperatorSetIdProto { Version = opset });
        return new OnnxModel(proto, name, folder: null, operators ?? StandardOperators.Registry, ShapeTable.Empty);
    }

    /// <summary>A copy that can be changed without changing this one; weights in files are shared.</summary>
    public OnnxModel Copy() => WithShapes(Graph.Shapes);

    /// <summary>A copy whose graph knows of its values what the table says, and nothing else; weights in files are shared.</summary>
    /// <param name="shapes">What an analysis of this model found.</param>
    public OnnxModel WithShapes(ShapeTable shapes)
    {
        ArgumentNullException.ThrowIfNull(shapes);
        return new OnnxModel(proto.Clone(), Name, Folder, Operators, shapes) { Notes = Notes, NarrowTypes = NarrowTypes };
    }

    /// <summary>
    /// A copy whose quantisation does not round: QuantizeLinear scales, shifts and clips, and DequantizeLinear undoes that. The
    /// straight-through rules are the derivative of this function; finite differences of the rounded one say nothing. Values keep their
    /// names, and integers become floats.
    /// </summary>
    /// <returns>The copy, without what is known of values' shapes; null if nothing in the model rounds.</returns>
    public OnnxModel? WithoutRounding()
    {
        var copy = proto.Clone();
        return RoundingRemoval.Apply(copy.Graph) > 0
            ? new OnnxModel(copy, Name, Folder, Operators, ShapeTable.Empty) { Notes = Notes }
            : null;
    }

    /// <summary>
    /// A copy with the weights of its last layers in random order: those of the nodes that have stored weights (Conv, ConvTranspose, Gemm,
    /// MatMul, the normalisations, PRelu), in the graph's order. Every tensor of more than one element is permuted, each once, and so keeps
    /// its distribution. Integers stay integers; scales and zero points of one a channel are permuted alike.
    /// </summary>
    /// <param name="share">The share of those nodes, 0 to 1, rounded up to whole nodes: 1 for all, 0.25 for the last quarter.</param>
    /// <param name="order">Makes the order of a tensor, of its name and its number of elements: a permutation of 0 to that - 1.</param>
    /// <returns>The copy; its permuted weights are in memory.</returns>
    /// <exception cref="ModelException">Weights cannot be read, or are too many to be held in memory.</exception>
    public OnnxModel WithPermutedWeights(double share, Func<string, int, int[]> order)
    {
        ArgumentNullException.ThrowIfNull(order);
        ArgumentOutOfRangeException.ThrowIfLessThan(share, 0);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(share, 1);
        var copy = Copy();
        new WeightPermutation(copy.proto.Graph, Folder, Name, order).Apply(share);
        return copy;
    }

    /// <summary>Sets a metadata entry.</summary>
    public void SetMetadata(string key, string value)
    {
        if (proto.MetadataProps.FirstOrDefault(p => p.Key == key) is { } entry)
            entry.Value = value;
        else
            proto.MetadataProps.Add(new StringStringEntryProto { Key = key, Value = value });
    }

    /// <summary>
    /// Copies a model file with some entries of its metadata set. Graph and weights stay as they are, byte for byte; weights in other files
    /// stay there.
    /// </summary>
    /// <param name="path">The .onnx file.</param>
    /// <param name="target">Where to; not the file itself.</param>
    /// <param name="entries">Keys and their values; entries of other keys stay.</param>
    /// <exception cref="ModelException">It is not an ONNX model, or is truncated.</exception>
    /// <exception cref="IOException">It cannot be read, or the target not written.</exception>
    public static void CopyWithMetadata(string path, Stream target, IReadOnlyDictionary<string, string> entries)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(entries);
        MetadataCopy.Write(path, target, entries);
    }

    /// <summary>Fixes lengths that the declaration of an input or output leaves open.</summary>
    /// <param name="name">The input or output.</param>
    /// <param name="shape">Its shape; where a length is not known the declaration stays as it is.</param>
    public void Declare(string name, Shape shape)
    {
        var declared = proto.Graph.Input.Concat(proto.Graph.Output).First(i => i.Name == name).Type.TensorType.Shape;
        for (int i = 0; i < shape.Rank; i++)
        {
            if (shape[i].IsKnown)
                declared.Dim[i] = new TensorShapeProto.Types.Dimension { DimValue = shape[i].Value };
        }
    }

    /// <summary>The model's structure in ONNX's format. Weights in files are referenced, relative to <see cref="Folder"/>.</summary>
    /// <returns>The same bytes for the same graph.</returns>
    public byte[] ToBytes() => proto.ToByteArray();

    /// <summary>
    /// Writes the model as a file that needs no other: weights are copied from the files they lie in, piece by piece. A model of
    /// more than 2 GiB keeps its weights in a second file beside it, <c>name.onnx.data</c>. The same graph gives the same bytes. The
    /// file appears whole or not at all.
    /// </summary>
    /// <param name="path">The file; one that is there is replaced. Not the one that the model was loaded from.</param>
    /// <exception cref="ModelException">The path is that of the model's own weights, or these cannot be read any more.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be written there.</exception>
    public void Save(string path) => Save(path, new SaveOptions());

    /// <summary>Writes the model as <see cref="Save(string)"/> does, with weights in a second file or in 16 bits where asked for.</summary>
    /// <param name="path">The file; one that is there is replaced. Not the one that the model was loaded from.</param>
    /// <param name="options">Where and how weights are stored.</param>
    /// <exception cref="ModelException">The path is that of the model's own weights, or these cannot be read any more.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be written there.</exception>
    public void Save(string path, SaveOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        ModelWriter.Write(proto, Folder, Name, path, options.ExternalData ? 0 : ModelWriter.LargestFile, options.Float16Weights);
    }

    /// <summary>
    /// A copy as others are to meet it: inputs and outputs have the types that the file declares (16-bit floats are widened and narrowed at
    /// the border by Casts), and nodes are written for the wanted opset.
    /// </summary>
    /// <param name="opset">
    /// The opset, from the model's own <see cref="Opset"/> to <see cref="NewestOpset"/>; null for the model's own.
    /// </param>
    /// <exception cref="ModelException">
    /// The opset is older than the model's or newer than the newest known, or an operator has no equivalent there.
    /// </exception>
    public OnnxModel ForExchange(long? opset = null)
    {
        if (opset < Opset || opset > Math.Max(NewestOpset, Opset))
        {
            throw new ModelException($"'{Name}' cannot be written for opset {opset}: its graph needs opset {Opset}, " +
                $"and {Math.Max(NewestOpset, Opset)} is the newest known. Choose one between, or none.");
        }

        var copy = proto.Clone();
        DeclaredTypes.Restore(copy.Graph, NarrowTypes);
        if (opset is { } wanted && wanted > Opset)
        {
            OpsetUpgrade.Apply(copy, Name, new Dictionary<NodeProto, long>(), wanted);
            // The format's version that came with each opset.
            copy.IrVersion = Math.Max(copy.IrVersion, wanted switch { <= 18 => 8, <= 20 => 9, <= 22 => 10, _ => 11 });
        }

        return new OnnxModel(copy, Name, Folder, Operators, ShapeTable.Empty) { Notes = Notes, NarrowTypes = NarrowTypes };
    }

    /// <summary>Opens the model in ONNX Runtime, with a copy of its weights that is the session's own.</summary>
    /// <param name="options">The session's options; the folder of the weights is added to them.</param>
    /// <returns>A session that the caller disposes.</returns>
    /// <exception cref="ModelException">ONNX Runtime refuses the model.</exception>
    public InferenceSession OpenSession(SessionOptions options) => OpenSession(options, null);

    /// <summary>Opens the model in ONNX Runtime.</summary>
    /// <param name="options">The session's options; the folder of the weights and these themselves are added to them.</param>
    /// <param name="weights">Weights that sessions share, disposed after the session; null for a copy of its own.</param>
    /// <returns>A session that the caller disposes.</returns>
    /// <exception cref="ModelException">ONNX Runtime refuses the model.</exception>
    public InferenceSession OpenSession(SessionOptions options, SharedWeights? weights)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (Folder is not null)
            options.AddSessionConfigEntry("session.model_external_initializers_file_folder_path", Folder);
        try
        {
            return weights is null ? new InferenceSession(ToBytes(), options) : weights.OpenSession(this, options);
        }
        catch (OnnxRuntimeException e)
        {
            throw new ModelException($"ONNX Runtime refuses '{Name}': {e.Message}", e);
        }
    }

    private static OnnxModel Open(
        ModelProto proto, string name, string? named, string? file, OperatorRegistry? operators)
    {
        if (proto.Graph is null || proto.Graph.Node.Count == 0 || proto.OpsetImport.Count == 0)
            throw new ModelException($"'{name}' is not an ONNX model: it has no graph. Give a model exported as .onnx.");
        foreach (var tensor in ExternalData.Tensors(proto))
        {
            if (tensor.DataLocation == TensorProto.Types.DataLocation.External)
            {
                if (file is null)
                    throw new ModelException($"'{name}' keeps the weights of '{tensor.Name}' in another file. Load it from its folder.");
                ExternalData.Place(tensor, named!, file, name);
            }
            else if (!tensor.RawData.IsEmpty)
            {
                ExternalData.CheckLength(tensor, tensor.RawData.Length, name);
            }
        }

        var narrow = DeclaredTypes.Narrow(proto.Graph);
        var notes = Normalization.Apply(proto, name);
        return new OnnxModel(proto, name, Path.GetDirectoryName(file), operators ?? StandardOperators.Registry, ShapeTable.Empty)
        {
            Notes = notes,
            NarrowTypes = narrow,
        };
    }
}
