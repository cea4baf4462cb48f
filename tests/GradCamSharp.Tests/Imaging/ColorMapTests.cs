using GradCamSharp.Imaging;

namespace GradCamSharp.Tests.Imaging;

public class ColorMapTests
{
    // Inferno and viridis: matplotlib's own tables, which the polynomials come near. Jet: MATLAB's definition. Turbo at 1 is the sum of its polynomial's
    // coefficients: 0.5659, 0.0504, -0.0255.
    [Theory]
    [InlineData("turbo", 1, 144, 13, 0)]
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
        Assert.Contains("turbo, inferno, viridis, jet, gray", Assert.Throws<ArgumentException>(() => ColorMap.Parse("rainbow")).Message, StringComparison.Ordinal);
}
