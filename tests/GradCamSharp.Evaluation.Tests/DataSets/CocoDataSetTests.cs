using System.Globalization;
using System.Text;
using GradCamSharp.Evaluation.DataSets;
using GradCamSharp.Evaluation.Errors;
using GradCamSharp.Imaging;

namespace GradCamSharp.Evaluation.Tests.DataSets;

public sealed class CocoDataSetTests
{
    private const string Instances = """
        {"info": {"year": 2017}, "annotations": [
        {"segmentation": [[1, 2, 3.5, 4]], "image_id": 7, "bbox": [1.4, 0.6, 2.2, 3], "category_id": 3, "id": 1, "iscrowd": 0},
        {"segmentation": {"counts": "abc", "size": [9, 9]}, "image_id": 7, "bbox": [0, 0, 5, 5], "category_id": 1, "id": 2, "iscrowd": 1},
        {"image_id": 9, "bbox": [3.6, 3.6, 0.1, 0.1], "category_id": 1, "id": 3}],
        "images": [{"file_name": "b.jpg", "id": 7, "width": 9}, {"id": 9, "file_name": "a.jpg"}, {"id": 11, "file_name": "c.jpg"}],
        "categories": [{"id": 1, "name": "person"}, {"name": "traffic light", "supercategory": "outdoor", "id": 3}]}
        """;

    // [1.4, 3.6) x [0.6, 3.6): the centres 1.5, 2.5, 3.5 and 1.5, 2.5, 3.5 lie inside.
    // [3.6, 3.7) holds no centre and keeps one pixel, the 4th.
    [Fact]
    public void Objects_BoxesWithFractions_HoldThePixelsWhoseCentresAreInside()
    {
        using var folder = Coco(Instances);
        var data = DataSet.Open(folder.Root);
        Assert.Equal(("coco", true), (data.Kind, data.HasObjects));
        Assert.Equal(["a.jpg", "b.jpg", "c.jpg"], data.Pictures.Select(p => p.Id));
        Assert.Equal([new AnnotatedObject("person", new PixelBox(4, 4, 1, 1), false)], data.Objects(data.Pictures[0]));
        Assert.Equal(
            [
                new AnnotatedObject("traffic light", new PixelBox(1, 1, 3, 3), false),
                new AnnotatedObject("person", new PixelBox(0, 0, 5, 5), true),
            ],
            data.Objects(data.Pictures[1]));
        Assert.Empty(data.Objects(data.Pictures[2]));
        Assert.True(File.Exists(data.Pictures[0].Path));
    }

    [Fact]
    public void Objects_BoxOfNoWidthOrHeight_IsNone()
    {
        foreach (string box in (string[])["[3, 3, 0, 2]", "[3, 3, 2, 0]", "[0, 0, 0, 0]", "[5, 5, -2, 3]"])
        {
            using var folder = Coco(Instances.Replace("[3.6, 3.6, 0.1, 0.1]", box, StringComparison.Ordinal));
            var data = DataSet.Open(folder.Root);
            Assert.Empty(data.Objects(data.Pictures[0]));
            Assert.Equal(2, data.Objects(data.Pictures[1]).Count);
        }
    }

    [Fact]
    public void Objects_DifficultLeftOut_LeavesOutCrowds()
    {
        using var folder = Coco(Instances);
        var data = DataSet.Open(folder.Root, new DataSetOptions { IncludeDifficult = false });
        Assert.Equal(["traffic light"], data.Objects(data.Pictures[1]).Select(o => o.Class));
    }

    [Fact]
    public void Open_InstancesFileItself_FindsThePicturesBesideIt()
    {
        using var folder = new DataSetFolder().With("boxes.json", Instances).With("b.jpg").With("a.jpg").With("c.jpg");
        Assert.Equal(3, DataSet.Open(folder["boxes.json"]).Pictures.Count);
    }

