using GradCamSharp.Evaluation.DataSets;
using GradCamSharp.Methods;
using GradCamSharp.Scenes;

namespace GradCamSharp.Studies.Tests;

/// <summary>Scenes, drawn once, and the network that ships inside.</summary>
public sealed class StudyScenes : IDisposable
{
    public StudyScenes()
    {
        string[] classes = ["mug", "clock", "guitar"];
        SceneDataSet.Write(Folder, new SceneOptions { Count = 30, Seed = 11, SingleShare = 1, Size = 96, Classes = classes });
        Explainer = PictureExplainer.Load(ModelPath);
    }

    public static string ModelPath => Path.Combine(SharedData.RepositoryRoot(), "src", "GradCamSharp.Cli", "Models", "scenes-vgg.onnx");

    public string Folder { get; } = Directory.CreateTempSubdirectory().FullName;

    public PictureExplainer Explainer { get; }

    public StudyMaker Maker(StudyOptions options, string methods = "gradcam++,gradcam", string? mappingFile = null)
    {
        var data = DataSet.Open(Folder, new DataSetOptions { ImageSet = "trainval" });
        var mapping = mappingFile is null ? ClassMapping.BuiltIn(data, Explainer.Labels, Explainer.Model.ClassCount)
            : ClassMapping.Load(mappingFile, Explainer.Labels, Explainer.Model.ClassCount);
        return new StudyMaker(Explainer, data, mapping, CamMethods.Parse(methods), options);
    }

    public void Dispose()
    {
        Explainer.Dispose();
        Directory.Delete(Folder, recursive: true);
    }
}
