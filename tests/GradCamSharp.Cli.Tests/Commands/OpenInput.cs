using GradCamSharp.Cli.CommandLine;

namespace GradCamSharp.Cli.Tests.Commands;

/// <summary>The shipped network of residual blocks, its input's height and width left open, in a folder that goes away with it.</summary>
internal sealed class OpenInput : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory().FullName;

    public OpenInput()
    {
        byte[] model = File.ReadAllBytes(ModelOptions.Resolve(Closed));
        // Two dimensions of TensorShapeProto: dim_value = 160, and as long, dim_param = "h" and "w".
        byte[] lengths = [0x0A, 3, 0x08, 160, 1, 0x0A, 3, 0x08, 160, 1], names = [0x0A, 3, 0x12, 1, (byte)'h', 0x0A, 3, 0x12, 1, (byte)'w'];
        int at = model.AsSpan().IndexOf(lengths);
        Assert.True(at > 0 && at == model.AsSpan().LastIndexOf(lengths));
        names.CopyTo(model, at);
        File.WriteAllBytes(Path, model);
    }

    /// <summary>The same network as it ships: 160 x 160, as its metadata says pictures are prepared.</summary>
    public const string Closed = "scenes-resnet";

    public string Path => System.IO.Path.Combine(folder, "model.onnx");

    public void Dispose() => Directory.Delete(folder, recursive: true);
}
