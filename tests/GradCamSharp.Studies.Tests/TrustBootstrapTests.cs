namespace GradCamSharp.Studies.Tests;

public sealed class TrustBootstrapTests
{
    [Fact]
    public void Pictures_TenOfOnePerson_AreTheBinomialsQuantiles()
    {
        // Five of ten pictures for A: a draw's score is binomial(10, 1/2). P(X <= 1) = 0.0107, P(X <= 2) = 0.0547: the ends are 2 and 8.
        var study = TestStudy.Of(1, 10);
        var bootstrap = Bootstrap(study, BootstrapUnit.Pictures, "A", "A", "A", "A", "A", "B", "B", "B", "B", "B");
        Assert.Equal(new Interval(2, 8), bootstrap.Total.A);
        Assert.Equal(new Interval(2, 8), bootstrap.Total.B);
        Assert.Equal(new Interval(0, 0), bootstrap.Total.Same);
        Assert.Equal(bootstrap.Total, bootstrap.ByClass["class 1"]);
    }

    [Fact]
    public void Pictures_OfTwoUniformClasses_AreDrawnWithinTheirClass()
    {
        // Were classes mixed, a draw could hold more or fewer than two pictures for A.
        var study = TestStudy.Of(2, 2);
        var bootstrap = Bootstrap(study, BootstrapUnit.Pictures, "A", "A", "B", "B");
        Assert.Equal(new Interval(2, 2), bootstrap.Total.A);
        Assert.Equal(new Interval(2, 2), bootstrap.ByClass["class 1"].A);
        Assert.Equal(new Interval(0, 0), bootstrap.ByClass["class 2"].A);
    }

    [Fact]
    public void Persons_WhoDisagreeOnEveryPicture_WidenTheInterval()
    {
        // All pictures are alike, so drawing pictures changes nothing; of two persons both, or one of them twice, is drawn: 0, 1/2 or 1 of
        // every picture.
        var study = TestStudy.Of(1, 4);
        string[] answers = ["AB", "AB", "AB", "AB"];
        Assert.Equal(new Interval(2, 2), Bootstrap(study, BootstrapUnit.Pictures, answers).Total.A);
        Assert.Equal(new Interval(0, 4), Bootstrap(study, BootstrapUnit.PicturesAndPersons, answers).Total.A);
    }

    [Fact]
    public void Persons_OfOne_CannotBeDrawn() =>
        Assert.Equal(BootstrapUnit.Pictures, Bootstrap(TestStudy.Of(1, 2), BootstrapUnit.PicturesAndPersons, "A", "B").Unit);

    [Fact]
    public void Draws_WithoutAnAnswerInAClass_AreLeftOut()
    {
        // Class 2 has the second person's answers alone. Where that person is not drawn it has no score; where it is, its score is 2.
        var bootstrap = Bootstrap(TestStudy.Of(2, 2), BootstrapUnit.PicturesAndPersons, "A-", "A-", "-A", "-A");
        Assert.Equal(new Interval(2, 2), bootstrap.ByClass["class 2"].A);
        Assert.Equal(new Interval(4, 4), bootstrap.Total.A);
    }

    [Fact]
    public void Draws_OfTheSameSeed_AreTheSame()
    {
        var study = TestStudy.Of(2, 6);
        string[] answers = ["AsB", "AA-", "BBs", "sss", "ABs", "A-A", "BsB", "AAB", "ssA", "BBA", "A--", "-Bs"];
        var first = Bootstrap(study, BootstrapUnit.PicturesAndPersons, answers);
        Assert.Equal(first.Total, Bootstrap(study, BootstrapUnit.PicturesAndPersons, answers).Total);
        var table = new AnswerTable(TestStudy.Answers(study, answers).Reverse());
        Assert.Equal(first.Total, new TrustBootstrap(table, BootstrapUnit.PicturesAndPersons, 2000, 1).Total);
        Assert.NotEqual(first.Total, new TrustBootstrap(table, BootstrapUnit.PicturesAndPersons, 2000, 2).Total);
        var scores = TrustScores.Of(table.Counts());
        Assert.InRange(scores.A, first.Total.A.Low, first.Total.A.High);
    }

    private static TrustBootstrap Bootstrap(Study study, BootstrapUnit unit, params string[] answers) =>
        new(new AnswerTable(TestStudy.Answers(study, answers)), unit, 2000);
}
