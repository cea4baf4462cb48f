using GradCamSharp.Targets;

namespace GradCamSharp.Tests.Targets;

public class ClassRequestTests
{
    [Fact]
    public void ToString_IndexAndRank_AreAsOnTheCommandLine()
    {
        Assert.Equal("17", ClassRequest.Index(17).ToString());
        Assert.Equal("top2", ClassRequest.Ranked(2).ToString());
        Assert.Equal(["top1", "top2", "top3"], ClassRequest.Top(3).Select(c => c.ToString()));
        Assert.Equal(ClassRequest.Top1, ClassRequest.Ranked(1));
    }

    [Fact]
    public void Index_Negative_Throws() => Assert.Throws<ArgumentOutOfRangeException>(() => ClassRequest.Index(-1));

    [Fact]
    public void Ranked_Zero_Throws() => Assert.Throws<ArgumentOutOfRangeException>(() => ClassRequest.Ranked(0));
}
