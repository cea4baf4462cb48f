using System.Globalization;
using OnnxGrad.Protobuf;

namespace OnnxGrad.Files;

/// <summary>Where a tensor's bytes lie outside the structure, and the check that they lie inside the model's folder.</summary>
internal static class ExternalData
{
    public static void Point(TensorProto tensor, string location, long offset, long length)
    {
        tensor.ExternalData.Clear();
        Add("location", location);
        Add("offset", offset.ToString(CultureInfo.InvariantCulture));
        Add("length", length.ToString(CultureInfo.InvariantCulture));
        tensor.DataLocation = TensorProto.Types.DataLocation.External;

        void Add(string key, string value) => tensor.ExternalData.Add(new StringStringEntryProto { Key = key, Value = value });
    }

    /// <summary>All tensors of a model, those inside nodes, branches and functions included.</summary>
    public static IEnumerable<TensorProto> Tensors(ModelProto model) =>
        Tensors(model.Graph).Concat(model.Functions.SelectMany(f => f.Node).SelectMany(Tensors));

    /// <summary>
    /// Checks where a model's file says that weights lie, and names them anew as seen from the folder in which the model itself lies: a
    /// cache may keep the model and its data as links into one folder of blobs, under other names there.
    /// </summary>
    /// <param name="tensor">The tensor; its location is what the file says.</param>
    /// <param name="named">The folder of the path that the caller gave.</param>
    /// <param name="file">The model's own file, every link on the way resolved.</param>
    /// <param name="model">What messages call it.</param>
    /// <exception cref="ModelException">The location leaves the folder, does not exist or is too short.</exception>
    public static void Place(TensorProto tensor, string named, string file, string model)
    {
        string location = Entry(tensor, "location") ?? "";
        string folder = Path.GetDirectoryName(file)!;
        if (location != Path.GetFileName(file))
        {
            string path = Inside(location, named) ?? throw Outside();
            string real = RealPath(path);
            if (!real.StartsWith(Below(folder), StringComparison.Ordinal))
                throw Outside();
            tensor.ExternalData.First(e => e.Key == "location").Value =
                Path.GetRelativePath(folder, real).Replace(Path.DirectorySeparatorChar, '/');
        }

        Resolve(tensor, folder, model);

        ModelException Outside() => new($"'{model}': the weights of '{tensor.Name}' are said to lie at '{location}', " +
            "outside the model's folder. Such a file is refused; export the model again with its external data beside it.");
    }

    /// <summary>The file and the range in which the tensor's bytes lie, checked against the folder and the file's length.</summary>
    /// <exception cref="ModelException">The location leaves the folder, does not exist or is too short.</exception>
    public static (string File, long Offset, long Length) Resolve(TensorProto tensor, string folder, string model)
    {
        string location = Entry(tensor, "location") ?? "";
        string file = Inside(location, folder)
            ?? throw new ModelException($"'{model}': the weights of '{tensor.Name}' are said to lie at '{location}', " +
                "outside the model's folder. Such a file is refused.");
        var info = new FileInfo(file);
        if (!info.Exists)
        {
            throw new ModelException($"'{model}': the weights of '{tensor.Name}' should lie in '{location}' beside the model, " +
                "and no such file is there. Put the external data file into the model's folder.");
        }

        long offset = Number(tensor, "offset", model) ?? 0;
        long size = info.Length;
        long length = Number(tensor, "length", model) ?? size - offset;
        if (offset < 0 || length < 0 || offset > size - length)
        {
            throw new ModelException($"'{model}': '{location}' holds {size} bytes, too few for '{tensor.Name}' " +
                $"({length} bytes from byte {offset}). The external data file is truncated or belongs to another model.");
        }

        CheckLength(tensor, length, model);
        return (file, offset, length);
    }

    /// <summary>Refuses a tensor whose bytes are not as many as its shape and type say.</summary>
    public static void CheckLength(TensorProto tensor, long bytes, string model)
    {
        int bits = (ElementType)tensor.DataType switch
        {
            ElementType.Float or ElementType.Int32 or ElementType.UInt32 => 32,
            ElementType.Double or ElementType.Int64 or ElementType.UInt64 => 64,
            ElementType.Float16 or ElementType.BFloat16 or ElementType.Int16 or ElementType.UInt16 => 16,
            ElementType.UInt8 or ElementType.Int8 or ElementType.Bool => 8,
            _ => 0,
        };
        if (bits == 0)
            return;
        Int128 expected = bits / 8;
        foreach (long length in tensor.Dims)
            expected = length < 0 || expected > long.MaxValue ? -1 : expected * length;
        if (expected != bytes)
        {
            throw new ModelException(
                $"'{model}': the tensor '{tensor.Name}' of shape [{string.Join(", ", tensor.Dims)}] holds {bytes} bytes, " +
                "which do not fit that shape. The file is damaged; fetch or export it again.");
        }
    }

    /// <summary>A path with every link on the way resolved, the file's own and its folders'.</summary>
    public static string RealPath(string path)
    {
        string full = Path.GetFullPath(path);
        string real = Path.GetPathRoot(full)!;
        foreach (string part in full[real.Length..].Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries))
        {
            real = Path.Combine(real, part);
            if (new FileInfo(real).ResolveLinkTarget(returnFinalTarget: true) is { } target)
                real = RealPath(target.FullName);
        }

        return real;
    }

    private static IEnumerable<TensorProto> Tensors(GraphProto graph) => graph.Initializer.Concat(graph.Node.SelectMany(Tensors));

    private static IEnumerable<TensorProto> Tensors(NodeProto node) => node.Attribute
        .SelectMany(a => a.T is { } t ? a.Tensors.Prepend(t) : a.Tensors)
        .Concat(node.Subgraphs().SelectMany(Tensors));

    private static string Below(string folder) => folder.TrimEnd(Path.DirectorySeparatorChar) + Path.DirectorySeparatorChar;

    private static string? Inside(string location, string folder)
    {
        if (location.Length == 0 || location.Contains('\0', StringComparison.Ordinal) || Path.IsPathRooted(location))
            return null;
        string path = Path.GetFullPath(Path.Combine(folder, location));
        return path.StartsWith(Below(Path.GetFullPath(folder)), StringComparison.Ordinal) ? path : null;
    }

    private static string? Entry(TensorProto tensor, string key) => tensor.ExternalData.FirstOrDefault(e => e.Key == key)?.Value;

    private static long? Number(TensorProto tensor, string key, string model) => Entry(tensor, key) switch
    {
        null => null,
        { } text when long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long value) => value,
        { } text => throw new ModelException($"'{model}': the {key} of the weights of '{tensor.Name}' is '{text}', not a number. " +
            "Export the model again."),
    };
}
