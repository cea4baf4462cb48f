using GradCamSharp.Imaging;
using GradCamSharp.Output;
using OnnxGrad;

namespace GradCamSharp.Cli.Explaining;

/// <summary>The files of a run, in one folder, named after their inputs.</summary>
internal sealed class ResultFiles(string folder)
{
    private readonly Dictionary<string, string> stems = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The folder that files are written to.</summary>
    public string Folder => folder;

    /// <summary>Writes a picture.</summary>
    /// <returns>Its path.</returns>
    public string Png(string name, Picture picture)
    {
        string path = Path.Combine(folder, name);
        AtomicFile.Write(path, stream => PictureEncoder.WritePng(picture, stream));
        return path;
    }

    /// <summary>Writes an array of floats.</summary>
    /// <returns>Its path.</returns>
    public string Array(string name, ReadOnlyMemory<float> values, Shape shape)
    {
        string path = Path.Combine(folder, name);
        int[] lengths = [.. shape.Select(l => (int)l)];
        AtomicFile.Write(path, stream => Npy.Write(stream, values.Span, lengths));
        return path;
    }

    /// <summary>The input's name without its ending; numbered where another input of the run has it already.</summary>
    public string Stem(string file)
    {
        string own = Path.GetFileNameWithoutExtension(file), stem = own;
        for (int i = 2; stems.TryGetValue(stem, out string? other) && other != file; i++)
            stem = FormattableString.Invariant($"{own}-{i}");
        stems[stem] = file;
        return stem;
    }
}
