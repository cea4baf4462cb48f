using GradCamSharp.Methods;
using OnnxGrad;

namespace GradCamSharp.Tests.Methods;

/// <summary>Every method on two channels of 2 x 2, worked by hand from the paper's equations.</summary>
public class CamMethodsTests
{
    // A^1 = [1 2; 0 1], sum 4     g^1 = [ 1   -1;  0     0.5]
    // A^2 = [2 0; 1 1], sum 4     g^2 = [-0.5  0;  0.25 -1  ]
    private static readonly float[] Activation = [1, 2, 0, 1, 2, 0, 1, 1], Gradient = [1, -1, 0, 0.5f, -0.5f, 0, 0.25f, -1];

    public static TheoryData<string, float[]> WorkedMaps => new()
    {
        // w_1 = (1 - 1 + 0 + 0.5) / 4 = 0.125, w_2 = (-0.5 + 0 + 0.25 - 1) / 4 = -0.3125
        // L = relu(0.125 [1 2; 0 1] - 0.3125 [2 0; 1 1])
        { "gradcam", [0, 0.25f, 0, 0] },

        // alpha = 1 / (2 + 4 g): alpha^1 at (1, 0.5) = (1/6, 1/4), alpha^2 at 0.25 = 1/3
        // w_1 = 1/6 + 0.5/4 = 7/24, w_2 = 0.25/3 = 2/24
        // L = (7 [1 2; 0 1] + 2 [2 0; 1 1]) / 24
        { "gradcam++", [11f / 24, 14f / 24, 2f / 24, 9f / 24] },

        // alpha^1 = [1/6 -1/2; 0 1/4]; alpha^2 = [0 0; 1/3 -1/2], its first 0 because there 2 + 4 g = 0
        // w_1 = 1/6 + 1/2 + 1/8 = 19/24, w_2 = 1/12 + 1/2 = 14/24
        // L = (19 [1 2; 0 1] + 14 [2 0; 1 1]) / 24
        { "gradcam++-no-relu", [47f / 24, 38f / 24, 14f / 24, 33f / 24] },

        // alpha^1 where g > 0: 1/6 and 1/4, of 5/12 together: shares 2/5 and 3/5. w_1 = 2/5 + 0.5 * 3/5 = 0.7
        // alpha^2 where g > 0: one alone, share 1. w_2 = 0.25
        // L = 0.7 [1 2; 0 1] + 0.25 [2 0; 1 1]
        { "gradcam++-authors", [1.2f, 1.4f, 0.25f, 0.95f] },

        // w_1 = (1 + 0.5) / 4 = 0.375, w_2 = 0.25 / 4 = 0.0625
        // L = 0.375 [1 2; 0 1] + 0.0625 [2 0; 1 1]
        { "gradcam-positive", [0.5f, 0.75f, 0.0625f, 0.4375f] },

        // w_1 = (1 - 2 + 0 + 0.5) / 4 = -0.125, w_2 = (-1 + 0 + 0.25 - 1) / 4 = -0.4375: no evidence anywhere
        { "xgradcam", [0, 0, 0, 0] },
    };

    [Theory]
    [MemberData(nameof(WorkedMaps))]
    public void Map_TwoChannels_IsAsWorkedByHand(string method, float[] expected)
    {
        float[] map = TinyNetwork.Map(TinyNetwork.Linear(new Shape(1, 2, 2, 2), Gradient), CamMethods.Parse(method)[0], Activation);
        Assert.Equal(expected, map, (e, a) => Math.Abs(e - a) < 1e-6);
    }

    [Fact]
    public void All_EveryCamMethodExceptCam_IsWorkedByHandHere()
    {
        // CAM has CamTests; what does not weight whole channels has MethodCornerTests; the methods at the input's resolution have
        // PixelMethodsTests and GuidedCamTests.
        var here = CamMethods.All.OfType<WeightedCam>().Select(m => m.Name).Order();
        Assert.Equal(here, WorkedMaps.Select(row => row.Data.Item1).Order());
    }

    [Theory]
    [MemberData(nameof(CamNames))]
    public void Map_NoGradient_IsZero(string method)
    {
        float[] map = TinyNetwork.Map(TinyNetwork.Linear(new Shape(1, 2, 2, 2), new float[8]), CamMethods.Parse(method)[0], Activation);
        Assert.Equal(new float[4], map);
    }

