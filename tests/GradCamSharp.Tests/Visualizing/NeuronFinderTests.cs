using GradCamSharp.Imaging;
using GradCamSharp.Methods;
using GradCamSharp.Targets;
using GradCamSharp.Visualizing;

namespace GradCamSharp.Tests.Visualizing;

/// <summary>The channels that carry a decision, on a network and a picture of the repository.</summary>
public class NeuronFinderTests
{
    private static readonly Picture Sample =
        PictureDecoder.Decode(Path.Combine(SharedData.RepositoryRoot(), "samples", "umbrellas.jpg"));

    [Theory]
    [InlineData("scenes-vgg")]
    [InlineData("scenes-resnet")]
    public void Find_OfAllChannels_SumsToHiResCam(string model)
    {
        using var explainer = Load(model);
        var report = NeuronFinder.Find(
            explainer, Sample, ClassRequest.Top1, null, int.MaxValue, TestContext.Current.CancellationToken);
        var map = explainer.Explain(
            Sample, [new HiResCam()], [ClassRequest.Top1], TestContext.Current.CancellationToken).Explanations[0];
        double expected = map.Raw.Span.ToArray().Sum(v => (double)v);
        Assert.Equal(expected, report.Neurons.Sum(n => n.Contribution), 1e-3 * Math.Abs(expected));
        Assert.Equal(map.Class, report.Decision.Index);
        Assert.Equal(report.Neurons.OrderByDescending(n => n.Contribution).Select(n => n.Channel), report.Neurons.Select(n => n.Channel));
        Assert.Equal(1, report.Neurons.Sum(n => Math.Abs(n.Share)), 1e-9);
        foreach (var neuron in report.Neurons)
        {
            Assert.InRange(neuron.Patch.X, 0, Sample.Width - neuron.Patch.Width);
            Assert.InRange(neuron.Patch.Y, 0, Sample.Height - neuron.Patch.Height);
            Assert.True(neuron.Patch is { Width: > 0, Height: > 0 });
        }
    }

    [Fact]
    public void Find_OfFewChannels_HasPatchesWhereTheyAreStrongest()
    {
        using var explainer = Load("scenes-vgg");
        var report = NeuronFinder.Find(explainer, Sample, ClassRequest.Top1, null, 4, TestContext.Current.CancellationToken);
        Assert.Equal(4, report.Neurons.Count);
        foreach (var neuron in report.Neurons.Where(n => n.Strongest > 0))
        {
            int at = neuron.Map.Values.IndexOf(1);
            if (at < 0)
                continue;
            Assert.InRange(at % Sample.Width, neuron.Patch.X, neuron.Patch.X + neuron.Patch.Width);
            Assert.InRange(at / Sample.Width, neuron.Patch.Y, neuron.Patch.Y + neuron.Patch.Height);
        }

        var sheet = NeuronSheet.Draw(Sample, report);
        Assert.InRange(sheet.Width, 4 * 200, 4 * 260);
    }

    private static PictureExplainer Load(string model) => PictureExplainer.Load(
        Path.Combine(SharedData.RepositoryRoot(), "src", "GradCamSharp.Cli", "Models", model + ".onnx"));
}