    [Fact]
    public void Open_SeveralSets_TakesTheOneAskedFor()
    {
        using var folder = Coco(Instances)
            .With("annotations/instances_train2017.json", Instances.Replace("b.jpg", "d.jpg", StringComparison.Ordinal))
            .With("images/train2017/d.jpg");
        Assert.Contains("b.jpg", DataSet.Open(folder.Root).Pictures.Select(p => p.Id));
        var train = DataSet.Open(folder.Root, new DataSetOptions { ImageSet = "train" });
        Assert.Equal(folder["images/train2017/d.jpg"], train.Pictures.Single(p => p.Id == "d.jpg").Path);
        Assert.Throws<EvaluationException>(() => DataSet.Open(folder.Root, new DataSetOptions { ImageSet = "test" }));
    }

    // Tokens longer than the first buffer, and every token cut in two somewhere.
    [Fact]
    public void Open_LongTexts_AreReadAcrossBuffers()
    {
        var json = new StringBuilder("{\"images\": [");
        for (int i = 0; i < 3000; i++)
            json.Append(
                CultureInfo.InvariantCulture,
                $"{{\"file_name\": \"{i:D4}.jpg\", \"id\": {i}, \"url\": \"{new string('x', i)}\"}},\n");
        json.Append("{\"file_name\": \"a.jpg\", \"id\": 9999}], \"annotations\": [{\"image_id\": 1234, \"category_id\": 1, ");
        json.Append("\"bbox\": [1, 2, 3, 4], \"segmentation\": [");
        json.AppendJoin(',', Enumerable.Repeat(9, 40000)).Append("]}], \"categories\": [{\"id\": 1, \"name\": \"dog\"}]}");
        using var folder = Coco(json.ToString()).With("val2017/0000.jpg");
        var data = DataSet.Open(folder.Root);
        Assert.Equal(3001, data.Pictures.Count);
        Assert.Equal(new PixelBox(1, 2, 3, 4), Assert.Single(data.Objects(data.Pictures[1234])).Box);
    }

    [Theory]
    [InlineData("[]", "line 1: not an instances file")]
    [InlineData("{\"images\": []}", "no annotations")]
    [InlineData("{\n\"images\": [{\"id\": 1}]}", "line 2: an image without file_name")]
    [InlineData("{\n\"images\": [{\"id\": \"1\"}]}", "line 2: an image's id is no number")]
    [InlineData("{\"images\": [7]}", "an image is no object")]
    [InlineData("{\n\n\"annotations\": [{\"bbox\": [1, 2, 3]}]}", "line 3: a bbox's side is no number")]
    [InlineData("{\"annotations\": [{\"bbox\": [1, 2, 3, 1e99]}]}", "no picture can hold")]
    [InlineData("{\"annotations\": [{\"bbox\": [1, 2, 3, 4], \"image_id\": 1}]}", "without category_id")]
    [InlineData("{\"images\": [\n", "line 2: not JSON as it should be: ")]
    [InlineData("", "not JSON")]
    [InlineData("{\"images\": [{\"id\": 1, \"file_name\": \"../../etc/passwd\"}], \"annotations\": []}", "does not name a file")]
    [InlineData(
        "{\"images\": [{\"id\": 1, \"file_name\": \"b.jpg\"}, {\"id\": 2, \"file_name\": \"b.jpg\"}], \"annotations\": []}",
        "second time")]
    [InlineData("{\"images\": [{\"id\": 1, \"file_name\": \"absent.jpg\"}], \"annotations\": []}", "is in none of")]
    public void Open_DamagedFile_NamesFileAndLine(string json, string reason)
    {
        using var folder = Coco(json);
        string message = Assert.Throws<InvalidDataException>(() => DataSet.Open(folder.Root)).Message;
        Assert.Contains("instances_val2017.json", message, StringComparison.Ordinal);
        Assert.Contains(reason, message, StringComparison.Ordinal);
        Assert.DoesNotContain("LineNumber", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Objects_CategoryThatIsNotListed_IsRefused()
    {
        using var folder = Coco(Instances.Replace("\"id\": 1, \"name\"", "\"id\": 2, \"name\"", StringComparison.Ordinal));
        var data = DataSet.Open(folder.Root);
        var e = Assert.Throws<InvalidDataException>(() => data.Objects(data.Pictures[0]));
        Assert.Contains("category 1", e.Message, StringComparison.Ordinal);
    }

    private static DataSetFolder Coco(string json) =>
        new DataSetFolder().With("annotations/instances_val2017.json", json)
            .With("val2017/a.jpg").With("val2017/b.jpg").With("val2017/c.jpg");
}
