namespace GradCamSharp.Evaluation.DataSets;

/// <summary>A folder of pictures, or of one folder a class where no picture lies beside these.</summary>
internal sealed class FolderDataSet : DataSet
{
    private readonly bool hasClasses;

    public FolderDataSet(string root)
    {
        Root = root;
        var names = PictureFiles.Below(root);
        hasClasses = names.Count > 0 && names.All(name => name.Contains('/'));
        Pictures = [.. names.Select(name =>
            new DataSetPicture(name, Path.Combine(root, name), hasClasses ? [name[..name.IndexOf('/')]] : []))];
    }

    public override string Kind => hasClasses ? "classes" : "folder";

    public override string Root { get; }

    public override IReadOnlyList<DataSetPicture> Pictures { get; }
}
