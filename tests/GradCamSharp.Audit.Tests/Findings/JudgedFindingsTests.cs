using GradCamSharp.Audit.Findings;
using GradCamSharp.Audit.Results;
using GradCamSharp.Imaging;

namespace GradCamSharp.Audit.Tests.Findings;

public sealed class JudgedFindingsTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory().FullName;

    [Fact]
    public void Apply_OfNothingJudged_LeavesFindingsOpen() =>
        Assert.Equal(Verdict.Open, JudgedFindings.Read(folder).Apply(Result()).Findings[0].Verdict);

    [Theory]
    [InlineData("abc", "[]", "teapot", "fine", Verdict.Fine)]
    [InlineData("other", """["a.jpg", "b.jpg", "x.jpg"]""", "teapot", "shortcut", Verdict.Shortcut)]
    [InlineData("other", """["a.jpg", "x.jpg"]""", "teapot", "fine", Verdict.Open)]
    [InlineData("abc", "[]", "mug", "fine", Verdict.Open)]
    public void Apply_OfJudged_TakesKeyOrHalfOfThePictures(string key, string pictures, string label, string verdict, Verdict expected)
    {
        Write($$"""
            { "format": 1, "judged": [ { "key": "{{key}}", "kind": "same-mark", "label": "{{label}}", "verdict": "{{verdict}}",
              "pictures": {{pictures}} } ] }
            """);
        Assert.Equal(expected, JudgedFindings.Read(folder).Apply(Result()).Findings[0].Verdict);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("""{ "judged": [ 3 ] }""")]
    [InlineData("""{ "judged": [ { "key": "k", "kind": "same-mark", "label": "l", "verdict": "guilty" } ] }""")]
    public void Read_OfADamagedFile_SaysSo(string text)
    {
        Write(text);
        var error = Assert.Throws<InvalidDataException>(() => JudgedFindings.Read(folder));
        Assert.Contains("judged.json", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Score_OfPlantedPictures_CountsThoseOfTheClass()
    {
        string path = Path.Combine(folder, PlantedTruth.FileName);
        // c.jpg is marked and was found under another class; d.jpg is marked and was not found.
        File.WriteAllText(path, """
            { "kind": "tag", "class": "teapot", "share": 0.3, "marked": ["JPEGImages/a.jpg", "c.jpg", "d.jpg"], "region": {} }
            """);
        var score = PlantedTruth.Read(path).Score(Result());
        Assert.True(score.IsFound && score.IsFirst);
        Assert.Equal(0.5, score.Precision);
        Assert.Equal(0.5, score.Recall);
        Assert.Equal(0, score.FalseAlarms);
        Assert.Equal(2, score.Marked);
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private void Write(string text) => File.WriteAllText(Path.Combine(folder, JudgedFindings.Name), text);

    private static AuditResult Result()
    {
        AuditPicture Of(int index, string id, string label) => new()
        {
            Index = index,
            Id = id,
            Path = id,
            Class = label == "teapot" ? 0 : 1,
            Label = label,
            Truth = [],
            IsRight = null,
            Probability = 0.5f,
            Map = new EvidenceMap(1, 1, [1]),
            Geometry = new Geometry(new PixelSize(1, 1), new PixelSize(1, 1), new PixelBox(0, 0, 1, 1)),
        };

        return new AuditResult
        {
            Setting = new AuditSetting("m.onnx", "data", "gradcam", "layer", AuditedClass.Predicted, 500, 0.05, 1),
            Input = new PixelSize(1, 1),
            Pictures = [Of(0, "a.jpg", "teapot"), Of(1, "b.jpg", "teapot"), Of(2, "c.jpg", "mug"), Of(3, "d.jpg", "teapot")],
            Classes = [],
            Findings =
            [
                new AuditFinding
                {
                    Number = 1,
                    Kind = FindingKind.SameMark,
                    Class = 0,
                    Label = "teapot",
                    Pictures = [0, 1],
                    OfClass = 3,
                    Sentence = "",
                    Details = [],
                    Key = "abc",
                    Mean = new Picture(1, 1, [0, 0, 0]),
                },
            ],
            Level = new AuditLevel(0.3, 0.4, 0, 0, 0),
        };
    }
}
