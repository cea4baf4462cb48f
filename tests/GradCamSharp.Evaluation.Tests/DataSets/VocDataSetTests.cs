using GradCamSharp.Evaluation.DataSets;
using GradCamSharp.Evaluation.Errors;
using GradCamSharp.Imaging;

namespace GradCamSharp.Evaluation.Tests.DataSets;

public sealed class VocDataSetTests
{
    private const string Two = """
        <annotation><size><width>100</width><height>80</height></size>
        <object><name>dog</name><difficult>0</difficult><bndbox><xmin>1</xmin><ymin>1</ymin><xmax>1</xmax><ymax>1</ymax></bndbox>
        <part><name>head</name><bndbox><xmin>5</xmin><ymin>5</ymin><xmax>6</xmax><ymax>6</ymax></bndbox></part></object>
        <object><name>cat</name><difficult>1</difficult>
        """ + "<bndbox><ymax>80</ymax><xmax>100</xmax><ymin>41</ymin><xmin>45.70</xmin></bndbox></object></annotation>";

    // Boxes count from 1 and hold their last pixel: 1..1 is the one pixel (0, 0); 46..100, 41..80 is 55 x 40 pixels from (45, 40).
    [Fact]
    public void Objects_SeveralWithPartsAndFractions_AreReadInPixelsFromZero()
    {
        using var folder = Year("a", Two);
        var data = DataSet.Open(folder.Root);
        var picture = Assert.Single(data.Pictures);
        Assert.Equal(("voc", true, "a.jpg"), (data.Kind, data.HasObjects, picture.Id));
        Assert.Equal(
            [
                new AnnotatedObject("dog", new PixelBox(0, 0, 1, 1), false),
                new AnnotatedObject("cat", new PixelBox(45, 40, 55, 40), true),
            ],
            data.Objects(picture));
        Assert.Equal(["cat", "dog"], data.ClassesOf(picture));
    }

    // The size of another picture, as a few annotations have: the box is not cut to it.
    [Fact]
    public void Objects_SizeSmallerThanTheBox_LeavesTheBoxWhole()
    {
        using var folder = Year("a", "<annotation><size><width>6</width><height>6</height></size><object><name>dog</name>" +
            "<bndbox><xmin>3</xmin><ymin>0</ymin><xmax>9</xmax><ymax>8</ymax></bndbox></object></annotation>");
        var data = DataSet.Open(folder.Root);
        Assert.Equal(new PixelBox(2, 0, 7, 8), Assert.Single(data.Objects(data.Pictures[0])).Box);
    }

    [Fact]
    public void Objects_DifficultLeftOut_AreNotThere()
    {
        using var folder = Year("a", Two);
        var data = DataSet.Open(folder.Root, new DataSetOptions { IncludeDifficult = false });
        Assert.Equal(["dog"], data.Objects(data.Pictures[0]).Select(o => o.Class));
    }

