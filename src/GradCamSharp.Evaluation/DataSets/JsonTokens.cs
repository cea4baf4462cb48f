using System.Globalization;
using System.Text;
using System.Text.Json;

namespace GradCamSharp.Evaluation.DataSets;

/// <summary>Reads a JSON file token by token, with memory for one token alone: instances files have hundreds of megabytes.</summary>
internal sealed class JsonTokens : IDisposable
{
    private const int LongestToken = 64 << 20;

    private readonly string path;
    private readonly FileStream stream;
    private byte[] buffer = new byte[1 << 16];
    private int start;
    private int end;
    private bool isLast;
    private JsonReaderState state;
    private long line;
    private int depth;

    public JsonTokens(string path)
    {
        this.path = path;
        stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1);
    }

    /// <summary>The last token's kind.</summary>
    public JsonTokenType Type { get; private set; }

    /// <summary>The last token's text: of a property name or a string, null of the others.</summary>
    public string? Text { get; private set; }

    /// <summary>The last token's number.</summary>
    public double Number { get; private set; }

    /// <summary>Reads on. False at the end of the file.</summary>
    /// <param name="wanted">Whether texts are wanted; decoding those that are not costs time.</param>
    public bool Read(bool wanted = true)
    {
        while (true)
        {
            var reader = new Utf8JsonReader(buffer.AsSpan(start, end - start), isLast, state);
            bool read;
            try
            {
                read = reader.Read();
            }
            catch (JsonException e)
            {
                // The reader ends its message with the place, which stands in front here.
                int place = e.Message.IndexOf(" LineNumber: ", StringComparison.Ordinal);
                string what = place < 0 ? e.Message : e.Message[..place];
                throw new InvalidDataException($"{path}, line {(e.LineNumber ?? 0) + 1}: not JSON as it should be: {what}", e);
            }

            if (read)
            {
                Take(ref reader, wanted);
                return true;
            }

            line += Lines((int)reader.BytesConsumed);
            start += (int)reader.BytesConsumed;
            state = reader.CurrentState;
            if (isLast)
                return false;
            Fill();
        }
    }

    /// <summary>Reads on to a property name of the object that is open, or to its end.</summary>
    /// <returns>The name; null at the end.</returns>
    public string? NextProperty() => Next() && Type == JsonTokenType.PropertyName ? Text : null;

    /// <summary>Reads on to the next item of the array that is open. False at its end.</summary>
    public bool NextItem() => Next() && Type != JsonTokenType.EndArray;

    /// <summary>Reads on and expects an object or an array to begin.</summary>
    public void Expect(JsonTokenType type, string what)
    {
        if (!Next() || Type != type)
            throw Wrong(what);
    }

    /// <summary>Reads a number.</summary>
    public double ReadNumber(string what) => Next() && Type == JsonTokenType.Number ? Number : throw Wrong($"{what} is no number");

    /// <summary>Reads a whole number.</summary>
    public long ReadInteger(string what)
    {
        double value = ReadNumber(what);
        return value == Math.Floor(value) && Math.Abs(value) < 1L << 53 ? (long)value : throw Wrong($"{what} is no whole number");
    }

    /// <summary>Reads a text.</summary>
    public string ReadText(string what) => Next() && Type == JsonTokenType.String ? Text! : throw Wrong($"{what} is no text");

    /// <summary>Skips the value that follows.</summary>
    public void Skip()
    {
        int level = depth;
        do
        {
            if (!Read(wanted: false))
                throw Wrong("it ends too early");
        }
        while (depth > level);
    }

    /// <summary>The error that what was read last is not what it should be.</summary>
    public InvalidDataException Wrong(string what) => new($"{path}, line {(line + 1).ToString(CultureInfo.InvariantCulture)}: {what}.");

    public void Dispose() => stream.Dispose();

    private bool Next() => Read() ? true : throw Wrong("it ends too early");

    private void Take(ref Utf8JsonReader reader, bool wanted)
    {
        Type = reader.TokenType;
        Text = null;
        switch (Type)
        {
            case JsonTokenType.PropertyName or JsonTokenType.String when wanted:
                Text = TextOf(ref reader);
                break;
            case JsonTokenType.Number when wanted:
                Number = reader.TryGetDouble(out double value) ? value : double.NaN;
                break;
            case JsonTokenType.StartObject or JsonTokenType.StartArray:
                depth++;
                break;
            case JsonTokenType.EndObject or JsonTokenType.EndArray:
                depth--;
                break;
        }

        int used = (int)reader.BytesConsumed;
        line += Lines(used);
        start += used;
        state = reader.CurrentState;
    }

    private string TextOf(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw Wrong("a text that is not UTF-8");
        }
    }

    private long Lines(int count) => buffer.AsSpan(start, count).Count((byte)'\n');

    private void Fill()
    {
        if (start > 0)
        {
            buffer.AsSpan(start, end - start).CopyTo(buffer);
            end -= start;
            start = 0;
        }
        else if (end == buffer.Length)
        {
            if (buffer.Length >= LongestToken)
                throw Wrong("a text that is too long");
            Array.Resize(ref buffer, 2 * buffer.Length);
        }

        bool isStart = stream.Position == 0;
        int read = stream.Read(buffer, end, buffer.Length - end);
        end += read;
        isLast = read == 0;
        if (isStart && buffer.AsSpan(0, end).StartsWith(Encoding.UTF8.Preamble))
            start = Encoding.UTF8.Preamble.Length;
    }
}
