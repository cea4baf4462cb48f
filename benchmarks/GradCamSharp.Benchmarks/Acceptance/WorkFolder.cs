using System.Security.Cryptography;

namespace GradCamSharp.Benchmarks.Acceptance;

/// <summary>A folder for one measurement; it goes when the measurement is over.</summary>
internal sealed class WorkFolder : IDisposable
{
    private int given;

    public string Root { get; } = Directory.CreateTempSubdirectory("gradcam-acceptance-").FullName;

    /// <summary>The path of a name in it.</summary>
    public string this[string name] => Path.Combine(Root, name);

    /// <summary>A new folder in it.</summary>
    public string Next() => Directory.CreateDirectory(this[$"{++given}"]).FullName;

    public void Dispose() => Directory.Delete(Root, recursive: true);

    /// <summary>
    /// The digest of all files below a folder, or of a file; hidden ones, such as locks, do not count. Empty where there is none.
    /// </summary>
    public static string Digest(string path)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        if (File.Exists(path))
            return Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(path)));
        if (!Directory.Exists(path))
            return "";
        foreach (string file in Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories)
            .Where(f => Path.GetFileName(f)[0] != '.').Order(StringComparer.Ordinal))
        {
            hash.AppendData(System.Text.Encoding.UTF8.GetBytes(Path.GetRelativePath(path, file) + "\0"));
            hash.AppendData(SHA256.HashData(File.ReadAllBytes(file)));
        }

        return Convert.ToHexString(hash.GetHashAndReset());
    }

    /// <summary>The files that are half written, below a folder.</summary>
    public static int HalfWritten(string folder) =>
        Directory.EnumerateFiles(folder, ".*.part", SearchOption.AllDirectories).Count();
}
