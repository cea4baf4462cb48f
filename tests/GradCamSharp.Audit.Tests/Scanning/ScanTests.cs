using GradCamSharp.Audit.Scanning;
using GradCamSharp.Imaging;
using static GradCamSharp.Audit.Tests.Scanning.SyntheticPictures;

namespace GradCamSharp.Audit.Tests.Scanning;

public sealed class ScanTests
{
    private static readonly MapGrid Grid = new(MapSide, MapSide, Size);
    private static readonly ClassPictures All = new(Grid, Maps, [.. Pictures.Select(Detail.Of)]);

    [Fact]
    public void Detail_OfPrototypePictures_IsThePrototypes()
    {
        float[] detail = All.Details[0];
        Assert.Equal(30.1286, detail[0], 1e-3);
        Assert.Equal(-49.2521, detail[(20 * Side) + 31], 1e-3);
        Assert.Equal(-20.2421, detail[^1], 1e-3);
    }

    [Fact]
    public void Detail_OfOneColour_IsNothing()
    {
        byte[] pixels = new byte[3 * 5 * 3];
        Array.Fill(pixels, (byte)90);
        Assert.All(Detail.Of(new Picture(5, 3, pixels)), v => Assert.Equal(0, v, 1e-4));
    }

    [Fact]
    public void AtInput_OfPrototypeMaps_IsThePrototypes()
    {
        Assert.Equal(25.83984375, Grid.AtInput(Maps[0])[(33 * Side) + 11], 1e-5);
        Assert.Equal(0, Grid.AtInput(Maps[5])[0], 1e-6);
        Assert.Equal(2.875, Grid.AtInput(Maps[5])[(47 * Side) + 20], 1e-5);
    }

    [Fact]
    public void Coarse_OfFinerMap_KeepsSumAndPlace()
    {
        var grid = new MapGrid(24, 20, Size);
        float[] map = new float[24 * 20];
        map[(23 * 20) + 19] = 3;
        float[] coarse = grid.Coarse(map);
        Assert.Equal(16 * 16, coarse.Length);
        Assert.Equal(3, coarse[^1], 1e-5);
        Assert.Equal(3, coarse.Sum(), 1e-5);
    }

    [Fact]
    public void Distance_OfPrototypeViews_IsThePrototypes()
    {
        var where = Embedding.Of(Maps);
        var what = Embedding.Of(Parts);
        Assert.Equal(0.2857298278248971, where.Distance(0, 1), 1e-9);
        Assert.Equal(1.2217991652140534, where.Distance(0, 23), 1e-9);
        Assert.Equal(1.4354264736014917, what.Distance(0, 1), 1e-9);
        Assert.Equal(0.8745477122758117, what.Distance(3, 17), 1e-9);
    }

    [Fact]
    public void Nearest_OfPrototypeViews_IsThePrototypes()
    {
        int[][] nearest = Embedding.Of(Maps).Nearest(7);
        Assert.Equal([5, 6, 8, 4, 7, 3, 2], nearest[0]);
        Assert.Equal([13, 10, 11, 23, 22, 19, 20], nearest[12]);
    }

    [Fact]
    public void Nearest_OfEqualPictures_TakesTheEarlierAndNotItself()
    {
        var same = Embedding.Of([[1f, 2], [1f, 2], [1f, 2], [1f, 2]]);
        Assert.Equal([0, 1], same.Nearest(2)[2]);
    }

    [Fact]
    public void Shares_OfNothingPositive_AreUniform() => Assert.Equal([0.25, 0.25, 0.25, 0.25], Embedding.Shares([-1, 0, 0, -3]));

    [Theory]
    [InlineData(new[] { 0, 1, 2, 3, 4, 5, 6, 7 }, 0.564957686832973, 0.259866680417742)]
    [InlineData(new[] { 10, 11, 12, 13, 14, 15, 16, 17 }, 0.002867255892072405, 0.2195429461342948)]
    [InlineData(new[] { 0, 3, 10, 14, 18, 19, 20, 23 }, 0.0028260094778878348, 0.08500150271824428)]
    public void SharpAndAligned_OfPrototypeGroups_AreThePrototypes(int[] members, double sharp, double aligned)
    {
        Assert.Equal(sharp, All.Sharp(members), 1e-5);
        Assert.Equal(aligned, All.Aligned(members).Score, 1e-5);
    }

    [Fact]
    public void Best_OfAPictureWithTheMark_StandsOffFromOneWithout()
    {
        int[] members = [0, 1, 2, 3, 4, 5, 6, 7];
        var template = new MarkTemplate([.. members.Select(i => All.Windows[i])], All.Aligned(members).Mean);
        var known = template.Best(All.Details[9], Size);
        Assert.True(known.Score > 0.8, $"{known}");
        // The mark that these pictures have elsewhere is the same.
        Assert.True(template.Best(All.Details[14], Size).Score > 0.8);
        Assert.True(template.Best(All.Details[20], Size).Score < 0.6);
    }

    [Fact]
    public void Found_OfGroups_WantsHalfOfThemAbove()
    {
        // Picture 3 lies in one group above the level and in two that are not.
        var scan = new ViewScan(
            Embedding.Of([[1f], [1f], [1f], [1f]]), [[0, 1], [1, 0], [2, 3], [3, 2], [0, 3]], [0.9, 0.9, 0, 0, 0.9], [0, 0, 0, 0, 0]);
        Assert.Equal([0, 1], scan.Found(0.3, 0.4));
    }

    [Fact]
    public void MixedGroups_OfThreeClasses_AreNoClassAlone()
    {
        int[] classes = [.. Enumerable.Range(0, Count).Select(i => i % 3)];
        int[][] groups = MixedGroups.Of(classes, i => Parts[i], 1);
        Assert.NotEmpty(groups);
        Assert.All(groups, g => Assert.True(g.GroupBy(i => classes[i]).Max(c => c.Count()) <= 3));
        Assert.All(groups, g => Assert.Equal(ViewScan.Members, g.Distinct().Count()));
    }
}
