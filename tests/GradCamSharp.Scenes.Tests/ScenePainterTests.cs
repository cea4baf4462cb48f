namespace GradCamSharp.Scenes.Tests;

public class ScenePainterTests
{
    [Fact]
    public void Paint_SameSeed_SameBytes()
    {
        foreach (var index in (int[])[0, 7, 31])
        {
            using var first = new ScenePainter(new SceneOptions { Seed = 5, Size = 128 }).Paint(index);
            using var second = new ScenePainter(new SceneOptions { Seed = 5, Size = 128, Count = 9000 }).Paint(index);
            Assert.Equal(first.ToJpeg(), second.ToJpeg());
            Assert.Equal(first.ObjectIds, second.ObjectIds);
            Assert.Equal(first.Objects, second.Objects);
        }
    }

    [Fact]
    public void Paint_OtherSeedOrIndex_OtherPicture()
    {
        using var scene = new ScenePainter(new SceneOptions { Seed = 5, Size = 64 }).Paint(0);
        using var next = new ScenePainter(new SceneOptions { Seed = 5, Size = 64 }).Paint(1);
        using var other = new ScenePainter(new SceneOptions { Seed = 6, Size = 64 }).Paint(0);
        Assert.NotEqual(scene.ToJpeg(), next.ToJpeg());
        Assert.NotEqual(scene.ToJpeg(), other.ToJpeg());
    }

    [Fact]
    public void Paint_ManyScenes_BoxesAreMaskExtentsOfPromisedSize()
    {
        var painter = new ScenePainter(new SceneOptions { Seed = 11, Size = 160 });
        for (var index = 0; index < 150; index++)
        {
            using var scene = painter.Paint(index);
            Assert.InRange(scene.Objects.Count, 1, 5);
            for (var id = 1; id <= scene.Objects.Count; id++)
            {
                var truth = scene.Objects[id - 1];
                var (box, pixels) = Extent(scene, (byte)id);
                Assert.Equal(box, truth.Box);
                Assert.Equal(pixels, truth.Pixels);
                var longer = Math.Max(box.Width, box.Height) / (float)scene.Size;
                Assert.InRange(longer, ScenePainter.SmallestObject, ScenePainter.LargestObject);
                Assert.Contains(truth.Class, SceneClasses.Names);
            }

            Assert.True(scene.ObjectIds.ToArray().Max() <= scene.Objects.Count);
        }
    }

    [Fact]
    public void Paint_ObjectsCutOrCovered_AreMarked()
    {
        var painter = new ScenePainter(new SceneOptions { Seed = 12, Size = 96, SingleShare = 0 });
        int truncated = 0, occluded = 0;
        for (var index = 0; index < 80; index++)
        {
            using var scene = painter.Paint(index);
            truncated += scene.Objects.Count(static o => o.Truncated);
            occluded += scene.Objects.Count(static o => o.Occluded);
            foreach (var o in scene.Objects.Where(static o => o.Truncated))
            {
                int right = o.Box.X + o.Box.Width, bottom = o.Box.Y + o.Box.Height;
                Assert.True(o.Box.X == 0 || o.Box.Y == 0 || right == scene.Size || bottom == scene.Size || o.Occluded);
            }


            // The frontmost object lies behind nothing.
            Assert.False(scene.Objects[^1].Occluded);
        }

        Assert.True(truncated > 5, $"{truncated} objects are cut by the edge.");
        Assert.True(occluded > 5, $"{occluded} objects are partly covered.");
    }

    [Fact]
    public void Paint_OneObjectEach_ClassesAreBalanced()
    {
        var painter = new ScenePainter(new SceneOptions { Seed = 13, Size = 64, SingleShare = 1 });
        var counts = SceneClasses.Names.ToDictionary(static n => n, static _ => 0);
        for (var index = 0; index < 10 * SceneClasses.Names.Count; index++)
        {
            using var scene = painter.Paint(index);
            counts[Assert.Single(scene.Objects).Class]++;
        }

        Assert.All(counts.Values, static n => Assert.Equal(10, n));
    }