    [Theory]
    [InlineData("<annotation>\n<object><name>dog</name></object></annotation>", "line 2: the dog has no bndbox")]
    [InlineData("<annotation>\n\n<object><name/></object></annotation>", "line 3: an object without a name")]
    [InlineData("<annotation><object><name>x</name><bndbox>\n<xmin>a</xmin></bndbox></object></annotation>", "line 2: 'a' is no pixel")]
    [InlineData(
        "<annotation><object><name>x</name><bndbox>\n<xmin>1e300</xmin></bndbox></object></annotation>",
        "line 2: '1e300' is no pixel")]
    [InlineData(
        "<annotation><object><name>x</name>" +
        "<bndbox><xmin>9</xmin><ymin>1</ymin><xmax>8</xmax><ymax>1</ymax></bndbox></object></annotation>",
        "ends before it begins")]
    [InlineData(
        "<annotation><size><width>5</width></size><object><name>x</name>" +
        "<bndbox><xmin>9</xmin><ymin>1</ymin><xmax>9</xmax><ymax>1</ymax></bndbox></object></annotation>",
        "outside the picture")]
    [InlineData("<annotation>\n<object></annotation>", "line 2: ")]
    [InlineData("<!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/passwd\">]><annotation>&e;</annotation>", "line 1")]
    [InlineData("", "line 1")]
    public void Objects_DamagedAnnotation_NamesFileAndLine(string xml, string reason)
    {
        using var folder = Year("a", xml);
        var data = DataSet.Open(folder.Root);
        string message = Assert.Throws<InvalidDataException>(() => data.Objects(data.Pictures[0])).Message;
        Assert.Contains(folder["Annotations/a.xml"], message, StringComparison.Ordinal);
        Assert.Contains(reason, message, StringComparison.Ordinal);
        Assert.DoesNotContain(", position", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Objects_NoAnnotation_AreNone()
    {
        using var folder = Year("a", Two);
        File.Delete(folder["Annotations/a.xml"]);
        var data = DataSet.Open(folder.Root);
        Assert.Empty(data.Objects(data.Pictures[0]));
    }

    [Fact]
    public void Open_ImageSets_ChooseThePictures()
    {
        using var folder = Year("a", Two).With("JPEGImages/b.jpg").With("JPEGImages/c.png").With("ImageSets/Main/test.txt", "c\n b \n")
            .With("ImageSets/Main/dog_test.txt", "a  1\nb -1\nc  0\n");
        Assert.Equal(["a.jpg"], Ids(folder, null));
        Assert.Equal(["b.jpg", "c.png"], Ids(folder, "test"));
        Assert.Equal(["a.jpg", "c.png"], Ids(folder, "dog_test"));
        Assert.Contains("test, val", Assert.Throws<EvaluationException>(() => Ids(folder, "train")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_ImageSetWithoutPictures_IsRefusedByName()
    {
        using var folder = Year("a", Two).With("ImageSets/Main/test.txt", "\n");
        var e = Assert.Throws<InvalidDataException>(() => Ids(folder, "test"));
        Assert.Equal($"The image set 'test' of '{folder.Root}' lists no pictures.", e.Message);
    }

    [Fact]
    public void Open_NoImageSets_TakesAllPictures()
    {
        using var folder = new DataSetFolder().With("JPEGImages/a.jpg").With("JPEGImages/b.jpg").With("Annotations/a.xml", Two);
        Assert.Equal(["a.jpg", "b.jpg"], Ids(folder, null));
    }

    [Fact]
    public void Open_Devkit_FindsItsOnlyYear()
    {
        using var folder = new DataSetFolder().With("VOCdevkit/VOC2007/JPEGImages/a.jpg").With("VOCdevkit/VOC2007/Annotations/a.xml", Two);
        Assert.Equal("voc", DataSet.Open(folder.Root).Kind);
        Assert.Equal("voc", DataSet.Open(folder["VOCdevkit"]).Kind);
        folder.With("VOCdevkit/VOC2012/JPEGImages/a.jpg").With("VOCdevkit/VOC2012/Annotations/a.xml", Two);
        var e = Assert.Throws<InvalidDataException>(() => DataSet.Open(folder["VOCdevkit"]));
        Assert.Contains("VOC2007, VOC2012", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("../../etc/passwd")]
    [InlineData("/etc/passwd")]
    [InlineData("..")]
    [InlineData("a b c")]
    [InlineData("a 2")]
    [InlineData("a\na")]
    [InlineData("a\\b")]
    public void Open_ListThatLeadsAwayOrIsNone_IsRefused(string list)
    {
        using var folder = Year("a", Two).With("ImageSets/Main/val.txt", list);
        var e = Assert.Throws<InvalidDataException>(() => DataSet.Open(folder.Root));
        Assert.Contains("val.txt, line", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("../val")]
    [InlineData("a/b")]
    public void Open_ImageSetThatIsAPath_IsRefused(string set)
    {
        using var folder = Year("a", Two);
        Assert.Throws<InvalidDataException>(() => Ids(folder, set));
    }

    // Counted with grep: 100 photos, 273 boxes, 38 of them difficult.
    [Fact]
    public void Open_RealPhotos_HaveAllTheirBoxes()
    {
        var data = DataSet.Open(SharedData.Path("photos/voc100"));
        Assert.Equal(100, data.Pictures.Count);
        var objects = data.Pictures.SelectMany(data.Objects).ToArray();
        Assert.Equal((273, 38, 91), (objects.Length, objects.Count(o => o.Difficult), objects.Count(o => o.Class == "person")));
        Assert.Equal(new PixelBox(173, 100, 176, 251), data.Objects(data.Pictures[0])[0].Box);
    }

    private static DataSetFolder Year(string name, string xml) =>
        new DataSetFolder().With($"JPEGImages/{name}.jpg").With($"Annotations/{name}.xml", xml).With("ImageSets/Main/val.txt", name + "\n");

    private static IEnumerable<string> Ids(DataSetFolder folder, string? set) =>
        DataSet.Open(folder.Root, new DataSetOptions { ImageSet = set }).Pictures.Select(p => p.Id);
}
