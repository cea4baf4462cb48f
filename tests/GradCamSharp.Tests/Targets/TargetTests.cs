using GradCamSharp.Targets;

namespace GradCamSharp.Tests.Targets;

public class TargetTests
{
    [Theory]
    [InlineData("class:dog", "cdog")]
    [InlineData("class:17", "c17")]
    [InlineData("class:top1@mask", "ctop1-mask")]
    [InlineData("class:2@34,29", "c2-34-29")]
    [InlineData("class:2@16,8,40,24", "c2-16-8-40-24")]
    [InlineData("class:traffic light@mask.png", "ctraffic-light-mask-png")]
    [InlineData("pixel:120,80", "px120-80")]
    [InlineData("box:0", "box0")]
    [InlineData("box:dog/2", "boxdog-2")]
    [InlineData("box:120,80", "box120-80")]
    [InlineData("box:0.x1", "box0-x1")]
    [InlineData("box:0.keypoint:2.x", "box0-keypoint-2-x")]
    [InlineData("mask:top1", "masktop1")]
    [InlineData("keypoint:5", "keypoint5")]
    [InlineData("value", "value")]
    [InlineData("value@all", "value-all")]
    [InlineData("similarity:b.jpg", "sim-b")]
    [InlineData("dot:v.npy", "dot-v")]
    [InlineData("token:last", "tlast")]
    [InlineData("token:2=dog", "t2-dog")]
    [InlineData("output0[0,5,17]", "output0-0-5-17")]
    [InlineData("sum(d0)", "sum-d0")]
    [InlineData("mean(out[:,2,3:5])", "mean-out-2-3-5")]
    [InlineData("logit(TFLite/out:0[0,-1])", "logit-TFLite-out-0-0-1")]
    [InlineData("-similarity:v.npy", "minus-sim-v")]
    [InlineData("class:0 - 2*class:1", "plus-c0-minus-c1")]
    public void Parse_EveryForm_IsWrittenAsItWasRead(string text, string slug)
    {
        var target = Assert.Single(Target.Parse(text));
        Assert.Equal(text, target.Spec);
        Assert.Equal(slug, target.Slug);
        Assert.Equal(target, Target.Parse(text)[0]);
    }

    [Fact]
    public void Parse_ACommaList_SplitsWhereATargetBegins() => Assert.Equal(
        ["box:120,80", "class:2@16,8,40,24", "out[0,1]", "-value@all"],
        Target.Parse("box:120,80,class:2@16,8,40,24, out[0,1],-value@all").Select(t => t.Spec));

    [Theory]
    [InlineData("")]
    [InlineData("dog")]
    [InlineData("box:")]
    [InlineData("box:0.z")]
    [InlineData("box:1,2,3")]
    [InlineData("box:1,2,0,5")]
    [InlineData("class:")]
    [InlineData("class:1@2")]
    [InlineData("pixel:1")]
    [InlineData("token:first")]
    [InlineData("out[a]")]
    [InlineData("out[1:2:3]")]
    [InlineData("class:1 - ")]
    public void Parse_NoTarget_SaysWhatIsExpected(string text)
    {
        var error = Assert.Throws<ArgumentException>(() => Target.Parse(text));
        Assert.Matches("target|box|class", error.Message);
    }
}
