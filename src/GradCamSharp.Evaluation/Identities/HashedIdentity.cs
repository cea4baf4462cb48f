using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace GradCamSharp.Evaluation.Identities;

/// <summary>
/// What decides the result of an experiment, as named values, and one hash over all of them: the same hash is the same result. Runs and
/// human studies both have one.
/// </summary>
/// <remarks>
/// The canonical form has a line <c>name=value</c> for each value, sorted by name (ordinal), values as JSON without spaces, objects taken
/// apart (<c>model.sha256</c>), UTF-8, each line ended by LF. The hash is its SHA-256.
/// </remarks>
public sealed class HashedIdentity
{
    private const int DigestLength = 64, ShownDigits = 12;

    private static readonly JsonSerializerOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly SortedDictionary<string, string> values = new(StringComparer.Ordinal);

    private HashedIdentity(JsonObject document, IReadOnlyList<string> incidental)
    {
        Collect(document, "", incidental);
        Sha256 = Digest.OfLines(values.Select(v => $"{v.Key}={v.Value}"));
    }

    /// <summary>The SHA-256 of the canonical form, in lower-case hexadecimal digits.</summary>
    public string Sha256 { get; }

    /// <summary>The first eight digits: a short name that is the same for the same experiment.</summary>
    public string ShortName => Sha256[..8];

    /// <summary>The identity that a document describes.</summary>
    /// <param name="document">Named values; objects within it are taken apart.</param>
    /// <param name="incidental">
    /// The names of what says where and how an experiment was started, not what it is, such as command or data.root.
    /// </param>
    public static HashedIdentity Of(JsonObject document, params IReadOnlyList<string> incidental)
    {
        ArgumentNullException.ThrowIfNull(document);
        ArgumentNullException.ThrowIfNull(incidental);
        return new HashedIdentity(document, incidental);
    }

    /// <summary>How another experiment differs: one line a difference, empty where it is the same.</summary>
    /// <param name="other">The other experiment.</param>
    /// <param name="ignored">Names that do not count, such as shard.</param>
    public IReadOnlyList<string> Differences(HashedIdentity other, params IReadOnlyList<string> ignored)
    {
        ArgumentNullException.ThrowIfNull(other);
        ArgumentNullException.ThrowIfNull(ignored);
        return [.. values.Keys.Union(other.values.Keys).Where(name => !ignored.Contains(name))
            .Select(name => (Name: name, Own: values.GetValueOrDefault(name, "null"), Other: other.values.GetValueOrDefault(name, "null")))
            .Where(d => d.Own != d.Other).OrderBy(d => d.Name, StringComparer.Ordinal)
            .Select(d => $"{d.Name} is {Short(d.Own)}, not {Short(d.Other)}")];
    }

    // Of a digest the beginning is enough to see that it is another one.
    private static string Short(string value) =>
        value.Length == DigestLength + 2 && value[1..^1].All(char.IsAsciiHexDigitLower) ? $"{value[..(ShownDigits + 1)]}...\"" : value;

    private void Collect(JsonObject document, string prefix, IReadOnlyList<string> incidental)
    {
        foreach (var (name, value) in document)
        {
            string full = prefix + name;
            if (incidental.Contains(full))
                continue;
            if (value is JsonObject inner && prefix.Length == 0)
                Collect(inner, full + ".", incidental);
            else
                values[full] = value?.ToJsonString(Compact) ?? "null";
        }
    }
}
