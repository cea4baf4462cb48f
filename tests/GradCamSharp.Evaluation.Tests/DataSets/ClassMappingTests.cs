using GradCamSharp.Evaluation.DataSets;
using GradCamSharp.Scenes;
using GradCamSharp.Targets;

namespace GradCamSharp.Evaluation.Tests.DataSets;

public sealed class ClassMappingTests
{
    private static readonly string[] VocClasses =
    [
        "aeroplane", "bicycle", "bird", "boat", "bottle", "bus", "car", "cat", "chair",
        "cow", "diningtable", "dog", "horse", "motorbike", "person",
        "pottedplant", "sheep", "sofa", "train", "tvmonitor",
    ];

    [Theory]
    [InlineData("squeezenet1.1", 0)]
    [InlineData("regnetx_200mf", 0)]
    [InlineData("mobilenet_v2", 1)] // class 0 is the background
    public void BuiltIn_VocOnImageNet_FindsEveryClassWhereverImageNetBegins(string model, int start)
    {
        using var folder = Voc();
        var labels = Labels.Load(SharedData.Path($"models/{model}/labels.txt"));
        var mapping = ClassMapping.BuiltIn(DataSet.Open(folder.Root), labels, labels.Count);
        Assert.Empty(mapping.Unresolved);
        Assert.All(VocClasses, name => Assert.NotEmpty(mapping.IndicesOf(name)));
        Assert.Equal(Enumerable.Range(151 + start, 118), mapping.IndicesOf("dog"));
        Assert.Equal(Enumerable.Range(281 + start, 5), mapping.IndicesOf("cat"));
        // The crane among the birds is not the crane among the machines, which has the same label.
        Assert.Equal(18 + 21 + 20, mapping.IndicesOf("bird").Count);
        Assert.Contains(134 + start, mapping.IndicesOf("bird"));
        Assert.Equal([404 + start, 895 + start], mapping.IndicesOf("aeroplane"));
        Assert.Equal([start], mapping.IndicesOf("n01440764"));
        Assert.Equal([999 + start], mapping.IndicesOf("n15075141"));
        int[] all = [.. VocClasses.SelectMany(mapping.IndicesOf)];
        Assert.Equal(all.Length, all.Distinct().Count());
    }

    [Fact]
    public void BuiltIn_CocoOnImageNet_FindsEveryLineOfTheFile()
    {
        using var folder = new DataSetFolder()
            .With("annotations/instances_val.json", "{\"images\":[{\"id\":1,\"file_name\":\"a.jpg\"}],\"annotations\":[]}")
            .With("images/a.jpg");
        var labels = Labels.Load(SharedData.Path("models/mobilenet_v2/labels.txt"));
        var mapping = ClassMapping.BuiltIn(DataSet.Open(folder.Root), labels, labels.Count);
        Assert.Empty(mapping.Unresolved);
        Assert.Empty(mapping.IndicesOf("kite"));
        Assert.Equal([880], mapping.IndicesOf("umbrella"));
        Assert.Equal([386, 387], mapping.IndicesOf("elephant").Skip(1));
    }

    [Fact]
    public void BuiltIn_NoLabels_GoesByNumber()
    {
        using var folder = Voc();
        var data = DataSet.Open(folder.Root);
        Assert.Equal([404, 895], ClassMapping.BuiltIn(data, new Labels([]), 1000).IndicesOf("aeroplane"));
        Assert.Equal([405, 896], ClassMapping.BuiltIn(data, new Labels([]), 1001).IndicesOf("aeroplane"));
        Assert.Empty(ClassMapping.BuiltIn(data, new Labels([]), 10).IndicesOf("aeroplane"));
    }

    [Fact]
    public void BuiltIn_LabelsThatAreTheDataSetsOwn_AreMatchedByName()
    {
        using var folder = Voc();
        var mapping = ClassMapping.BuiltIn(DataSet.Open(folder.Root), new Labels(SceneClasses.Names), SceneClasses.Names.Count);
        for (int i = 0; i < SceneClasses.Names.Count; i++)
            Assert.Equal([i], mapping.IndicesOf(SceneClasses.Names[i]));
        Assert.Empty(mapping.IndicesOf("aeroplane"));
    }

    [Fact]
    public void Load_LabelsSynonymsNumbersAndNothing_AreRead()
    {
        using var folder = new DataSetFolder().With("map.txt", "# mine\n[pet]\nTOM\n3\n2 crane\n\n[rock]\n[toy]\nno such label\n");
        var mapping = ClassMapping.Load(folder["map.txt"], new Labels(["crane", "cat, tom", "crane, bird", "dog", "pebble"]), 5);
        Assert.Equal([1, 2, 3], mapping.IndicesOf("pet"));
        Assert.Empty(mapping.IndicesOf("rock"));
        Assert.Empty(mapping.IndicesOf("toy"));
        Assert.Equal([4], mapping.IndicesOf("pebble"));
        Assert.Equal(["no such label"], mapping.Unresolved);
    }

    [Theory]
    [InlineData("dog\n", "line 1: 'dog' stands before")]
    [InlineData("[a]\n[a]\n", "line 2: 'a' has been listed")]
    [InlineData("[a\n", "line 1: '[a' is no class")]
    public void Load_DamagedFile_NamesTheLine(string text, string reason)
    {
        using var folder = new DataSetFolder().With("map.txt", text);
        var e = Assert.Throws<InvalidDataException>(() => ClassMapping.Load(folder["map.txt"], new Labels(["dog"]), 1));
        Assert.Contains(reason, e.Message, StringComparison.Ordinal);
    }

    private static DataSetFolder Voc() => new DataSetFolder().With("JPEGImages/a.jpg").With("Annotations/a.xml", "<annotation/>");
}
