using GradCamSharp.Web.Studies;

namespace GradCamSharp.Web.Tests.Studies;

public sealed class AnswersCsvTests
{
    private static readonly DateTime Noon = new(2026, 3, 1, 12, 0, 5, DateTimeKind.Utc);

    [Fact]
    public void Of_Answers_AreOneLineEach()
    {
        using var folder = new StudyFolder(1, 2);
        string csv = AnswersCsv.Of(folder.Study, [new StoredAnswer(1, 0, "0002", true, SideChoice.Left, 1234, Noon),
            new StoredAnswer(12, 1, "0001", false, SideChoice.Same, 60000, Noon)]);
        Assert.Equal(
            "participant,position,picture,class,source,left,right,choice,preferred,seconds,answered_utc\r\n" +
            "P001,1,0002,class 1,1.jpg,gradcam++,gradcam,left,gradcam++,1.234,2026-03-01T12:00:05Z\r\n" +
            "P012,2,0001,class 1,0.jpg,gradcam,gradcam++,same,same,60.000,2026-03-01T12:00:05Z\r\n",
            csv);
    }

    [Theory]
    [InlineData("=HYPERLINK(\"http://x\")", "\"'=HYPERLINK(\"\"http://x\"\")\"")]
    [InlineData("+1", "'+1")]
    [InlineData("-1", "'-1")]
    [InlineData("@SUM(A1)", "'@SUM(A1)")]
    [InlineData("a, \"b\"", "\"a, \"\"b\"\"\"")]
    [InlineData("two\nlines", "\"two\nlines\"")]
    [InlineData("a=b", "a=b")]
    public void Of_AClassLikeAFormula_IsText(string name, string field)
    {
        using var folder = new StudyFolder(1, 1);
        var study = folder.Study with { Pictures = [folder.Study.Pictures[0] with { Class = name, Source = "s" }] };
        string csv = AnswersCsv.Of(study, [new StoredAnswer(1, 0, "0001", true, SideChoice.Left, 1, Noon)]);
        Assert.Contains($"0001,{field},s,", csv, StringComparison.Ordinal);
    }
}
