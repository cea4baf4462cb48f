using System.Text.Json;

namespace GradCamSharp.Output;

/// <summary>Vectors in files: a .npy of any shape, or a JSON array of numbers.</summary>
public static class VectorFile
{
    /// <summary>Whether the name is that of a vector's file, not of a picture.</summary>
    /// <param name="path">The file.</param>
    public static bool IsVector(string path) => Path.GetExtension(path).ToUpperInvariant() is ".NPY" or ".JSON";

    /// <summary>Reads a vector.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InvalidDataException">It holds no vector.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static float[] Read(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (!Path.GetExtension(path).Equals(".json", StringComparison.OrdinalIgnoreCase))
            return Npy.Read<float>(path).Values;
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(path));
            return [.. document.RootElement.EnumerateArray().Select(v => v.GetSingle())];
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            throw new InvalidDataException($"'{path}' holds no vector: give a JSON array of numbers. {e.Message}", e);
        }
    }
}