    [Theory]
    [InlineData("gradcam", 0.125, -0.3125)]
    // 2 + 4 g is 2 to nine digits, so alpha = 1/2 wherever g is not 0, and w is half the sum of the positive gradients (of all: no-relu).
    [InlineData("gradcam++", 0.75, 0.125)]
    [InlineData("gradcam++-no-relu", 0.25, -0.625)]
    // Equal alphas are equal shares: w_1 = (1 + 0.5) / 2, w_2 = 0.25.
    [InlineData("gradcam++-authors", 0.75, 0.25)]
    [InlineData("gradcam-positive", 0.375, 0.0625)]
    public void Map_GradientsOfABillionth_AreNotLost(string method, double first, double second)
    {
        const double tiny = 1e-9;
        float[] gradient = [.. Gradient.Select(g => (float)(g * tiny))];
        float[] map = TinyNetwork.Map(TinyNetwork.Linear(new Shape(1, 2, 2, 2), gradient), CamMethods.Parse(method)[0], Activation);
        for (int i = 0; i < 4; i++)
            Assert.Equal(Math.Max(0, (first * Activation[i]) + (second * Activation[4 + i])), map[i] / tiny, 1e-5);
    }

    [Theory]
    // One spatial axis: A = [1 2 3], sum 6, g = [1 0 -1].
    // gradcam: w = 0. gradcam++: alpha at 1 = 1/8, w = 1/8. No relu: alpha at -1 = -1/4, w = 1/8 + 1/4.
    [InlineData("gradcam", 0)]
    [InlineData("gradcam++", 1.0 / 8)]
    [InlineData("gradcam++-no-relu", 3.0 / 8)]
    public void Map_OneSpatialAxis_IsAsWorkedByHand(string method, double weight)
    {
        float[] map = TinyNetwork.Map(TinyNetwork.Linear(new Shape(1, 1, 3), [1, 0, -1]), CamMethods.Parse(method)[0], 1, 2, 3);
        Assert.Equal([weight, 2 * weight, 3 * weight], map.Select(v => (double)v), (e, a) => Math.Abs(e - a) < 1e-6);
    }

    [Theory]
    // Three spatial axes: A = 1 ... 8, sum 36, g = 1 at the first place and 0 elsewhere: gradcam's w = 1/8, gradcam++'s 1 / (2 + 36).
    [InlineData("gradcam", 1.0 / 8)]
    [InlineData("gradcam++", 1.0 / 38)]
    public void Map_ThreeSpatialAxes_IsAsWorkedByHand(string method, double weight)
    {
        var model = TinyNetwork.Linear(new Shape(1, 1, 2, 2, 2), [1, 0, 0, 0, 0, 0, 0, 0]);
        float[] map = TinyNetwork.Map(model, CamMethods.Parse(method)[0], 1, 2, 3, 4, 5, 6, 7, 8);
        Assert.Equal(Enumerable.Range(1, 8).Select(i => i * weight), map.Select(v => (double)v), (e, a) => Math.Abs(e - a) < 1e-6);
    }

    [Fact]
    public void Parse_SeveralNamesInAnyCase_KeepsTheirOrderOnce() =>
        Assert.Equal(["cam", "gradcam++"], CamMethods.Parse(" CAM, GradCAM++,cam").Select(m => m.Name));

    [Fact]
    public void Parse_UnknownName_ListsThoseThatExist()
    {
        string message = Assert.Throws<ArgumentException>(() => CamMethods.Parse("gradcam,gradcamp")).Message;
        Assert.Contains("Did you mean 'gradcam'?", message, StringComparison.Ordinal);
        Assert.All(CamMethods.All, m => Assert.Contains(m.Name, message, StringComparison.Ordinal));
    }

    [Fact]
    public void All_NamesAndTexts_AreThereAndUnique()
    {
        Assert.Equal(CamMethods.All.Count, CamMethods.All.Select(m => m.Name).Distinct().Count());
        Assert.All(CamMethods.All, m => Assert.All([m.Title, m.Equation, m.Summary], t => Assert.False(string.IsNullOrWhiteSpace(t))));
        Assert.Equal("gradcam++", CamMethods.Default.Name);
    }

    public static TheoryData<string> CamNames => [.. CamMethods.All.OfType<WeightedCam>().Select(m => m.Name)];
}
