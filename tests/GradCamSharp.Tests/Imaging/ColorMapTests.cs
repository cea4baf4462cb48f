using GradCamSharp.Imaging;

namespace GradCamSharp.Tests.Imaging;

public class ColorMapTests
{
    // Inferno and viridis: matplotlib's own tables, which the polynomials come near. Jet: MATLAB's definition.
    [Theory]
    [InlineData("inferno", 0, 0, 0, 4)]
    [InlineData("inferno", 0.5, 188, 55, 84)]
    [InlineData("inferno", 1, 252, 255, 164)]
    [InlineData("viridis", 0, 68, 1, 84)]
    [InlineData("viridis", 0.5, 33, 145, 140)]
    [InlineData("viridis", 1, 253, 231, 37)]
    [InlineData("jet", 0, 0, 0, 128)]
    [InlineData("jet", 0.5, 128, 255, 128)]
    [InlineData("jet", 1, 128, 0, 0)]
    [InlineData("gray", 0.2, 51, 51, 51)]
    public void Indexer_KnownValue_IsThePublishedColour(string name, float value, byte r, byte g, byte b)
    {
        var color = ColorMap.Parse(name)[value];
        Assert.InRange(color.R, r - 8, r + 8);
        Assert.InRange(color.G, g - 8, g + 8);
        Assert.InRange(color.B, b - 8, b + 8);
    }

    // Entries of the table of 256 colours that Turbo's author published; none of them is one that the map is made from, but the ends.
    [Theory]
    [InlineData(0, 48, 18, 59)]
    [InlineData(1, 50, 21, 67)]
    [InlineData(32, 70, 107, 227)]
    [InlineData(63, 42, 185, 238)]
    [InlineData(64, 40, 188, 235)]
    [InlineData(127, 161, 253, 61)]
    [InlineData(128, 164, 252, 60)]
    [InlineData(191, 251, 129, 34)]
    [InlineData(192, 251, 126, 33)]
    [InlineData(223, 210, 49, 5)]
    [InlineData(255, 122, 4, 3)]
    public void Turbo_Level_IsWithinOneOfThePublishedTable(int level, byte r, byte g, byte b)
    {
        var color = ColorMap.Turbo[level / 255f];
        Assert.InRange(color.R, r - 1, r + 1);
        Assert.InRange(color.G, g - 1, g + 1);
        Assert.InRange(color.B, b - 1, b + 1);
    }

    [Fact]
    public void Indexer_OutsideRange_IsTheEnd()
    {
        foreach (var map in ColorMap.All)
        {
            Assert.Equal(map[0], map[-1]);
            Assert.Equal(map[1], map[7]);
        }
    }

    [Fact]
    public void Parse_UnknownName_ListsTheMaps() =>
        Assert.Contains(
            "turbo, inferno, viridis, jet, gray",
            Assert.Throws<ArgumentException>(() => ColorMap.Parse("rainbow")).Message,
            StringComparison.Ordinal);
}
