using GradCamSharp.Output;
using OnnxGrad;

namespace GradCamSharp.Tests.Oracle;

/// <summary>A small network with references computed in float64.</summary>
internal sealed class OracleCase(string name)
{
    private readonly string folder = SharedData.Path($"oracle/cases/{name}");
    private NpyArray<float>? input;

    public NpyArray<float> Input => input ??= Read("input");

    public Shape InputShape => new([.. Input.Shape.Select(l => (long)l)]);

    public long[] Classes => Npy.Read<long>(Path.Combine(folder, "classes.npy")).Values;

    public Explainer Load(string? layer = "features") =>
        Explainer.Load(Path.Combine(folder, "model.onnx"), new ExplainerOptions { Layer = layer });

    public bool Has(string reference) => File.Exists(Path.Combine(folder, reference + ".npy"));

    /// <summary>The reference of one item of the batch.</summary>
    public ReadOnlySpan<float> Reference(string reference, int item)
    {
        var all = Read(reference);
        int size = all.Values.Length / all.Shape[0];
        return all.Values.AsSpan(item * size, size);
    }

    private NpyArray<float> Read(string reference) => Npy.Read<float>(Path.Combine(folder, reference + ".npy"));
}
