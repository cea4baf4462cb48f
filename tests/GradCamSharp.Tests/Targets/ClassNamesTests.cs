using GradCamSharp.Targets;

namespace GradCamSharp.Tests.Targets;

public sealed class ClassNamesTests
{
    private static readonly Labels Names = new(["tabby, tabby cat", "bookcase", "topknot"]);

    [Theory]
    [InlineData("1", "1")]
    [InlineData("2, 0,2", "2 0")]
    [InlineData("top2", "top1 top2")]
    [InlineData("TABBY CAT", "0")]
    [InlineData("tabby, tabby cat", "0")]
    [InlineData("topknot", "2")]
    [InlineData("bookcase,topknot", "1 2")]
    [InlineData("topknot, tabby, top1, 1,", "2 0 top1 1")]
    public void Parse_KnownNames_GivesEachClassOnce(string name, string expected) =>
        Assert.Equal(expected, string.Join(' ', ClassNames.Parse([name], Names, 3)));

    [Theory]
    [InlineData("3", "0 to 2")]
    [InlineData("top4", "3 classes")]
    [InlineData("top0", "3 classes")]
    [InlineData("tabbi", "'tabby'")]
    [InlineData("bookcase,tabbi", "'tabbi'")]
    [InlineData("-1", "no such class")]
    [InlineData(",", "no such class")]
    [InlineData("99999999999999999999", "no such class")]
    [InlineData("", "no such class")]
    public void Parse_UnknownNames_SaysWhatThereIs(string name, string expected) =>
        Assert.Contains(expected, Assert.Throws<ArgumentException>(() => ClassNames.Parse([name], Names, 3)).Message);
}
