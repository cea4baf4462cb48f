namespace OnnxGrad.Files;

/// <summary>Walks the fields of a protobuf message in a stream without reading what it skips.</summary>
internal sealed class WireReader(Stream stream, string path)
{
    public const int Varint = 0, Fixed64 = 1, Bytes = 2, Fixed32 = 5;

    public long Position => stream.Position;

    /// <summary>
    /// The next field before <paramref name="end"/>: its number, wire type, where it starts (tag included), and its content's bounds.
    /// </summary>
    public Field Next(long end)
    {
        long start = stream.Position;
        ulong tag = ReadVarint(end);
        int wireType = (int)(tag & 7);
        long number = (long)(tag >> 3);
        long content = stream.Position;
        long length = wireType switch
        {
            Varint => SkipVarint(end),
            Fixed64 => 8,
            Fixed32 => 4,
            Bytes => ReadLength(end),
            _ => throw Broken(start),
        };
        if (number is 0 or > int.MaxValue)
            throw Broken(start);
        if (wireType == Bytes)
            content = stream.Position;
        if (length > end - content)
            throw Truncated(start);
        stream.Position = content + length;
        return new Field((int)number, wireType, start, content, length);
    }

    public void CopyTo(Stream target, long start, long length)
    {
        stream.Position = start;
        Span<byte> buffer = stackalloc byte[8192];
        while (length > 0)
        {
            int read = stream.Read(buffer[..(int)Math.Min(buffer.Length, length)]);
            if (read == 0)
                throw Truncated(start);
            target.Write(buffer[..read]);
            length -= read;
        }
    }

    public void Seek(long position) => stream.Position = position;

    private long ReadLength(long end)
    {
        long at = stream.Position;
        ulong length = ReadVarint(end);
        return length > long.MaxValue ? throw Truncated(at) : (long)length;
    }

    private long SkipVarint(long end)
    {
        long start = stream.Position;
        ReadVarint(end);
        return stream.Position - start;
    }

    private ulong ReadVarint(long end)
    {
        long start = stream.Position;
        ulong value = 0;
        for (int shift = 0; shift < 70; shift += 7)
        {
            if (stream.Position >= end)
                throw Truncated(start);
            int next = stream.ReadByte();
            if (next < 0)
                throw Truncated(start);
            value |= (ulong)(next & 0x7f) << shift;
            if (next < 0x80)
                return value;
        }

        throw Broken(start);
    }

    private ModelException Broken(long at) =>
        new($"'{path}' is not an ONNX file: no protobuf field at byte {at}. Give a model exported as .onnx.");

    private ModelException Truncated(long at) =>
        new($"'{path}' ends in the middle of a field that starts at byte {at}: the file is truncated or not ONNX. " +
            "Fetch or export it again.");

    /// <summary>
    /// A field of a protobuf message. <c>Start</c> is where its tag stands; its content is at <c>Content</c>, <c>Length</c> bytes long.
    /// </summary>
    internal readonly record struct Field(int Number, int WireType, long Start, long Content, long Length)
    {
        public long WholeLength => Content + Length - Start;
    }
}
