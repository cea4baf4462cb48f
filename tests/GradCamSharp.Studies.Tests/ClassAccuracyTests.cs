namespace GradCamSharp.Studies.Tests;

public sealed class ClassAccuracyTests
{
    [Fact]
    public void F1_SmallTable_IsTheOneByHand()
    {
        // cat: shown 3 times, predicted 3 times, right 2 times: 2*2/(3+3). dog: shown 2, predicted 1, right 1: 2/3. cow: predicted once,
        // never shown.
        var f1 = ClassAccuracy.F1([(["cat"], ["cat"]), (["cat"], ["cat"]), (["cat"], ["cow"]), (["dog"], ["dog"]), (["dog"], ["cat"])]);
        Assert.Equal(4.0 / 6, f1["cat"], 12);
        Assert.Equal(2.0 / 3, f1["dog"], 12);
        Assert.Equal(0, f1["cow"]);
    }

    [Fact]
    public void F1_SeveralClassesInAPicture_EachThatIsNotPredictedIsMissed()
    {
        var f1 = ClassAccuracy.F1([(["cat", "dog"], ["cat"]), (["dog"], []), (["cat"], ["cat"])]);
        Assert.Equal(1, f1["cat"]);
        Assert.Equal(0, f1["dog"]);
    }

    [Fact]
    public void Best_EqualF1_IsByName()
    {
        var f1 = new Dictionary<string, double> { ["d"] = 0.5, ["b"] = 0.9, ["c"] = 0.9, ["a"] = 0.9, ["few"] = 1 };
        var sizes = new Dictionary<string, int> { ["a"] = 9, ["b"] = 5, ["c"] = 7, ["d"] = 8, ["few"] = 4 };
        Assert.Equal(["a", "b"], ClassAccuracy.Best(f1, sizes, 2, 5));
        Assert.Equal(["a", "b", "c", "d"], ClassAccuracy.Best(f1, sizes, 4, 5));
    }

    [Fact]
    public void Best_TooFewPictures_SaysHowManyThereAre()
    {
        var f1 = new Dictionary<string, double> { ["a"] = 1, ["b"] = 1 };
        var sizes = new Dictionary<string, int> { ["a"] = 9, ["b"] = 5 };
        var fewPictures = Assert.Throws<StudyException>(() => ClassAccuracy.Best(f1, sizes, 2, 6));
        Assert.Equal([new StudySize(null, 5), new StudySize(1, null)], fewPictures.Possible);
        Assert.EndsWith(" Set PerClass 5 or less, or ClassCount 1.", fewPictures.Message, StringComparison.Ordinal);
        var fewClasses = Assert.Throws<StudyException>(() => ClassAccuracy.Best(f1, sizes, 3, 1));
        Assert.StartsWith("2 classes", fewClasses.Problem, StringComparison.Ordinal);
        Assert.Equal([new StudySize(2, null)], fewClasses.Possible);
    }
}
