using System.Security.Cryptography;

namespace GradCamSharp.Cli.Explaining;

/// <summary>The pictures that the shipped networks know: the repository's samples, and scenes that the tool has drawn.</summary>
internal static class SamplePictures
{
    // SHA-256 of samples/*.jpg.
    private static readonly HashSet<string> Hashes = new(StringComparer.Ordinal)
    {
        "EB638907F0F9034CE8A05F86A94EA5FEB7DCF959914C86E168EFE85966CBA425",
        "B564FEE6017D83CFBA27E88DA518BED98E26D30A43F6D7F59FED83024F997E6E",
        "EA3884471D40601F38C19C37C4EE412D039165BFCF60B60FE272B507410F295F",
        "BAC1F94CC738E21D6762D1810994F4E1CEE474C3B01675429D20F51FFC2307DD",
    };

    /// <summary>Whether a picture is one of them: by its content, a drawn scene by the annotation that was written with it.</summary>
    public static bool Contains(string file)
    {
        try
        {
            if (IsDrawn(file))
                return true;
            using var stream = File.OpenRead(file);
            return Hashes.Contains(Convert.ToHexString(SHA256.HashData(stream)));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // What cannot be read is reported by whoever explains it.
            return true;
        }
    }

    private static bool IsDrawn(string file)
    {
        string folder = Path.GetDirectoryName(Path.GetFullPath(file)) ?? "";
        string annotation = Path.Combine(folder, "..", "Annotations", Path.GetFileNameWithoutExtension(file) + ".xml");
        return Path.GetFileName(folder) == "JPEGImages" && File.Exists(annotation)
            && File.ReadAllText(annotation).Contains("<database>GradCamSharp scenes</database>", StringComparison.Ordinal);
    }
}
