namespace GradCamSharp.Evaluation.Tests.DataSets;

/// <summary>A folder to lay out a data set in; it goes with the test.</summary>
internal sealed class DataSetFolder : IDisposable
{
    public string Root { get; } = Directory.CreateTempSubdirectory("gradcam-data-").FullName;

    public string this[string name] => Path.Combine(Root, name);

    public DataSetFolder With(string name, string text = "")
    {
        Directory.CreateDirectory(Path.GetDirectoryName(this[name])!);
        File.WriteAllText(this[name], text);
        return this;
    }

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
