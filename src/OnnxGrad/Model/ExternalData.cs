using System.Globalization;
using OnnxGrad.Protobuf;

namespace OnnxGrad;

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

    /// <summary>The file and the range in which the tensor's bytes lie, checked against the folder and the file's length.</summary>
    /// <exception cref="ModelException">The location leaves the folder, does not exist or is too short.</exception>
    public static (string File, long Offset, long Length) Resolve(TensorProto tensor, string folder, string model)
    {
        string location = Entry(tensor, "location") ?? "";
        string file = Path.GetFullPath(Path.Combine(folder, location));
        string inside = Path.GetFullPath(folder).TrimEnd(Path.DirectorySeparatorChar) + Path.DirectorySeparatorChar;
        if (location.Length == 0 || Path.IsPathRooted(location) || !file.StartsWith(inside, StringComparison.Ordinal))
        {
            throw new ModelException($"'{model}': the weights of '{tensor.Name}' are said to lie at '{location}', outside the model's folder. " +
                "Such a file is refused; export the model again with its external data beside it.");
        }

        var info = new FileInfo(file);
        if (!info.Exists)
        {
            throw new ModelException($"'{model}': the weights of '{tensor.Name}' should lie in '{location}' beside the model, and no such file is there. " +
                "Put the external data file into the model's folder.");
        }

        long offset = Number(tensor, "offset", model) ?? 0;
        long size = info.ResolveLinkTarget(returnFinalTarget: true) is FileInfo target ? target.Length : info.Length;
        long length = Number(tensor, "length", model) ?? size - offset;
        if (offset < 0 || length < 0 || offset > size - length)
        {
            throw new ModelException($"'{model}': '{location}' holds {size} bytes, too few for '{tensor.Name}' ({length} bytes from byte {offset}). " +
                "The external data file is truncated or belongs to another model.");
        }

        return (file, offset, length);
    }

    private static string? Entry(TensorProto tensor, string key) => tensor.ExternalData.FirstOrDefault(e => e.Key == key)?.Value;

    private static long? Number(TensorProto tensor, string key, string model) => Entry(tensor, key) switch
    {
        null => null,
        { } text when long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long value) => value,
        { } text => throw new ModelException($"'{model}': the {key} of the weights of '{tensor.Name}' is '{text}', not a number. Export the model again."),
    };
}
