using System.Buffers;
using System.Text;

namespace GradCamSharp.Evaluation.Records;

/// <summary>Rows of comma-separated values (RFC 4180, UTF-8), with the place in the file where each ends.</summary>
public static class CsvRows
{
    private const int LongestRow = 1 << 20;
    private static readonly SearchValues<char> Special = SearchValues.Create(",\"\r\n");

    /// <summary>Writes a row.</summary>
    /// <param name="target">Where it is added.</param>
    /// <param name="fields">The values; those that need quotes get them.</param>
    /// <param name="end">What ends it.</param>
    public static void Append(StringBuilder target, IEnumerable<string> fields, string end = "\n")
    {
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(fields);
        bool first = true;
        foreach (string field in fields)
        {
            if (!first)
                target.Append(',');
            first = false;
            if (field.AsSpan().ContainsAny(Special))
                target.Append('"').Append(field.Replace("\"", "\"\"", StringComparison.Ordinal)).Append('"');
            else
                target.Append(field);
        }

        target.Append(end);
    }

    /// <summary>Reads whole rows, which end in a line feed; a torn last one, which no line feed ends, is left out.</summary>
    /// <param name="stream">The file, from its beginning; it is not disposed.</param>
    /// <param name="name">What messages call it.</param>
    /// <returns>The values, and the number of bytes up to the row's end.</returns>
    /// <exception cref="InvalidDataException">A row is longer than any of ours.</exception>
    internal static IEnumerable<(string[] Fields, long End)> Read(Stream stream, string name)
    {
        byte[] buffer = new byte[1 << 16];
        var field = new ArrayBufferWriter<byte>();
        var fields = new List<string>();
        long end = 0, start = 0;
        bool quoted = false, closed = false;
        for (int read; (read = stream.Read(buffer)) > 0;)
        {
            for (int i = 0; i < read; i++)
            {
                byte b = buffer[i];
                end++;
                if (end - start > LongestRow)
                    throw new InvalidDataException(
                        $"{name}: a row is longer than {LongestRow} bytes. It is damaged, or of another program.");
                if (b == '"')
                {
                    // A quote within a quoted value ends it, unless a second one follows: the two stand for one.
                    if (closed)
                        Put(field, b);
                    (quoted, closed) = (!quoted, quoted);
                    continue;
                }

                closed = false;
                if (quoted || b is not ((byte)',' or (byte)'\n'))
                {
                    Put(field, b);
                    continue;
                }

                fields.Add(Encoding.UTF8.GetString(field.WrittenSpan));
                field.ResetWrittenCount();
                if (b == '\n')
                {
                    yield return ([.. fields], end);
                    fields.Clear();
                    start = end;
                }
            }
        }
    }

    private static void Put(ArrayBufferWriter<byte> target, byte value)
    {
        target.GetSpan(1)[0] = value;
        target.Advance(1);
    }
}
