using GradCamSharp.Evaluation.DataSets;

namespace GradCamSharp.Evaluation.Tests.DataSets;

public sealed class ImageNetDataSetTests
{
    private const string Truth = "ILSVRC2012_validation_ground_truth.txt";

    // ILSVRC2012's own ids: 1 is the kit fox (n02119789), 449 the tench, 1000 the dumbbell.
    [Fact]
    public void Open_ReleasedGroundTruth_IsFoundAndReadByNumberOfThePicture()
    {
        using var folder = new DataSetFolder().With(Truth, "1\n449\n1000\n")
            .With("ILSVRC2012_val_00000003.JPEG").With("ILSVRC2012_val_00000001.JPEG");
        var data = DataSet.Open(folder.Root);
        Assert.Equal("imagenet", data.Kind);
        Assert.Equal(["n02119789", "n03255030"], data.Pictures.Select(p => Assert.Single(p.Classes)));
    }

    [Fact]
    public void Open_GroundTruthInTheDevkitBeside_IsFound()
    {
        using var folder = new DataSetFolder()
            .With("ILSVRC2012_devkit_t12/data/" + Truth, "449\n").With("val/ILSVRC2012_val_00000001.JPEG");
        Assert.Equal(["n01440764"], Assert.Single(DataSet.Open(folder["val"]).Pictures).Classes);
    }

    [Theory]
    [InlineData("0\n999\n", "n01440764", "n15075141")] // places among the sorted ids
    [InlineData("1\n1000\n", "n02119789", "n03255030")] // 1000 is no place: ILSVRC's ids
    [InlineData("n01440764\nn02119789\n", "n01440764", "n02119789")]
    [InlineData("tench, Tinca tinca\n\nkit fox\n", "tench, Tinca tinca", "kit fox")]
    [InlineData("b.jpg 1\na.jpg 0\nabsent.jpg 5\n", "n01440764", "n01443537")]
    [InlineData("a,n03995372\nb,n01440764\n", "n03995372", "n01440764")]
    [InlineData("ImageId,PredictionString\nb,n01440764 85 1 499 272 n01440764 3 4 9 9 \na,n03995372 1 1 2 2\n", "n03995372", "n01440764")]
    [InlineData("absent.jpg 5\nb.jpg 1\na.jpg 0\n", "n01440764", "n01443537")]
    public void Open_OtherFormsOfGroundTruth_AreUnderstood(string text, string first, string second)
    {
        using var folder = new DataSetFolder().With("a.jpg").With("b.jpg").With("truth/labels.txt", text);
        var data = DataSet.Open(folder.Root, new DataSetOptions { GroundTruth = folder["truth/labels.txt"] });
        Assert.Equal([first, second], data.Pictures.Select(p => Assert.Single(p.Classes)));
    }

    [Theory]
    [InlineData("a b, c.jpg,n01440764\na b.jpg n03995372\n")]
    [InlineData("a b, c,n01440764\na b n03995372\n")]
    public void Open_NamesWithSpacesAndCommas_AreTheLongestThatArePictures(string text)
    {
        using var folder = new DataSetFolder().With("a b, c.jpg").With("a b.jpg").With("truth/labels.txt", text);
        var data = DataSet.Open(folder.Root, new DataSetOptions { GroundTruth = folder["truth/labels.txt"] });
        Assert.Equal(
            [("a b, c.jpg", "n01440764"), ("a b.jpg", "n03995372")], data.Pictures.Select(p => (p.Id, Assert.Single(p.Classes))));
    }

    [Theory]
    [InlineData("1\n2\n3\n", "3 lines")]
    [InlineData("0\n1001\n", "line 2: 1001 is no class")]
    [InlineData("a.jpg 1\nc.jpg 2\n", "says nothing of 'b.jpg'")]
    [InlineData("a.jpg 1\nb.jpg\n", "line 2: 'b.jpg' has no class")]
    public void Open_DamagedGroundTruth_IsRefusedWithTheReason(string text, string reason)
    {
        using var folder = new DataSetFolder().With("a.jpg").With("b.jpg").With("truth/labels.txt", text);
        var options = new DataSetOptions { GroundTruth = folder["truth/labels.txt"] };
        var error = Assert.Throws<InvalidDataException>(() => DataSet.Open(folder.Root, options));
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_GroundTruthAbsent_IsAnError()
    {
        using var folder = new DataSetFolder().With("a.jpg");
        Assert.Throws<FileNotFoundException>(() => DataSet.Open(folder.Root, new DataSetOptions { GroundTruth = folder["no.txt"] }));
    }
}
