using GradCamSharp.Evaluation.Experiments.Faithfulness;
using GradCamSharp.Evaluation.Experiments.Localization;
using GradCamSharp.Evaluation.Metrics;
using GradCamSharp.Evaluation.Records;
using GradCamSharp.Evaluation.Runs;
using GradCamSharp.Evaluation.Tests.DataSets;

namespace GradCamSharp.Evaluation.Tests.Experiments;

/// <summary>Tables of a few records, worked by hand.</summary>
public sealed class RunSummaryTests
{
    // Three pictures, Y = 0.5, 0.8 and 0.25; a bad one.
    //   gradcam++ O: 0.25, 0.8, 0.5  -> drops 1/2, 0, 0 = 50/3 %; one of three larger.
    //   gradcam   O: 0.25, 0.4, 0.125 -> drops 1/2, 1/2, 1/2 = 50 %; none larger.
    // gradcam++ wins two of three, one tie.
    [Fact]
    public void Of_FaithfulnessOfThreePictures_IsAsWorkedByHand()
    {
        var manifest = Manifests.Faithfulness("gradcam++", "gradcam") with
        {
            Experiment = new FaithfulnessExperiment { Curves = [PixelCurve.Deletion] },
        };
        PictureRow[] rows =
        [
            Row(0, "gradcam++", 0.5f, 0.25f, 0.5), Row(0, "gradcam", 0.5f, 0.25f, 0.25),
            new FailedRow(1, "bad", "no picture"),
            Row(2, "gradcam++", 0.8f, 0.8f, 0.25), Row(2, "gradcam", 0.8f, 0.4f, 0.5),
            Row(3, "gradcam++", 0.25f, 0.5f, 0), Row(3, "gradcam", 0.25f, 0.125f, 0.75),
        ];
        var summary = Assert.IsType<FaithfulnessSummary>(manifest.Experiment.Summarize(manifest, rows));
        Assert.Equal((3, 1, 3), (summary.Pictures, summary.Errors, summary.Pairs));
        Assert.Equal(50.0 / 3, summary.Methods[0].AverageDrop, 1e-6);
        Assert.Equal(100.0 / 3, summary.Methods[0].Increase, 1e-9);
        Assert.Equal(50, summary.Methods[1].AverageDrop, 1e-6);
        Assert.Equal(0, summary.Methods[1].Increase);
        Assert.Equal([0.25, 0.5], summary.Methods.Select(m => m.Deletion!.Value));
        Assert.All(summary.Methods, m => Assert.Null(m.Insertion));
        var wins = Assert.Single(summary.Wins);
        Assert.Equal(("gradcam++", "gradcam"), (wins.A, wins.B));
        Assert.Equal([200.0 / 3, 0, 100.0 / 3], new[] { wins.AWins, wins.BWins, wins.Ties }, (a, b) => Math.Abs(a - b) < 1e-9);

        var json = summary.ToJson();
        Assert.Equal(["pictures", "errors", "methods", "wins"], json.Select(p => p.Key));
        Assert.Equal(["average_drop", "increase", "deletion"], json["methods"]!["gradcam"]!.AsObject().Select(p => p.Key));
        Assert.Equal(["a", "b", "a_wins", "b_wins", "ties"], json["wins"]![0]!.AsObject().Select(p => p.Key));
    }

    // Three methods, three pairs: a > b > c.
    [Fact]
    public void Of_ThreeMethods_EveryPairIsCompared()
    {
        var manifest = Manifests.Faithfulness("cam", "gradcam", "saliency");
        PictureRow[] rows = [Row(0, "cam", 0.5f, 0.4f), Row(0, "gradcam", 0.5f, 0.3f), Row(0, "saliency", 0.5f, 0.2f)];
        var summary = (FaithfulnessSummary)manifest.Experiment.Summarize(manifest, rows);
        Assert.Equal([("cam", "gradcam"), ("cam", "saliency"), ("gradcam", "saliency")], summary.Wins.Select(w => (w.A, w.B)));
        Assert.All(summary.Wins, w => Assert.Equal(100, w.AWins));
    }

