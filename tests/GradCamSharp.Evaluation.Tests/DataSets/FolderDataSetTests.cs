using GradCamSharp.Evaluation.DataSets;

namespace GradCamSharp.Evaluation.Tests.DataSets;

public sealed class FolderDataSetTests
{
    [Fact]
    public void Open_FolderOfPictures_ListsThemInOrdinalOrderWithoutClasses()
    {
        using var folder = new DataSetFolder()
            .With("b.png").With("a.JPEG").With("Z.webp").With("notes.txt").With(".hidden.jpg").With("more/a.gif");
        var data = DataSet.Open(folder.Root);
        Assert.Equal(("folder", false), (data.Kind, data.HasObjects));
        Assert.Equal(["Z.webp", "a.JPEG", "b.png", "more/a.gif"], data.Pictures.Select(p => p.Id));
        Assert.All(data.Pictures, p => Assert.Empty(data.ClassesOf(p)));
        Assert.True(File.Exists(data.Pictures[3].Path));
    }

    [Fact]
    public void Open_OneFolderAClass_GivesEachPictureItsFolder()
    {
        using var folder = new DataSetFolder().With("n01440764/x.jpg").With("n01440764/part/y.jpg").With("cat/x.jpg").With("README.md");
        var data = DataSet.Open(folder.Root);
        Assert.Equal("classes", data.Kind);
        Assert.Equal(["cat/x.jpg", "n01440764/part/y.jpg", "n01440764/x.jpg"], data.Pictures.Select(p => p.Id));
        Assert.Equal(["cat", "n01440764", "n01440764"], data.Pictures.Select(p => Assert.Single(p.Classes)));
    }

    [Fact]
    public void Open_FolderOfARun_IsPassedOver()
    {
        using var folder = new DataSetFolder().With("a.png").With("run/manifest.json").With("run/records.csv").With("run/figures/01-a.png")
            .With("more/manifest.json").With("more/b.png");
        Assert.Equal(["a.png", "more/b.png"], DataSet.Open(folder.Root).Pictures.Select(p => p.Id));
    }

    [Fact]
    public void Open_Links_AreFollowedAndLoopsEnd()
    {
        using var elsewhere = new DataSetFolder().With("one.jpg").With("cats/two.jpg");
        using var folder = new DataSetFolder();
        File.CreateSymbolicLink(folder["link.jpg"], elsewhere["one.jpg"]);
        Directory.CreateSymbolicLink(folder["cats"], elsewhere["cats"]);
        Directory.CreateSymbolicLink(folder["loop"], folder.Root);
        Assert.Equal(["cats/two.jpg", "link.jpg"], DataSet.Open(folder.Root).Pictures.Select(p => p.Id));
    }

    [Fact]
    public void Open_NothingThere_SaysSo()
    {
        using var folder = new DataSetFolder().With("notes.txt");
        var empty = Assert.Throws<InvalidDataException>(() => DataSet.Open(folder.Root));
        Assert.Contains("holds no pictures", empty.Message, StringComparison.Ordinal);
        Assert.Throws<DirectoryNotFoundException>(() => DataSet.Open(folder["absent"]));
        var file = Assert.Throws<InvalidDataException>(() => DataSet.Open(folder["notes.txt"]));
        Assert.Contains("is a file", file.Message, StringComparison.Ordinal);
    }
}
