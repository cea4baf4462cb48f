using System.Globalization;
using System.Text;
using GradCamSharp.Cli.Zoo;
using GradCamSharp.Imaging;

namespace GradCamSharp.Cli.Tests.Zoo;

public class ModelZooTests
{
    private const string TableStart = "<!-- models: generated, see tests/GradCamSharp.Cli.Tests/Zoo/ModelZooTests.cs -->";
    private const string TableEnd = "<!-- end of models -->";

    [Fact]
    public void All_Models_AreThoseOfTheZoosList()
    {
        string[] expected = [.. File.ReadLines(SharedData.Path("models/zoo.tsv")).Skip(1)];
        Assert.Equal(expected, ModelZoo.All.Select(m =>
            string.Create(CultureInfo.InvariantCulture, $"{m.Name}\t{m.File}\t{m.Bytes}\t{m.Sha256}")));
    }

    [Fact]
    public void All_Models_HavePreprocessingThatCanBeWrittenAndRead()
    {
        foreach (var model in ModelZoo.All)
        {
            var read = PreprocessingFile.Parse(PreprocessingFile.ToJson(model.Preprocessing), model.Name);
            Assert.Equal(model.Preprocessing.Mean, read.Mean);
            Assert.Equal(model.Preprocessing.StandardDeviation, read.StandardDeviation);
            Assert.Equal(new PixelSize(224, 224), read.InputSize);
        }
    }

    [Fact]
    public void ImageNetLabels_EachClass_HasANameOfTheOracles()
    {
        string[] own = ModelZoo.ImageNetLabels.TrimEnd().Split('\n');
        string[] oracle = File.ReadAllLines(SharedData.Path("models/squeezenet1.1/labels.txt"));
        Assert.Equal(1000, own.Length);
        Assert.Equal(1000, own.Distinct().Count());
        for (int i = 0; i < own.Length; i++)
        {
            // Two names are the first and the second synonym in one, for another class has the first one too.
            string[] synonyms = [.. oracle[i].Split(',', StringSplitOptions.TrimEntries)];
            Assert.True(
                synonyms.Contains(own[i], StringComparer.OrdinalIgnoreCase) || i is 134 or 639,
                $"{i}: '{own[i]}' is none of '{oracle[i]}'");
        }
    }

    [Theory]
    [InlineData("resnet50", "resnet50")]
    [InlineData("ResNet-50", "resnet50")]
    [InlineData("mobilenet_v2", "mobilenetv2")]
    [InlineData("resnet51", null)]
    public void Find_Name_IgnoresCaseAndHyphens(string name, string? expected) => Assert.Equal(expected, ModelZoo.Find(name)?.Name);

    [Fact]
    public void ModelsTable_InTheDocument_IsCurrent()
    {
        string path = Path.Combine(SharedData.RepositoryRoot(), "docs", "models.md");
        string document = File.ReadAllText(path).ReplaceLineEndings("\n");
        var table = new StringBuilder("\n| name | MB | licence | preprocessing | layer explained | file in the zoo |\n");
        table.Append("|---|---|---|---|---|---|\n");
        foreach (var m in ModelZoo.All)
        {
            string preprocessing = m.PreprocessingName + (m.IsPreprocessingDocumented ? "" : " *");
            table.Append(
                CultureInfo.InvariantCulture,
                $"| `{m.Name}` | {m.Bytes / 1e6:0.0} | {m.Licence} | {preprocessing} | {m.Layer} | `{m.FileName}` |\n");
        }

        int start = document.IndexOf(TableStart, StringComparison.Ordinal) + TableStart.Length;
        string current = document[..start] + "\n" + table + "\n" + document[document.IndexOf(TableEnd, StringComparison.Ordinal)..];
        if (Environment.GetEnvironmentVariable("GRADCAM_UPDATE_DOCS") == "1")
            File.WriteAllText(path, current);
        Assert.Equal(current, File.ReadAllText(path).ReplaceLineEndings("\n"));
    }
}
