using GradCamSharp.Evaluation.Metrics;
using GradCamSharp.Imaging;

namespace GradCamSharp.Evaluation.Tests.Metrics;

public sealed class BlurringTests
{
    [Fact]
    public void Blur_EvenColour_StaysItToTheEdge()
    {
        float[] plane = [.. Enumerable.Repeat(-0.7f, 20 * 9)];
        Assert.All(Blurring.Blur(plane, new PixelSize(20, 9)), v => Assert.Equal(-0.7f, v, 1e-6f));
    }

    // The weights are exp(-d^2 / 50), d from -5 to 5, over their sum 1 + 2 (e^-0.02 + e^-0.08 + e^-0.18 + e^-0.32 + e^-0.5) = 9.14253.
    // A point of 255 in the middle becomes 255 / 9.14253^2 = 3.05076 there,
    // then that times e^-0.02, e^-0.08 and so on; six pixels aside nothing.
    [Fact]
    public void Blur_Point_SpreadsFivePixelsFar()
    {
        float[] plane = new float[21 * 21];
        plane[(10 * 21) + 10] = 255;
        float[] blurred = Blurring.Blur(plane, new PixelSize(21, 21));
        float[] expected = [3.05076f, 2.99035f, 2.81620f, 2.54821f, 2.21530f, 1.85038f, 0];
        for (int d = 0; d < expected.Length; d++)
        {
            Assert.Equal(expected[d], blurred[(10 * 21) + 10 + d], 1e-4f);
            Assert.Equal(expected[d], blurred[((10 - d) * 21) + 10], 1e-4f);
        }
    }

    [Fact]
    public void Blur_OtherNumberOfValuesThanPixels_IsRefused() =>
        Assert.Throws<ArgumentException>(() => Blurring.Blur(new float[20], new PixelSize(3, 7)));
}
