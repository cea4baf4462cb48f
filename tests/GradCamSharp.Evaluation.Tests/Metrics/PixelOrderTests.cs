using GradCamSharp.Evaluation.Metrics;

namespace GradCamSharp.Evaluation.Tests.Metrics;

public sealed class PixelOrderTests
{
    [Fact]
    public void Descending_EqualValues_GoRowByRow() =>
        Assert.Equal([3, 1, 4, 0, 2, 5], PixelOrder.Descending([0.2f, 0.5f, 0, 1, 0.5f, -0.0f]));

    [Fact]
    public void Descending_LargeMapOfFewValues_IsThePermutationOfAStableSort()
    {
        float[] map = [.. Enumerable.Range(0, 5000).Select(i => i * 7919 % 13 / 13f)];
        Assert.Equal(Enumerable.Range(0, map.Length).OrderByDescending(i => map[i]), PixelOrder.Descending(map));
    }
}