    [Fact]
    public void Paint_SeveralObjects_HalfOfTheScenesRepeatAClass()
    {
        var painter = new ScenePainter(new SceneOptions { Seed = 14, Size = 64, SingleShare = 0 });
        var repeated = 0;
        for (var index = 0; index < 100; index++)
        {
            using var scene = painter.Paint(index);
            Assert.InRange(scene.Objects.Count, 2, 5);
            if (scene.Objects.Select(static o => o.Class).Distinct().Count() < scene.Objects.Count)
                repeated++;
        }

        Assert.InRange(repeated, 45, 80);
    }

    /// <summary>
    /// Mean red, green and blue of an object's pixels, the nearest mean of the classes decides: with 12 classes, guessing is right once in
    /// twelve. Means of one half of the scenes judge the other half.
    /// </summary>
    [Fact]
    public void Paint_ColourAlone_DoesNotTellTheClass()
    {
        var classes = SceneClasses.Names.Count;
        const int each = 60;
        var painter = new ScenePainter(new SceneOptions { Seed = 15, Size = 96, SingleShare = 1 });
        var seen = new List<(int Class, double[] Color)>();
        for (var index = 0; index < each * classes; index++)
        {
            using var scene = painter.Paint(index);
            seen.Add((SceneClasses.Names.ToList().IndexOf(scene.Objects[0].Class), MeanColor(scene)));
        }

        var half = seen.Count / 2;
        var means = Enumerable.Range(0, classes).Select(c => Enumerable.Range(0, 3)
            .Select(channel => seen.Take(half).Where(s => s.Class == c).Average(s => s.Color[channel])).ToArray()).ToArray();
        var right = seen.Skip(half).Count(s => Enumerable.Range(0, classes).MinBy(c => Distance(means[c], s.Color)) == s.Class);
        var share = (double)right / half;
        Assert.True(share < 0.17, $"Colour alone is right in {share:P0} of the scenes; chance is {1.0 / classes:P0}.");
    }

    [Theory]
    [InlineData(0, 256, 0.3, 2, 5)]
    [InlineData(1, 63, 0.3, 2, 5)]
    [InlineData(1, 2049, 0.3, 2, 5)]
    [InlineData(1, 256, 1.1, 2, 5)]
    [InlineData(1, 256, double.NaN, 2, 5)]
    [InlineData(1, 256, 0.3, 0, 5)]
    [InlineData(1, 256, 0.3, 3, 2)]
    [InlineData(1, 256, 0.3, 2, 6)]
    public void Constructor_OptionOutOfRange_Throws(int count, int size, double single, int least, int most) =>
        Assert.ThrowsAny<ArgumentException>(() => new ScenePainter(
            new SceneOptions { Count = count, Size = size, SingleShare = single, MinObjects = least, MaxObjects = most }));

    [Fact]
    public void Constructor_UnknownClass_NamesTheKnownOnes()
    {
        var error = Assert.Throws<ArgumentException>(() => new ScenePainter(new SceneOptions { Classes = ["dragon"] }));
        Assert.Contains("teapot", error.Message, StringComparison.Ordinal);
    }

    private static ((int X, int Y, int Width, int Height) Box, int Pixels) Extent(Scene scene, byte id)
    {
        int left = int.MaxValue, top = int.MaxValue, right = -1, bottom = -1, pixels = 0;
        for (var i = 0; i < scene.ObjectIds.Length; i++)
            if (scene.ObjectIds[i] == id)
            {
                int x = i % scene.Size, y = i / scene.Size;
                (left, right, top, bottom) = (Math.Min(left, x), Math.Max(right, x), Math.Min(top, y), Math.Max(bottom, y));
                pixels++;
            }

        return ((left, top, right - left + 1, bottom - top + 1), pixels);
    }

    private static double[] MeanColor(Scene scene)
    {
        var sum = new double[3];
        for (var i = 0; i < scene.ObjectIds.Length; i++)
            if (scene.ObjectIds[i] == 1)
                for (var channel = 0; channel < 3; channel++)
                    sum[channel] += scene.Rgba[(i * 4) + channel];

        return [.. sum.Select(s => s / scene.Objects[0].Pixels)];
    }

    private static double Distance(double[] a, double[] b) => a.Zip(b, static (x, y) => (x - y) * (x - y)).Sum();
}