    // A box of 10 pixels. Picture 0: at delta 0 six inside, ten outside: 6 / 20 = 0.3; at 0.5 five and none: 0.5.
    // Picture 2, cat: ten and none: 1; none and ten: 0. Picture 2, dog: as picture 0. Mean Loc 1.6 / 3 and 1 / 3.
    // Pointing: cats 1 of 2 = 0.5, dogs 1 of 1: mean of the classes 0.75. Picture 1 shows a cow, which is not among the top 5.
    [Fact]
    public void Of_LocalizationOfThreePairs_IsAsWorkedByHand()
    {
        var manifest = Manifests.Localization([0, 0.5], "gradcam++");
        PictureRow[] rows =
        [
            Pair(0, "cat", true, [6, 5], [10, 0]),
            new UnmeasuredRow(1, "1", "cow"),
            Pair(2, "cat", false, [10, 0], [0, 10]),
            Pair(2, "dog", true, [6, 5], [10, 0]),
            new UnmeasuredRow(3, "3", null),
        ];
        var summary = Assert.IsType<LocalizationSummary>(manifest.Experiment.Summarize(manifest, rows));
        Assert.Equal((4, 0, 3, 1), (summary.Pictures, summary.Errors, summary.Pairs, summary.Missed));
        var method = Assert.Single(summary.Methods);
        Assert.Equal([1.6 / 3, 1.0 / 3], method.Loc, (a, b) => Math.Abs(a - b) < 1e-12);
        Assert.Equal(0.75, method.Pointing);

        var json = summary.ToJson();
        Assert.Equal(["pictures", "pairs", "methods"], json.Select(p => p.Key));
        Assert.Equal(["loc", "pointing"], json["methods"]!["gradcam++"]!.AsObject().Select(p => p.Key));
        Assert.Equal(["0", "0.5"], json["methods"]!["gradcam++"]!["loc"]!.AsObject().Select(p => p.Key));
    }

    // Killed between the rows of one picture: of b there is but one of two methods. gradcam++ 25 %, gradcam 50 %, over one picture.
    [Fact]
    public void Of_RecordsCutBetweenTheMethodsOfAPicture_LeavesThatPictureOut()
    {
        using var folder = new DataSetFolder().With(RunFiles.Records,
            "index,picture,object,class,label,method,probability,masked,score,empty,error\n" +
            "0,a.jpg,,3,dog,gradcam++,0.8,0.6,5,0,\n0,a.jpg,,3,dog,gradcam,0.8,0.4,5,0,\n1,b.jpg,,3,dog,gradcam++,0.5,0,5,0,\n1,b.j");
        ManifestFile.Write(folder.Root, Manifests.Faithfulness("gradcam++", "gradcam"));
        var table = RecordTable.Open(folder.Root);
        var summary = (FaithfulnessSummary)table.Summary();
        Assert.Equal((3, 1, 1), (table.Expected, summary.Pictures, summary.Pairs));
        Assert.Equal([25.0, 50.0], summary.Methods.Select(m => m.AverageDrop), (a, b) => Math.Abs(a - b) < 1e-5);
    }

    [Fact]
    public void Of_UnknownMethod_IsRefused()
    {
        var manifest = Manifests.Faithfulness("cam");
        Assert.Throws<InvalidDataException>(() => manifest.Experiment.Summarize(manifest, [Row(0, "gradcam", 1, 1)]));
    }

    private static FaithfulnessRow Row(int index, string method, float whole, float masked, double? deletion = null) =>
        new(new Explained(index, $"{index}.jpg", null, 7, "", method, 0, false), whole, masked, null, deletion);

    private static LocalizationRow Pair(int index, string name, bool hit, long[] inside, long[] outside) =>
        new(new Explained(index, $"{index}.jpg", name, 7, "", "gradcam++", 0, false), 1, new ObjectScore(10, inside, outside, hit));
}
