using GradCamSharp.Imaging;
using GradCamSharp.Models;

namespace GradCamSharp.Tests.Models;

/// <summary>
/// What a model needs is looked for in four places; the one that the user names goes first, the one that knows least last.
/// </summary>
public sealed class SidecarFilesTests : IDisposable
{
    private static readonly Dictionary<string, string> Nothing = [];

    private static readonly Dictionary<string, string> Metadata = new()
    {
        [SidecarFiles.LabelsKey] = """["from metadata"]""",
        [SidecarFiles.PreprocessorKey] = Preprocessor(64),
    };

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("gradcam-sidecars");

    private string Model => Path.Combine(folder.FullName, "net.onnx");

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public void Find_Nothing_IsTorchWithoutLabels()
    {
        var found = SidecarFiles.Find(Model, Nothing);
        Assert.Equal(Preprocessing.Torch, found.Preprocessing);
        Assert.Contains("torch", found.PreprocessingSource, StringComparison.Ordinal);
        Assert.Equal(0, found.Labels.Count);
        Assert.Null(found.LabelsSource);
    }

    [Fact]
    public void Find_Metadata_IsRead()
    {
        var found = SidecarFiles.Find(Model, Metadata);
        Assert.Equal(new PixelSize(64, 64), found.Preprocessing.ExactSize);
        Assert.Equal("from metadata", found.Labels[0]);
        Assert.Equal(("the model's metadata", "the model's metadata"), (found.PreprocessingSource, found.LabelsSource));
    }

    [Fact]
    public void Find_FilesBesideTheModel_GoBeforeMetadata()
    {
        Write("preprocessor_config.json", Preprocessor(32));
        Write("labels.txt", "beside\n");
        var found = SidecarFiles.Find(Model, Metadata);
        Assert.Equal(new PixelSize(32, 32), found.Preprocessing.ExactSize);
        Assert.Equal("beside", found.Labels[0]);
        Assert.Equal(
            ("preprocessor_config.json beside the model", "labels.txt beside the model"), (found.PreprocessingSource, found.LabelsSource));
    }

    [Fact]
    public void Find_WhatTheUserNames_GoesFirst()
    {
        Write("preprocessor_config.json", Preprocessor(32));
        Write("labels.txt", "beside\n");
        var found = SidecarFiles.Find(Model, Metadata, "caffe", Write("mine.txt", "mine\n"));
        Assert.Equal(Preprocessing.Preset("caffe"), found.Preprocessing);
        Assert.Equal("mine", found.Labels[0]);
        Assert.EndsWith("named by the user", found.PreprocessingSource, StringComparison.Ordinal);
        Assert.EndsWith("named by the user", found.LabelsSource, StringComparison.Ordinal);
    }

    [Fact]
    public void Find_PreprocessingFileNamed_IsRead() =>
        Assert.Equal(
            new PixelSize(48, 48), SidecarFiles.Find(Model, Nothing, Write("p.json", Preprocessor(48))).Preprocessing.ExactSize);

    [Theory]
    [InlineData("net.labels.txt", "one\n")]
    [InlineData("config.json", """{"id2label": {"0": "one"}}""")]
    public void Find_LabelsOfOtherNames_AreRead(string name, string text)
    {
        Write(name, text);
        var found = SidecarFiles.Find(Model, Nothing);
        Assert.Equal("one", found.Labels[0]);
        Assert.Equal($"{name} beside the model", found.LabelsSource);
    }

    [Fact]
    public void Find_ConfigWithoutLabels_IsPassedOver()
    {
        Write("config.json", """{"hidden_size": 8}""");
        Assert.Equal("from metadata", SidecarFiles.Find(Model, Metadata).Labels[0]);
    }

    [Fact]
    public void Find_DamagedMetadata_NamesTheKey()
    {
        var damaged = new Dictionary<string, string> { [SidecarFiles.LabelsKey] = "{" };
        var error = Assert.Throws<InvalidDataException>(() => SidecarFiles.Find(Model, damaged));
        Assert.Contains(SidecarFiles.LabelsKey, error.Message, StringComparison.Ordinal);
    }

    private static string Preprocessor(int side) =>
        $$"""{"do_resize": true, "size": {"height": {{side}}, "width": {{side}}}, "resample": 2, "do_center_crop": false}""";

    private string Write(string name, string text)
    {
        var path = Path.Combine(folder.FullName, name);
        File.WriteAllText(path, text);
        return path;
    }
}
