namespace GradCamSharp.Studies.Tests;

public sealed class StudyAssignmentTests
{
    [Fact]
    public void For_APerson_IsEveryPictureOnceAndAlwaysTheSame()
    {
        var study = TestStudy.Of(5, 50);
        var tasks = StudyAssignment.For(study, 3);
        Assert.Equal(study.Pictures.Select(p => p.Id), tasks.Select(t => t.Picture.Id).Order(StringComparer.Ordinal));
        Assert.Equal(tasks, StudyAssignment.For(study, 3));
    }

    [Fact]
    public void For_TwoPersons_DiffersInOrderAndSides()
    {
        var study = TestStudy.Of(5, 50);
        var (first, second) = (StudyAssignment.For(study, 1), StudyAssignment.For(study, 2));
        Assert.NotEqual(first.Select(t => t.Picture.Id), second.Select(t => t.Picture.Id));
        var sides = second.ToDictionary(t => t.Picture.Id, t => t.IsALeft);
        // 250 coins against 250 other coins: 125 agree, give or take 8.
        Assert.InRange(first.Count(t => t.IsALeft == sides[t.Picture.Id]), 85, 165);
        Assert.InRange(first.Count(t => t.IsALeft), 85, 165);
        Assert.NotEqual(first.Select(t => t.Picture.Id), study.Pictures.Select(p => p.Id));
    }

    [Fact]
    public void For_AnotherSeed_IsAnotherOrder() => Assert.NotEqual(
        StudyAssignment.For(TestStudy.Of(1, 50), 1).Select(t => t.Picture.Id), StudyAssignment.For(TestStudy.Of(1, 50, seed: 2), 1)
            .Select(t => t.Picture.Id));
}
