using GradCamSharp.Studies;
using GradCamSharp.Studies.Tests;
using GradCamSharp.Web.Studies;

namespace GradCamSharp.Web.Tests.Studies;

/// <summary>A study in a folder that goes away with it.</summary>
internal sealed class StudyFolder : IDisposable
{
    public StudyFolder(int classes = 2, int perClass = 3)
    {
        Study = TestStudy.Of(classes, perClass);
        TestStudy.Write(Study, Path);
    }

    public string Path { get; } = Directory.CreateTempSubdirectory().FullName;

    public Study Study { get; }

    public AnswerStore Open() => AnswerStore.Open(Path, Study);

    public byte[] Bytes(string picture) => File.ReadAllBytes(System.IO.Path.Combine(Path, Study.PicturesFolder, picture));

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
