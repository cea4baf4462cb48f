using GradCamSharp.Evaluation.Metrics;
using GradCamSharp.Imaging;

namespace GradCamSharp.Evaluation.Tests.Metrics;

public sealed class LocTermsTests
{
    private static readonly PixelSize Size = new(4, 4);

    // Box A holds rows 0-1, columns 0-1; box B rows 2-3, columns 2-3. Marked: [A] and {B}.
    //   [1.0][0.6] 0.3  0.0        above 0:    A 4, B 4, outside: 0.3 0.2 0.1 0.4 = 4
    //   [0.5][0.2] 0.2  0.0        above 0.25: A 3 (1.0 0.6 0.5), B 2 (0.7 0.5), outside 2 (0.3 0.4)
    //    0.1  0.0 {0.7}{0.1}       above 0.5:  A 2 (1.0 0.6; 0.5 is not above), B 1 (0.7), outside 0
    //    0.4  0.0 {0.5}{0.2}
    private static readonly float[] Map = [1, 0.6f, 0.3f, 0, 0.5f, 0.2f, 0.2f, 0, 0.1f, 0, 0.7f, 0.1f, 0.4f, 0, 0.5f, 0.2f];

    [Fact]
    public void Of_TwoBoxes_CountsInsideTheUnionAndOutside()
    {
        var terms = LocTerms.Of(Map, Size, [new PixelBox(0, 0, 2, 2), new PixelBox(2, 2, 2, 2)], [0, 0.25, 0.5]);
        Assert.Equal([new LocTerms(8, 4, 8), new LocTerms(5, 2, 8), new LocTerms(3, 0, 8)], terms);
        Assert.Equal(8.0 / 12, terms[0].Loc);
        Assert.Equal(5.0 / 10, terms[1].Loc);
        Assert.Equal(3.0 / 8, terms[2].Loc);
    }

    // Columns 0-2 and columns 1-3 of row 0: their union has 4 pixels, 1.0 0.6 0.3 0.0, not 6.
    // Above 0.25: 3 inside; outside 0.5 0.7 0.4 0.5.
    [Fact]
    public void Of_OverlappingBoxes_CountsThePixelsOfBothOnce()
    {
        var terms = LocTerms.Of(Map, Size, [new PixelBox(0, 0, 3, 1), new PixelBox(1, 0, 3, 1)], [0.25]);
        Assert.Equal(new LocTerms(3, 4, 4), Assert.Single(terms));
    }

    // One pixel, (0, 0), of this box is in the picture.
    [Fact]
    public void Of_BoxOverTheEdge_CountsWhatIsInThePicture()
    {
        var terms = LocTerms.Of(Map, Size, [new PixelBox(-3, -3, 4, 4), new PixelBox(4, 0, 9, 9)], [0.5]);
        Assert.Equal(new LocTerms(1, 2, 1), Assert.Single(terms));
    }

    [Fact]
    public void Of_EmptyMap_IsZero()
    {
        var terms = LocTerms.Of(new float[16], Size, [new PixelBox(0, 0, 2, 2)], [0]);
        Assert.Equal((new LocTerms(0, 0, 4), 0.0), (terms[0], terms[0].Loc));
    }

    [Fact]
    public void Loc_NeitherBoxNorEvidence_IsZero() => Assert.Equal(0, new LocTerms(0, 0, 0).Loc);

    // 0.1f is a little more than 0.1: the comparison is made in double.
    [Fact]
    public void Of_DeltaThatIsNoFloat_IsComparedExactly()
    {
        var terms = LocTerms.Of([0.1f, 0.3f], new PixelSize(2, 1), [new PixelBox(0, 0, 2, 1)], [0.1, 0.3]);
        Assert.Equal([2L, 1L], terms.Select(t => t.Internal));
    }

    [Fact]
    public void Of_WrongSizeOrOrder_IsRefused()
    {
        Assert.Throws<ArgumentException>(() => LocTerms.Of(Map, new PixelSize(4, 3), [], [0]));
        Assert.Throws<ArgumentException>(() => LocTerms.Of(Map, Size, [], [0.5, 0.25]));
    }
}
