using GradCamSharp.Evaluation.Identities;
using OnnxGrad;

namespace GradCamSharp.Evaluation.Tests.Identities;

public sealed class DigestTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory().FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void OfModel_OneFile_IsTheFiles()
    {
        string path = Path.Combine(SharedData.RepositoryRoot(), "src", "GradCamSharp.Cli", "Models", "scenes-vgg.onnx");
        Assert.Equal(Digest.OfFile(path), Digest.OfModel(path));
    }

    // Exporters keep weights beside the graph by default: a network trained further then has the same .onnx file.
    [Fact]
    public void OfModel_WeightsBeside_IsAnotherWhereTheseChange()
    {
        string path = Path.Combine(folder, "model.onnx");
        OnnxModel.Load(Path.Combine(SharedData.RepositoryRoot(), "src", "GradCamSharp.Cli", "Models", "scenes-vgg.onnx"))
            .Save(path, new SaveOptions { ExternalData = true });
        string file = Digest.OfFile(path), before = Digest.OfModel(path), beside = Assert.Single(OnnxModel.Load(path).ExternalFiles);
        Assert.Equal(Digest.OfText($"{file}\n{Digest.OfFile(beside)}\n"), before);
        using (var weights = new FileStream(beside, FileMode.Open))
        {
            weights.Seek(-1, SeekOrigin.End);
            int last = weights.ReadByte();
            weights.Seek(-1, SeekOrigin.End);
            weights.WriteByte((byte)(last ^ 1));
        }

        Assert.Equal(file, Digest.OfFile(path));
        Assert.NotEqual(before, Digest.OfModel(path));
    }
}
