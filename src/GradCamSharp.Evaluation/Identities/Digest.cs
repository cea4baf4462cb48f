using System.Security.Cryptography;
using System.Text;
using OnnxGrad;

namespace GradCamSharp.Evaluation.Identities;

/// <summary>SHA-256 in lower-case hexadecimal digits.</summary>
internal static class Digest
{
    public static string OfFile(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1);
        return Convert.ToHexStringLower(SHA256.HashData(file));
    }

    /// <summary>Of a model: its file's, or, where weights lie in other files, of the lines of its own and theirs.</summary>
    public static string OfModel(string path)
    {
        string own = OfFile(path);
        var beside = OnnxModel.Load(path).ExternalFiles;
        return beside.Count == 0 ? own : OfLines([own, .. beside.Select(OfFile)]);
    }

    public static string OfText(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    /// <summary>Of texts, each followed by a line feed.</summary>
    public static string OfLines(IEnumerable<string> lines)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (string line in lines)
            hash.AppendData(Encoding.UTF8.GetBytes(line + "\n"));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
