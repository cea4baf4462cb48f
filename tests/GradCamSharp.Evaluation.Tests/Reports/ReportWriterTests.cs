using System.Text.Json.Nodes;
using System.Xml.Linq;
using GradCamSharp.Evaluation.Experiments;
using GradCamSharp.Evaluation.Experiments.Faithfulness;
using GradCamSharp.Evaluation.Experiments.Localization;
using GradCamSharp.Evaluation.Identities;
using GradCamSharp.Evaluation.Reports;
using GradCamSharp.Evaluation.Runs;

namespace GradCamSharp.Evaluation.Tests.Reports;

public sealed class ReportWriterTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("gradcam-report-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    // Two pictures: Y 0.8 and 0.5. gradcam++ keeps 0.6 and 0.6: drops 25 % and 0, mean 12.5, one increase of two.
    // gradcam keeps 0.4 and 0.25: 50 %.
    [Fact]
    public void Write_Faithfulness_ShowsTheTablesAndThePapersOwnFigures()
    {
        Faithful("vgg16.onnx", "/data/VOCdevkit/VOC2007", "voc");
        string page = Written(new ReportOptions { Figures = 0 });
        Assert.Contains(">12.50<", page, StringComparison.Ordinal);
        Assert.Contains(">50.00<", page, StringComparison.Ordinal);
        Assert.Contains("the paper, table 2 (VGG-16, VOC 2007 val)", page, StringComparison.Ordinal);
        foreach (string figure in (string[])["19.53", "28.54", "18.96", "21.43", "61.47", "39.44"])
            Assert.Contains($">{figure}<", page, StringComparison.Ordinal);
        Assert.Contains("bad.jpg", page, StringComparison.Ordinal);
        Assert.Contains("not a &lt;picture&gt;", page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("mymodel.onnx", "/data/VOCdevkit/VOC2007", "voc")]
    [InlineData("vgg16.onnx", "/data/mine", "folder")]
    [InlineData("vgg16.onnx", "/data/VOC2007/mine", "voc")]
    [InlineData("vgg16.onnx", "/ILSVRC2012/other/mine", "folder")]
    public void Write_OtherModelOrData_HasNoFiguresOfThePaper(string model, string root, string kind)
    {
        Faithful(model, root, kind);
        Assert.DoesNotContain("the paper, table", Written(new ReportOptions { Figures = 0 }), StringComparison.Ordinal);
    }

    [Fact]
    public void Write_Twice_GivesTheSameBytesAndNeedsNothingElse()
    {
        Faithful("vgg16.onnx", "/data/VOCdevkit/VOC2007", "voc");
        string page = Written(null);
        Assert.Equal(page, Written(null));
        foreach (string outside in (string[])["http:", "https:", "<script", "<link", "url(", "src=\"/"])
            Assert.DoesNotContain(outside, page, StringComparison.Ordinal);
        Assert.Contains("Write it again with both", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_AnyRun_ClosesEveryElement()
    {
        Faithful("vgg16.onnx", "/data/VOCdevkit/VOC2007", "voc");
        AssertWellFormed(Written(null));
        Localized();
        AssertWellFormed(Written(null));
    }

    // One pair, gradcam++: at delta 0 internal 60, external 20, box 100 -> 0.5; at 0.25: 50, 0 -> 0.5; at 0.5: 40, 0 -> 0.4.
    [Fact]
    public void Write_Localization_ShowsLocAndThePapersTable()
    {
        Localized();
        string page = Written(null);
        Assert.Contains(">0.500<", page, StringComparison.Ordinal);
        Assert.Contains(">0.400<", page, StringComparison.Ordinal);
        Assert.Contains("0.34 / 0.38 / 0.28", page, StringComparison.Ordinal);
        Assert.Contains("0.33 / 0.28 / 0.16", page, StringComparison.Ordinal);
    }

    // One picture with two classes of the model's and one that is none.
    [Fact]
    public void Write_ClassesOfTheDataSet_CountsPairsAndNotPictures()
    {
        var manifest = Manifest(["gradcam++", "gradcam", "cam"]);
        ManifestFile.Write(folder, manifest with
        {
            Experiment = new FaithfulnessExperiment { Classes = ExplainedClasses.Truth },
            Data = manifest.Data with { Pictures = 1 },
        });
        string[] methods = ["gradcam++", "gradcam", "cam"];
        Records(["index,picture,object,class,label,method,probability,masked,score,empty,error",
            .. methods.Select(m => $"0,a.jpg,cat,3,tabby,{m},0.8,0.6,5,0,"),
            .. methods.Select(m => $"0,a.jpg,dog,4,collie,{m},0.2,0.1,5,0,"),
            "0,a.jpg,unicorn,,,,,,,,"]);
        string page = Written(null);
        Assert.Contains(": 1 picture; 2 pairs of a picture and a class that it shows (1 more is none of", page, StringComparison.Ordinal);
        foreach (string said in (string[])["in percent of the pairs", "share of pairs", "a point is a pair", "% of the pairs"])
            Assert.Contains(said, page, StringComparison.Ordinal);
    }

    // The manifest knows of three pictures, of which the records have one.
    [Fact]
    public void Write_RunThatIsNotFinished_SaysSo()
    {
        Localized();
        Assert.Contains(": 1 picture, 2 pictures still missing, as the run is not finished; 1 pair of", Written(null),
            StringComparison.Ordinal);
        Faithful("a.onnx", "/data", "folder");
        Assert.DoesNotContain("not finished", Written(null), StringComparison.Ordinal);
    }

    [Fact]
    public void Write_MoreErrorsThanThePageLists_SaysHowMany()
    {
        ManifestFile.Write(folder, Manifest(["gradcam"]));
        var damaged = Enumerable.Range(0, 23).Select(i => $"{i},p{i}.jpg,,,,,,,,,damaged");
        Records(["index,picture,object,class,label,method,probability,masked,score,empty,error", .. damaged]);
        string page = Written(null);
        Assert.Contains("p19.jpg", page, StringComparison.Ordinal);
        Assert.DoesNotContain("p20.jpg", page, StringComparison.Ordinal);
        Assert.Contains("and 3 more", page, StringComparison.Ordinal);
    }

    // The merge's own command has none of the options by which the pictures were measured.
    [Fact]
    public void Write_MergedRun_SaysHowItWasMeasuredAndMerged()
    {
        Faithful("a.onnx", "/data", "folder");
        ManifestFile.Write(folder, ManifestFile.Read(folder) with
        {
            Command = "gradcam evaluate merge p1 p2",
            Parts = [new ManifestPart("p1", "1/2", "gradcam measure 1"), new ManifestPart("p2", "2/2", "gradcam measure 2")],
        });
        string page = Written(null);
        Assert.Contains("<td>gradcam measure 1 (the first of 2 parts)</td>", page, StringComparison.Ordinal);
        Assert.Contains("<tr><th>Merged by</th><td>gradcam evaluate merge p1 p2</td></tr>", page, StringComparison.Ordinal);
    }

    // The drops of gradcam++ are 25 % and 0, those of gradcam 50 % and 50 %: of two pictures nobody can tell. Of twenty one can.
    [Fact]
    public void Write_Winner_IsColouredOnlyWhereTheIntervalDoesNotHoldZero()
    {
        Faithful("a.onnx", "/data", "folder");
        string few = Written(new ReportOptions { Figures = 0 });
        Assert.DoesNotContain("best\"", few, StringComparison.Ordinal);
        Assert.Contains("difference -37.5, 95 %: -", few, StringComparison.Ordinal);

        Records(["index,picture,object,class,label,method,probability,masked,score,empty,error",
            .. Enumerable.Range(0, 20).SelectMany(i => (string[])
            [
                $"{i},{i}.jpg,,3,dog,gradcam++,0.8,{(i % 2 == 0 ? "0.6" : "0.7")},5,0,", $"{i},{i}.jpg,,3,dog,gradcam,0.8,0.4,5,0,",
            ])]);
        string many = Written(new ReportOptions { Figures = 0 });
        Assert.Contains("<td class=\"best\">18.75</td><td class=\"\">50.00</td>", many, StringComparison.Ordinal);
        Assert.Contains("<td class=\"measure best\"><span>18.75</span>", many, StringComparison.Ordinal);
        Assert.DoesNotContain("<td class=\"measure best\"><span>50.00</span>", many, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_MethodThatIsNotInTheRun_IsRefused()
    {
        Faithful("a.onnx", "/data", "folder");
        var e = Assert.Throws<ArgumentException>(() => Written(new ReportOptions { Pair = ("gradcam++", "cam") }));
        Assert.Contains("gradcam++, gradcam", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Pair_Nothing_AskedFor_IsGradCamPlusPlusAndGradCamOrTheFirstTwo()
    {
        Assert.Equal((2, 1), ReportWriter.Pair(Manifest(["cam", "gradcam", "gradcam++"]), null));
        Assert.Equal((1, 2), ReportWriter.Pair(Manifest(["centre", "cam", "saliency"]), null));
        Assert.Null(ReportWriter.Pair(Manifest(["centre", "cam"]), null));
    }

    private static void AssertWellFormed(string page)
    {
        string body = page[page.IndexOf("<header>", StringComparison.Ordinal)..].Replace("</body></html>", "", StringComparison.Ordinal);
        Assert.NotNull(XElement.Parse($"<all>{body}</all>").Element("main"));
    }

    private string Written(ReportOptions? options) => File.ReadAllText(ReportWriter.Write(RecordTable.Open(folder), options));

    private void Faithful(string model, string root, string kind)
    {
        ManifestFile.Write(folder, Manifest(["gradcam++", "gradcam"], model, root, kind));
        Records("index,picture,object,class,label,method,probability,masked,score,empty,error",
            "0,a.jpg,,3,dog,gradcam++,0.8,0.6,5,0,", "0,a.jpg,,3,dog,gradcam,0.8,0.4,5,0,",
            "1,b.jpg,,4,cat & mouse,gradcam++,0.5,0.6,5,0,", "1,b.jpg,,4,cat & mouse,gradcam,0.5,0.25,5,0,",
            "2,bad.jpg,,,,,,,,,not a <picture>");
    }

    private void Localized()
    {
        var manifest = Manifest(["gradcam++", "gradcam"], "vgg16.onnx", "/data/VOC2012", "voc");
        ManifestFile.Write(folder, manifest with { Experiment = new LocalizationExperiment([0, 0.25, 0.5]) });
        Records(
            "index,picture,object,class,label,rank,method,score,empty,hit,box," +
            "internal_0,external_0,internal_0.25,external_0.25,internal_0.5,external_0.5,error",
            "0,a.jpg,dog,3,collie,1,gradcam++,5,0,1,100,60,20,50,0,40,0,", "0,a.jpg,dog,3,collie,1,gradcam,5,0,0,100,10,0,5,0,1,0,");
    }

    private void Records(params string[] lines) =>
        File.WriteAllText(Path.Combine(folder, RunFiles.Records), string.Concat(lines.Select(l => l + "\n")));

    private static RunManifest Manifest(
        IReadOnlyList<string> methods, string model = "m.onnx", string root = "/data", string data = "folder") =>
        new()
        {
            Experiment = new FaithfulnessExperiment(),
            Model = new ModelIdentity(model, "00", "layer", "nchw", "softmax", 10, "00", "cpu"),
            Methods = methods,
            Preprocessing = new JsonObject(),
            Data = new DataIdentity(data, root, 3, "00", null, null),
            Versions = new ProgramVersions("0", "0"),
        };
}
