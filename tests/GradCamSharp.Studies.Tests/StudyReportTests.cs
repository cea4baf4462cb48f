using System.Text;
using System.Xml.Linq;

namespace GradCamSharp.Studies.Tests;

public sealed class StudyReportTests
{
    [Fact]
    public void Of_ThePapersTable_GivesItsTotals()
    {
        // Section 4.2: 13 persons, 250 pictures, 109.69 for Grad-CAM++, 56.08 for Grad-CAM, 84.23 the same. In thirteenths: 1426, 729 and
        // 1095 answers.
        var study = TestStudy.Of(5, 50);
        const int Persons = 13, A = 1426, B = 729;
        var answers = study.Pictures.SelectMany((picture, i) => Enumerable.Range(0, Persons).Select(person =>
        {
            // 7 is coprime to 3250: every answer is dealt once, spread over pictures and persons.
            int dealt = ((i * Persons) + person) * 7 % (250 * Persons);
            var preference = dealt < A ? Preference.A : dealt < A + B ? Preference.B : Preference.Same;
            return new StudyAnswer($"P{person:00}", picture.Id, picture.Class, preference, 2);
        })).ToList();
        Assert.Equal(3250, answers.Count);

        var report = StudyReport.Of(study, answers, draws: 200);
        var total = report.ToJson()["total"]!;
        Assert.Equal(250, (int)total["pictures"]!);
        Assert.Equal("109.69", $"{(double)total["scores"]!["gradcam++"]!:0.00}");
        Assert.Equal("56.08", $"{(double)total["scores"]!["gradcam"]!:0.00}");
        Assert.Equal("84.23", $"{(double)total["scores"]!["same"]!:0.00}");
        Assert.Equal(109.69, report.Classes.Sum(c => c.Scores.A), 2);
        Assert.Equal(250, report.Total.Scores.Sum, 9);
        Assert.InRange(109.69, report.Total.Intervals.A.Low, report.Total.Intervals.A.High);
    }

    [Fact]
    public void Of_PicturesWithFewerAnswers_CountOneAllTheSame()
    {
        var study = TestStudy.Of(2, 2);
        var report = StudyReport.Of(study, TestStudy.Answers(study, "AAB", "s", "B-B", "---"), draws: 10);
        Assert.Equal((2.0 / 3, 1 + (1.0 / 3), 1.0), (report.Total.Scores.A, report.Total.Scores.B, report.Total.Scores.Same));
        Assert.Equal((3, 6), (report.Total.Pictures, report.Total.Answers));
        Assert.Equal((1, 1, 1), (report.Total.Sign.A, report.Total.Sign.B, report.Total.Sign.Ties));
        Assert.Equal(["class 1", "class 2"], report.Classes.Select(c => c.Class));
        // Seconds 1 2 3, 1, 1 3: sorted 1 1 1 2 3 3.
        Assert.Equal(1.5, report.Total.MedianSeconds);
        Assert.Equal(2, report.Classes[1].MedianSeconds);
    }

    [Fact]
    public void Of_AnAnswerThatTheStudyDoesNotAsk_IsRefused() => Assert.Throws<InvalidDataException>(
        () => StudyReport.Of(TestStudy.Of(1, 2), [new StudyAnswer("P", "0009", "class 1", Preference.A, 1)]));

    [Fact]
    public void Of_NoAnswers_SaysWhatToDo() =>
        Assert.Equal(StudyError.NoAnswers, Assert.Throws<StudyException>(() => StudyReport.Of(TestStudy.Of(1, 2), [])).Kind);

    [Fact]
    public void Page_NamesOfClasses_AreText()
    {
        var study = TestStudy.Of(1, 2);
        study = study with
        {
            Classes = [new StudyClass("<b>&", "x", null)],
            Pictures = [.. study.Pictures.Select(p => p with { Class = "<b>&" })],
        };
        using var stream = new MemoryStream();
        StudyReportPage.Write(stream, StudyReport.Of(study, TestStudy.Answers(study, "AB", "As"), draws: 100));
        string page = Encoding.UTF8.GetString(stream.ToArray());
        Assert.DoesNotContain("<b>&", page, StringComparison.Ordinal);
        Assert.Contains("<td>&lt;b&gt;&amp;</td>", page, StringComparison.Ordinal);
        Assert.DoesNotContain("http", page, StringComparison.Ordinal);

        // Bars end where the scores are: A has 1/2 + 1/2 of two pictures.
        string svg = page[page.IndexOf("<svg", StringComparison.Ordinal)..(page.IndexOf("</svg>", StringComparison.Ordinal) + 6)];
        var bar = XDocument.Parse(svg).Descendants("rect").First(r => (string?)r.Attribute("class") == "fa"
            && (double)r.Attribute("y")! > 20);
        Assert.Equal(325, (double)bar.Attribute("width")!);
    }
}
