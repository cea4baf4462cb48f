using GradCamSharp.Targets;

namespace GradCamSharp.Tests.Targets;

public sealed class LabelsTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("gradcam-labels");

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public void Load_Text_IsOneLabelALine()
    {
        var labels = Labels.Load(Write("labels.txt", "tench, Tinca tinca\r\n goldfish \n\ngreat white shark\n\n"));
        Assert.Equal(4, labels.Count);
        Assert.Equal("tench, Tinca tinca", labels[0]);
        Assert.Equal("goldfish", labels[1]);
        Assert.Equal("class 2", labels[2]);
        Assert.Equal("great white shark", labels[3]);
    }

    [Theory]
    [InlineData(-1, "class -1")]
    [InlineData(2, "class 2")]
    [InlineData(long.MaxValue, "class 9223372036854775807")]
    public void Indexer_ClassWithoutLabel_SaysItsIndex(long index, string expected) =>
        Assert.Equal(expected, new Labels(["a", "b"])[index]);

    [Fact]
    public void Load_ConfigJson_PutsLabelsInTheirPlaces()
    {
        var json = """{"id2label": {"10": "cat", "2": "dog", "nine": "no index", "-1": "none", "5000000": "far"}}""";
        var labels = Labels.Load(Write("config.json", json));
        Assert.Equal(11, labels.Count);
        Assert.Equal(("dog", "cat", "class 9"), (labels[2], labels[10], labels[9]));
    }

    [Fact]
    public void Load_ConfigJson_IndexTwice_LastOneCounts() =>
        Assert.Equal("b", Labels.Parse("""{"id2label": {"0": "a", "0": "b"}}""", "it")[0]);

    [Theory]
    [InlineData("[]", 0)]
    [InlineData("""["a", "b"]""", 2)]
    [InlineData("""{"id2label": {}}""", 0)]
    public void Parse_Json_HoldsItsLabels(string json, int count) => Assert.Equal(count, Labels.Parse(json, "it").Count);

    [Theory]
    [InlineData("""{"labels": ["a"]}""", "holds no labels")]
    [InlineData("""{"id2label": ["a"]}""", "holds no labels")]
    [InlineData("7", "holds no labels")]
    [InlineData("[", "is not JSON")]
    public void Parse_OtherJson_SaysSo(string json, string message)
    {
        var error = Assert.Throws<InvalidDataException>(() => Labels.Parse(json, "metadata"));
        Assert.Contains("'metadata' " + message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_NoFile_SaysWhatToGive()
    {
        var error = Assert.Throws<InvalidDataException>(() => Labels.Load(Path.Combine(folder.FullName, "none.txt")));
        Assert.Contains("one label a line", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("tabby", 1)]
    [InlineData("TABBY CAT", 1)]
    [InlineData(" tabby, tabby cat ", 1)]
    [InlineData("tiger cat", 2)]
    [InlineData("maillot", 3)] // the whole label of one class goes before the synonym of another
    [InlineData("tank suit", 4)]
    public void Find_LabelOrSynonym_IsTheClass(string name, long expected) => Assert.Equal(expected, Cats.Find(name));

    [Theory]
    [InlineData("cat")]
    [InlineData("")]
    [InlineData("tabby,")]
    public void Find_NoName_IsNull(string name) => Assert.Null(Cats.Find(name));

    [Fact]
    public void Find_NameOfTwoClasses_ThrowsAndNamesBoth()
    {
        var labels = new Labels(["crane", "heron", "crane", "beacon, pharos", "Pharos, tower"]);
        var whole = Assert.Throws<ArgumentException>(() => labels.Find("Crane"));
        Assert.Equal("'Crane' is the name of 2 classes: 0 (crane), 2 (crane). Give the index of one.", whole.Message);
        var synonym = Assert.Throws<ArgumentException>(() => labels.Find("pharos"));
        Assert.Contains("3 (beacon, pharos), 4 (Pharos, tower)", synonym.Message, StringComparison.Ordinal);
        Assert.Equal([0, 2], labels.FindAll("Crane"));
        Assert.Equal([1], labels.FindAll("heron"));
        Assert.Empty(labels.FindAll("stork"));
    }

    [Theory]
    [InlineData("taby", "tabby")]
    [InlineData("tiger", "tiger cat")]
    [InlineData("suit", "tank suit")]
    public void Nearest_MistypedOrCutOff_IsTheOneThatIsMeant(string typed, string expected) =>
        Assert.Equal([expected], Cats.Nearest(typed));

    [Fact]
    public void Nearest_NothingNear_IsTheThreeOfFewestEdits() => Assert.Equal(3, Cats.Nearest("xylophone").Count);

    [Fact]
    public void Nearest_WordOfSeveralNames_HoldsItAsAWordBeforeItBeginsAnother()
    {
        var labels = new Labels(["dogsled, dog sled", "bulldog", "Eskimo dog, husky", "doge", "dot", "Maltese dog"]);
        Assert.Equal(["dog sled", "Eskimo dog", "Maltese dog", "doge", "dogsled", "bulldog"], labels.Nearest("dog", 6));
    }

    private static Labels Cats { get; } = new(["", "tabby, tabby cat", "tiger cat", "maillot", "maillot, tank suit"]);

    private string Write(string name, string text)
    {
        var path = Path.Combine(folder.FullName, name);
        File.WriteAllText(path, text);
        return path;
    }
}
