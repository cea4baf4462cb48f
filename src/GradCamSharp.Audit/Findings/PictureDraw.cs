using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace GradCamSharp.Audit.Findings;

/// <summary>Draws of pictures that their ids and a seed decide alone: nothing depends on their order or on a generator's version.</summary>
internal static class PictureDraw
{
    /// <summary>The pictures' places in the order in which they are drawn.</summary>
    /// <param name="ids">The pictures' ids.</param>
    /// <param name="seed">The seed.</param>
    public static IEnumerable<int> Order(IReadOnlyList<string> ids, long seed) => Enumerable.Range(0, ids.Count)
        .OrderBy(i => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(
            string.Create(CultureInfo.InvariantCulture, $"{seed} {ids[i]}")))), StringComparer.Ordinal);
}
