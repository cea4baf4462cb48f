using System.Security.Cryptography;
using GradCamSharp.Imaging;

namespace GradCamSharp.Cli.Zoo;

/// <summary>A model that can be fetched by its name.</summary>
/// <param name="Name">The name on the command line.</param>
/// <param name="File">Where it lies, relative to the zoo's address.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Sha256">Its SHA-256, in lower-case hexadecimal.</param>
/// <param name="Licence">Its licence, as an SPDX identifier.</param>
/// <param name="PreprocessingName">How pictures are prepared: torch, caffe, or one of the names below.</param>
/// <param name="IsPreprocessingDocumented">Whether the zoo says so; else it is what the framework that the model comes from does.</param>
/// <param name="Layer">The layer explained where none is named, in words.</param>
internal sealed record ZooModel(
    string Name, string File, long Bytes, string Sha256, string Licence, string PreprocessingName, bool IsPreprocessingDocumented,
    string Layer)
{
    /// <summary>The file's own name, without folders.</summary>
    public string FileName => Path.GetFileName(File);

    /// <summary>Whether a file is this model: whether it has its SHA-256.</summary>
    public bool Is(string path)
    {
        using var stream = System.IO.File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(stream)) == Sha256;
    }

    /// <summary>How pictures are prepared.</summary>
    public Preprocessing Preprocessing => PreprocessingName switch
    {
        // Caffe's, then times 0.017.
        "densenet" => Preprocessing.Caffe with { StandardDeviation = [1 / 0.017f, 1 / 0.017f, 1 / 0.017f] },
        "caffe2" => Preprocessing.Caffe with { Mean = [128, 128, 128], StandardDeviation = [128, 128, 128] },
        "lite" => Preprocessing.Unit with { Scale = 1, Mean = [127, 127, 127], StandardDeviation = [128, 128, 128] },
        _ => Preprocessing.Preset(PreprocessingName)
            ?? throw new InvalidDataException($"models.tsv: there is no preprocessing '{PreprocessingName}'."),
    };
}
