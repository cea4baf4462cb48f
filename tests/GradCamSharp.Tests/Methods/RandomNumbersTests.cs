using System.Globalization;
using System.Text.Json;
using GradCamSharp.Methods;

namespace GradCamSharp.Tests.Methods;

/// <summary>The random numbers are those that the references were made with.</summary>
public class RandomNumbersTests
{
    [Fact]
    public void Numbers_OfTheTestVectors_AreExact()
    {
        string manifest = File.ReadAllText(SharedData.Path("methods/cases-cam/manifest.json"));
        var random = JsonDocument.Parse(manifest).RootElement.GetProperty("random");
        var published = new RandomNumbers(1234567);
        Assert.Equal(Integers(random, "splitmix64(1234567, 0..4)"), Enumerable.Range(0, 5).Select(i => published.Bits(i)));
        var first = new RandomNumbers(1);
        Assert.Equal(Integers(random, "stream(1, 0..3)"), Enumerable.Range(0, 4).Select(i => first.Bits(i)));
        Assert.Equal(Numbers(random, "uniform(stream(1, 0), 6)"), Enumerable.Range(0, 6).Select(i => (double)first[0].Uniform(i)));
        Assert.Equal(Numbers(random, "normal(stream(1, 0), 7)"), Enumerable.Range(0, 7).Select(i => (double)first[0].Normal(i)));
    }

    [Theory]
    [InlineData(0, 7)]
    [InlineData(3, 4)]
    [InlineData(2, 1)]
    public void FillNormal_FromAnyIndex_IsTheSameNumbers(int start, int count)
    {
        var numbers = new RandomNumbers(5)[2];
        float[] filled = new float[count];
        numbers.FillNormal(filled, start);
        Assert.Equal(Enumerable.Range(start, count).Select(i => numbers.Normal(i)), filled);
    }

    private static IEnumerable<ulong> Integers(JsonElement random, string name) =>
        random.GetProperty(name).EnumerateArray().Select(v => ulong.Parse(v.GetString()!, CultureInfo.InvariantCulture));

    private static IEnumerable<double> Numbers(JsonElement random, string name) =>
        random.GetProperty(name).EnumerateArray().Select(v => v.GetDouble());
}
