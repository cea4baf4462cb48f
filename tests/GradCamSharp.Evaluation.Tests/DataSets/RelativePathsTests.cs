using GradCamSharp.Evaluation.DataSets;

namespace GradCamSharp.Evaluation.Tests.DataSets;

public sealed class RelativePathsTests
{
    [Theory]
    [InlineData("/data", "/data/a.jpg: not a picture. Give another.", "a.jpg: not a picture. Give another.")]
    [InlineData("/data/", "/data/a.jpg: not a picture.", "a.jpg: not a picture.")]
    [InlineData("/data", "/data/a.jpg: (Access to the path '/data/a.jpg' is denied.)", "a.jpg: (Access to the path 'a.jpg' is denied.)")]
    [InlineData("/data", "Could not find '/data/labels/a.xml'.", "Could not find 'labels/a.xml'.")]
    [InlineData("/data", "in the file /data/labels/a.xml, line 3", "in the file labels/a.xml, line 3")]
    // A root of which every path begins, and separators that are none.
    [InlineData("/", "/a.jpg: 3 / 4 of it, and/or '/labels/a.xml'", "a.jpg: 3 / 4 of it, and/or 'labels/a.xml'")]
    // A root that is the end of another path, or the beginning of another name.
    [InlineData("/data", "/mnt/data/a.xml: damaged", "/mnt/data/a.xml: damaged")]
    [InlineData("/data", "/database/a.xml: damaged", "/database/a.xml: damaged")]
    [InlineData("/data", "/data/a.jpg.xml, line 2: damaged", "a.jpg.xml, line 2: damaged")]
    [InlineData("/my data", "/my data/a.jpg: not a picture.", "a.jpg: not a picture.")]
    // A relative root of a data set of one's own.
    [InlineData("data", "data/a.jpg: not a picture.", "a.jpg: not a picture.")]
    [InlineData("data", "'data/labels/a.xml', line 2", "'labels/a.xml', line 2")]
    [InlineData("data", "/my data/a.xml: damaged", "/my data/a.xml: damaged")]
    [InlineData(".", "./labels/a.xml, line 2", "labels/a.xml, line 2")]
    public void In_AMessage_LeavesOutTheRootAlone(string root, string message, string expected) =>
        Assert.Equal(expected, new RelativePaths(root).In(message, new DataSetPicture("a.jpg", Path.Combine(root, "a.jpg"), [])));

    // .NET's messages have full paths, whatever was given.
    [Fact]
    public void In_FullPathBelowARelativeRoot_IsRelativeToo()
    {
        var picture = new DataSetPicture("a.jpg", Path.Combine("data", "pictures", "a.jpg"), []);
        string full = Path.GetFullPath(picture.Path), beside = Path.Combine(Path.GetFullPath("data"), "labels.txt");
        Assert.Equal("'a.jpg' and 'labels.txt'", new RelativePaths("data").In($"'{full}' and '{beside}'", picture));
    }

    [Fact]
    public void In_PictureOutsideTheRoot_HasItsId() => Assert.Equal("b/a.jpg: damaged",
        new RelativePaths("/data").In("/elsewhere/b/a.jpg: damaged", new DataSetPicture("b/a.jpg", "/elsewhere/b/a.jpg", [])));
}
