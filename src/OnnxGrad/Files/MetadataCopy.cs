using Google.Protobuf;
using OnnxGrad.Protobuf;

namespace OnnxGrad.Files;

/// <summary>Copies a model file with other metadata. All else stays as it is, byte for byte, and is never held in memory.</summary>
internal static class MetadataCopy
{
    // More than any entry of metadata that is worth keeping a key of.
    private const int LongestEntry = 64 << 20;

    /// <summary>Copies a file.</summary>
    /// <param name="path">The model's file.</param>
    /// <param name="target">Where to.</param>
    /// <param name="entries">The entries to set; others stay.</param>
    /// <exception cref="ModelException">It is not ONNX, or is truncated.</exception>
    public static void Write(string path, Stream target, IReadOnlyDictionary<string, string> entries)
    {
        using var source = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16);
        var wire = new WireReader(source, path);
        while (wire.Position < source.Length)
        {
            var field = wire.Next(source.Length);
            if (!IsOf(entries, wire, field))
                wire.CopyTo(target, field.Start, field.WholeLength);
            wire.Seek(field.Content + field.Length);
        }

        // Fields of a message may come in any order, and those that repeat in several places.
        var added = new ModelProto();
        added.MetadataProps.Add(entries.OrderBy(e => e.Key, StringComparer.Ordinal)
            .Select(e => new StringStringEntryProto { Key = e.Key, Value = e.Value }));
        target.Write(added.ToByteArray());
    }

    private static bool IsOf(IReadOnlyDictionary<string, string> entries, WireReader wire, WireReader.Field field)
    {
        if (field is not { Number: ModelProto.MetadataPropsFieldNumber, WireType: WireReader.Bytes, Length: < LongestEntry })
            return false;
        using var bytes = new MemoryStream((int)field.Length);
        wire.CopyTo(bytes, field.Content, field.Length);
        try
        {
            return entries.ContainsKey(StringStringEntryProto.Parser.ParseFrom(bytes.ToArray()).Key);
        }
        catch (InvalidProtocolBufferException)
        {
            return false;
        }
    }
}
