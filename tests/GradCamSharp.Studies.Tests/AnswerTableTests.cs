namespace GradCamSharp.Studies.Tests;

public sealed class AnswerTableTests
{
    [Fact]
    public void Counts_OfAClass_AreThoseOfItsPictures()
    {
        var study = TestStudy.Of(2, 2);
        var table = new AnswerTable(TestStudy.Answers(study, "AAB", "s-A", "BBB", "---"));
        Assert.Equal([[2, 1, 0], [1, 0, 1]], table.Counts("class 1"));
        Assert.Equal([[0, 3, 0]], table.Counts("class 2"));
        Assert.Equal(3, table.Pictures);
        Assert.Equal(["P00", "P01", "P02"], table.Persons);
    }

    [Fact]
    public void Constructor_TwoAnswersOfAPerson_IsRefused()
    {
        var answer = new StudyAnswer("P01", "0001", "cat", Preference.A, 1);
        var error = Assert.Throws<InvalidDataException>(() => new AnswerTable([answer, answer with { Preference = Preference.B }]));
        Assert.Contains("'P01' answers twice", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Constructor_APictureOfTwoClasses_IsRefused() => Assert.Throws<InvalidDataException>(() => new AnswerTable(
        [new StudyAnswer("P01", "0001", "cat", Preference.A, 1), new StudyAnswer("P02", "0001", "dog", Preference.A, 1)]));
}
