using GradCamSharp.Evaluation.Metrics;
using GradCamSharp.Imaging;

namespace GradCamSharp.Evaluation.Tests.Metrics;

public sealed class BlurringTests
{
    [Fact]
    public void Blur_EvenColour_StaysItToTheEdge()
    {
        byte[] pixels = [.. Enumerable.Range(0, 20 * 9).SelectMany(_ => (byte[])[10, 200, 255])];
        Assert.Equal(pixels, Blurring.Blur(new Picture(20, 9, pixels)).Pixels.ToArray());
    }

    // The weights are exp(-d^2 / 50), d from -5 to 5, over their sum 1 + 2 (e^-0.02 + e^-0.08 + e^-0.18 + e^-0.32 + e^-0.5) = 9.142.
    // A red point of 255 in the middle becomes 255 / 9.142^2 = 3.05 there, then 2.99, 2.82, 2.55, 2.21 and, five pixels aside, 1.85; six aside nothing.
    [Fact]
    public void Blur_Point_SpreadsFivePixelsFar()
    {
        byte[] pixels = new byte[21 * 21 * 3];
        pixels[3 * ((10 * 21) + 10)] = 255;
        var blurred = Blurring.Blur(new Picture(21, 21, pixels));
        int[] row = [.. Enumerable.Range(10, 7).Select(x => (int)blurred.Row(10)[3 * x])];
        Assert.Equal([3, 3, 3, 3, 2, 2, 0], row);
        Assert.Equal(0, blurred.Row(10)[(3 * 10) + 1]);
    }
}
