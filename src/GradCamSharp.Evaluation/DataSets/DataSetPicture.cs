namespace GradCamSharp.Evaluation.DataSets;

/// <summary>One picture of a data set. It is light: the pixels stay in the file.</summary>
/// <param name="Id">
/// Its name in the data set, the same on every machine: the path below the pictures' folder, with / between the parts.
/// </param>
/// <param name="Path">The file.</param>
/// <param name="Classes">
/// The classes that the layout gives it: its folder's, or its line's of a ground-truth file; empty where only its objects have classes,
/// as in VOC. <see cref="DataSet.ClassesOf"/> knows both.
/// </param>
public sealed record DataSetPicture(string Id, string Path, IReadOnlyList<string> Classes);
