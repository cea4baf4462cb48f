using GradCamSharp.Evaluation.Imputing;
using GradCamSharp.Imaging;
using GradCamSharp.Methods;

namespace GradCamSharp.Evaluation.Tests.Imputing;

public sealed class ImputationTests
{
    private const int Height = 21, Width = 34;

    public static TheoryData<string, int> Masks => new()
    {
        { "scattered", 10 }, { "scattered", 50 }, { "scattered", 90 }, { "scattered", 99 }, { "block", 50 }, { "block", 90 }, { "one", 0 },
        { "all but one", 0 }, { "edge", 0 },
    };

    [Theory]
    [MemberData(nameof(Masks))]
    public void Fill_RemovedPixels_AreTheirNeighboursMeans(string kind, int percent)
    {
        bool[] removed = Mask(kind, percent);
        float[] planes = Planes();
        float[] filled = [.. planes];
        new Imputation(new PixelSize(Width, Height)).Fill(filled, removed);

        for (int c = 0; c < 3; c++)
        {
            double[] exact = Eliminate(planes.AsSpan(c * removed.Length, removed.Length), removed);
            for (int i = 0; i < removed.Length; i++)
                Assert.Equal(exact[i], filled[(c * removed.Length) + i], removed[i] ? 0.6 : 0);
        }
    }

    [Fact]
    public void Fill_PlanePicture_IsItself()
    {
        // Away from the edges a plane is the mean of its neighbours.
        bool[] removed = new bool[Height * Width];
        float[] plane = new float[removed.Length];
        for (int i = 0; i < plane.Length; i++)
        {
            int y = i / Width, x = i % Width;
            plane[i] = (3 * y) - x + 100;
            removed[i] = y is > 2 and < 15 && x is > 4 and < 30;
        }

        float[] filled = [.. plane.Zip(removed, (v, r) => r ? 0 : v)];
        new Imputation(new PixelSize(Width, Height)).Fill(filled, removed);
        Assert.All(plane.Zip(filled), pair => Assert.Equal(pair.First, pair.Second, 0.05));
    }

    [Fact]
    public void Fill_SamePictureAgain_GivesTheSameBytes()
    {
        bool[] removed = Mask("block", 90), other = Mask("scattered", 50);
        var imputation = new Imputation(new PixelSize(Width, Height));
        float[] first = Planes(), second = Planes(), between = Planes();
        imputation.Fill(first, removed);
        imputation.Fill(between, other);
        imputation.Fill(second, removed);
        Assert.Equal(first, second);
    }

    [Fact]
    public void Fill_LargeHole_TakesFewSteps()
    {
        var size = new PixelSize(224, 224);
        bool[] removed = new bool[224 * 224];
        for (int i = 0; i < removed.Length; i++)
            removed[i] = i / 224 is > 5 and < 215 && i % 224 is > 3 and < 220;
        var random = new RandomNumbers(4);
        float[] plane = new float[removed.Length];
        for (int i = 0; i < plane.Length; i++)
            plane[i] = removed[i] ? 0 : 255 * random.Uniform(i);
        var imputation = new Imputation(size);
        imputation.Fill(plane, removed);
        Assert.InRange(imputation.Steps, 1, 15);
    }

    [Fact]
    public void Fill_AllPixelsRemoved_IsRefused() => Assert.Throws<ArgumentException>(
        () => new Imputation(new PixelSize(2, 2)).Fill(new float[4], [true, true, true, true]));

    [Fact]
    public void Fill_BlackAround_IsBlack()
    {
        float[] plane = [0, 0, 0, 0, 7, 0, 0, 0, 0];
        new Imputation(new PixelSize(3, 3)).Fill(plane, [false, false, false, false, true, false, false, false, false]);
        Assert.All(plane, v => Assert.Equal(0, v));
    }

    private static float[] Planes()
    {
        var random = new RandomNumbers(7);
        return [.. Enumerable.Range(0, 3 * Height * Width).Select(i => 255 * random.Uniform(i))];
    }

    private static bool[] Mask(string kind, int percent)
    {
        int count = Height * Width;
        var random = new RandomNumbers(11);
        int[] order = random.Order(count);
        return kind switch
        {
            "scattered" => [.. Enumerable.Range(0, count).Select(i => random.Uniform(i) < percent / 100f)],
            "block" => [.. Enumerable.Range(0, count).Select(i => i < count * percent / 100)],
            "one" => [.. Enumerable.Range(0, count).Select(i => i == order[0])],
            "all but one" => [.. Enumerable.Range(0, count).Select(i => i != order[0])],
            _ => [.. Enumerable.Range(0, count).Select(i => i % Width == 0 || i / Width == Height - 1)],
        };
    }

    // Gauss' elimination of the definition's equations, in double.
    private static double[] Eliminate(ReadOnlySpan<float> plane, bool[] removed)
    {
        int[] at = [.. Enumerable.Range(0, removed.Length).Where(i => removed[i])];
        var number = at.Select((place, i) => (place, i)).ToDictionary(p => p.place, p => p.i);
        double[,] a = new double[at.Length, at.Length];
        double[] b = new double[at.Length];
        foreach (var (place, i) in number)
        {
            for (int dy = -1; dy <= 1; dy++)
            {
                for (int dx = -1; dx <= 1; dx++)
                {
                    int y = (place / Width) + dy, x = (place % Width) + dx;
                    if ((dy == 0 && dx == 0) || y < 0 || y >= Height || x < 0 || x >= Width)
                        continue;
                    double weight = dy == 0 || dx == 0 ? 1.0 / 6 : 1.0 / 12;
                    a[i, i] += weight;
                    if (number.TryGetValue((y * Width) + x, out int other))
                        a[i, other] -= weight;
                    else
                        b[i] += weight * plane[(y * Width) + x];
                }
            }
        }

        for (int k = 0; k < at.Length; k++)
        {
            for (int i = k + 1; i < at.Length; i++)
            {
                double factor = a[i, k] / a[k, k];
                if (factor == 0)
                    continue;
                for (int j = k; j < at.Length; j++)
                    a[i, j] -= factor * a[k, j];
                b[i] -= factor * b[k];
            }
        }

        double[] result = [.. plane.ToArray().Select(v => (double)v)];
        for (int k = at.Length - 1; k >= 0; k--)
        {
            double sum = b[k];
            for (int j = k + 1; j < at.Length; j++)
                sum -= a[k, j] * result[at[j]];
            result[at[k]] = sum / a[k, k];
        }

        return result;
    }
}
