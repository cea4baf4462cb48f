using GradCamSharp.Imaging;

namespace GradCamSharp.Tests.Imaging;

public class HeatMapTests
{
    [Fact]
    public void FromRaw_Values_SpanZeroToOne()
    {
        var map = Map([1, 2, 5, 3], 2, 2);
        Assert.Equal([0, 0.25f, 1, 0.5f], map.Values.ToArray());
        Assert.Equal((1f, 5f, false), (map.Minimum, map.Maximum, map.IsEmpty));
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(-3, 0)]
    [InlineData(-2, -2)]
    public void FromRaw_NoPositiveValue_IsEmptyAndZero(float first, float second)
    {
        var map = Map([first, second], 1, 2);
        Assert.True(map.IsEmpty);
        Assert.Equal([0f, 0f], map.Values.ToArray());
        Assert.Null(map.LargestPart());
    }

    [Fact]
    public void FromRaw_OnePositiveValueEverywhere_IsOne() => Assert.Equal([1f, 1f], Map([4, 4], 1, 2).Values.ToArray());

    [Fact]
    public void FromRaw_ExtremeRange_StaysFinite() =>
        Assert.Equal([0, 1, 0.5f], Map([float.MinValue, float.MaxValue, 0], 1, 3).Values.ToArray());

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void FromRaw_NotFinite_SaysSo(float value) => Assert.Throws<InvalidDataException>(() => Map([1, value], 1, 2));

    [Fact]
    public void FromRaw_WrongLength_Throws() => Assert.Throws<ArgumentException>(() => Map([1, 2], 2, 2));

    [Fact]
    public void AtInput_TwoToFive_HasHalfPixelCentres()
    {
        // (i + 0.5) * 2/5 - 0.5 = -0.3, 0.1, 0.5, 0.9, 1.3; clamped to [0, 1]
        Assert.Equal([0, 0.1f, 0.5f, 0.9f, 1], AtInput([0, 1], 1, 2, new(5, 1)), Close);
        Assert.Equal([0, 0.1f, 0.5f, 0.9f, 1], AtInput([0, 1], 2, 1, new(1, 5)), Close);
    }

    [Fact]
    public void AtInput_Smaller_IsNotAntialiased()
    {
        // (i + 0.5) * 4/2 - 0.5 = 0.5, 2.5: between neighbours only
        Assert.Equal([0.5f, 0.5f], AtInput([0, 1, 1, 0], 1, 4, new(2, 1)), Close);
    }

    [Fact]
    public void AtInput_BothAxes_IsTheProductOfBoth()
    {
        // Along each axis 0, 0.25, 0.75, 1 of the way; f(x, y) = x * y
        float[] way = [0, 0.25f, 0.75f, 1];
        Assert.Equal([.. way.SelectMany(y => way.Select(x => x * y))], AtInput([0, 0, 0, 1], 2, 2, new(4, 4)), Close);
    }

    [Fact]
    public void Values_CentreCrop_IsZeroOutside()
    {
        // A picture of 8 x 2, halved to 4 x 1, the middle 2 x 1 as input: original columns 2 to 5.
        var geometry = new Geometry(new(8, 2), new(4, 1), new(1, 0, 2, 1));
        var map = HeatMap.FromRaw([0, 1], 1, 2, geometry);
        Assert.Equal(new PixelSize(8, 2), map.Size);
        // Column 3: (3.5 / 2 - 1) - 0.5 = 0.25
        float[] row = [0, 0, 0, 0.25f, 0.75f, 1, 0, 0];
        Assert.Equal([.. row, .. row], map.Values.ToArray(), Close);
    }

    [Fact]
    public void Values_PaddedInput_DropsThePadding()
    {
        // A picture of 2 x 1 in the middle of an input of 4 x 1.
        var geometry = new Geometry(new(2, 1), new(2, 1), new(-1, 0, 4, 1));
        Assert.Equal([0.25f, 1], HeatMap.FromRaw([0, 1, 4, 3], 1, 4, geometry).Values.ToArray(), Close);
    }

    [Fact]
    public void LargestPart_TwoParts_IsTheLarger()
    {
        // Diagonal neighbours are not connected; a ring that joins below is one part.
        float[] raw =
        [
            9, 0, 0, 0, 0, 0,
            0, 0, 8, 0, 8, 0,
            0, 0, 8, 0, 8, 0,
            0, 0, 8, 8, 8, 0,
            5, 0, 0, 0, 0, 4,
        ];
        Assert.Equal(new PixelBox(2, 1, 3, 3), Map(raw, 5, 6).LargestPart());
    }

    [Fact]
    public void LargestPart_HalfOfTheMaximum_IsNotAboveIt() =>
        Assert.Equal(new PixelBox(3, 0, 1, 1), Map([0, 2, 2, 4], 1, 4).LargestPart());

    [Fact]
    public void LargestPart_EquallyLarge_IsTheUppermost() =>
        Assert.Equal(new PixelBox(2, 0, 1, 1), Map([0, 0, 1, 1, 0, 0], 2, 3).LargestPart());

    [Fact]
    public void LargestPart_RandomMaps_AgreesWithFlooding()
    {
        var random = new Random(3);
        for (var round = 0; round < 200; round++)
        {
            int width = random.Next(1, 12), height = random.Next(1, 12);
            var raw = new float[width * height];
            for (var i = 0; i < raw.Length; i++) raw[i] = random.Next(3) == 0 ? 0 : 1;
            raw[random.Next(raw.Length)] = 1;
            if (!raw.Contains(0)) continue;
            Assert.Equal(Flooded(raw, width, height), Map(raw, height, width).LargestPart());
        }
    }

    private static PixelBox? Flooded(float[] raw, int width, int height)
    {
        var seen = new bool[raw.Length];
        List<int> best = [];
        for (var start = 0; start < raw.Length; start++)
        {
            List<int> part = [];
            var open = new Stack<int>([start]);
            while (open.TryPop(out var at))
            {
                if (seen[at] || raw[at] == 0) continue;
                seen[at] = true;
                part.Add(at);
                if (at % width > 0) open.Push(at - 1);
                if (at % width < width - 1) open.Push(at + 1);
                if (at / width > 0) open.Push(at - width);
                if (at / width < height - 1) open.Push(at + width);
            }
            if (part.Count > best.Count) best = part;
        }
        int x = best.Min(i => i % width), y = best.Min(i => i / width);
        return new PixelBox(x, y, best.Max(i => i % width) - x + 1, best.Max(i => i / width) - y + 1);
    }

    private static HeatMap Map(float[] raw, int height, int width) =>
        HeatMap.FromRaw(raw, height, width, new Geometry(new(width, height), new(width, height), new(0, 0, width, height)));

    private static float[] AtInput(float[] raw, int height, int width, PixelSize input) =>
        HeatMap.FromRaw(raw, height, width, new Geometry(input, input, new(0, 0, input.Width, input.Height))).AtInput.ToArray();

    private static bool Close(float a, float b) => Math.Abs(a - b) < 1e-6f;
}
