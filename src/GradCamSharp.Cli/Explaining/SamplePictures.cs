namespace GradCamSharp.Cli.Explaining;

/// <summary>The pictures that the shipped networks know: the repository's samples, and scenes that the tool has drawn.</summary>
internal static class SamplePictures
{
    // Of samples/*.jpg. No cryptographic hash: .NET takes those from OpenSSL, which a bare system lacks.
    private static readonly HashSet<ulong> Known =
        [0x3f1289d03ff9df3e, 0x9f05b9e55f6d542a, 0x3c2496bbfb41a262, 0xa9fde3453796ed0d];

    private const long Largest = 1 << 20;

    /// <summary>Whether a picture is one of them: by its content, a drawn scene by the annotation that was written with it.</summary>
    public static bool Contains(string file)
    {
        try
        {
            if (IsDrawn(file))
                return true;
            return new FileInfo(file).Length <= Largest && Known.Contains(Fnv1a(File.ReadAllBytes(file)));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // What cannot be read is reported by whoever explains it.
            return true;
        }
    }

    private static ulong Fnv1a(byte[] bytes)
    {
        ulong hash = 0xcbf29ce484222325;
        foreach (byte b in bytes)
            hash = (hash ^ b) * 0x100000001b3;
        return hash;
    }

    private static bool IsDrawn(string file)
    {
        string folder = Path.GetDirectoryName(Path.GetFullPath(file)) ?? "";
        string annotation = Path.Combine(folder, "..", "Annotations", Path.GetFileNameWithoutExtension(file) + ".xml");
        return Path.GetFileName(folder) == "JPEGImages" && File.Exists(annotation)
            && File.ReadAllText(annotation).Contains("<database>GradCamSharp scenes</database>", StringComparison.Ordinal);
    }
}
