using System.Text.Json;
using GradCamSharp.Imaging;
using GradCamSharp.Methods;
using GradCamSharp.Output;
using GradCamSharp.Targets;
using OnnxGrad;

namespace GradCamSharp.Tests.Oracle;

/// <summary>SqueezeNet 1.1 on nine photos against float64 references.</summary>
public sealed class RealPhotosTests : IClassFixture<RealPhotosTests.SqueezeNet>
{
    private const double MapTolerance = 1e-3, PixelTolerance = 2e-3;

    private readonly SqueezeNet network;

    public RealPhotosTests(SqueezeNet network) => this.network = network;

    public static TheoryData<string> Photos =>
        ["both", "collies", "dog_cat", "dogs", "horses", "multiple_dogs", "puppies", "snake", "water-bird"];

    [Fact]
    public void Layer_NoneNamed_IsLastConcatOfFire9()
    {
        Assert.Equal("fire9/concat_1", network.Explainer.Model.Layer.Name);
        Assert.Equal(new Shape(13, 13), network.Explainer.Model.Layer.Spatial);
    }

    [Theory]
    [MemberData(nameof(Photos))]
    public void Explain_ReferenceInput_MapsMatchReference(string photo)
    {
        ExplanationMethod[] methods = [new GradCam(), new GradCamPlusPlus(), new Saliency(), new GuidedBackprop(), new Deconvnet()];
        var batch = Explain(photo, methods, out var explained);
        Assert.Equal([explained], batch.Classes[0]);
        foreach (var (method, maps) in batch.Maps)
        {
            string reference = method switch
            {
                GradCam => "gradcam",
                GradCamPlusPlus => "gradcampp",
                Saliency => "input_gradient",
                GuidedBackprop => "guided",
                _ => "deconvnet",
            };
            // Gradients at the input are kept for three of the photos.
            if (method.IsPixelSpace && SharedData.Find($"real/{photo}.{reference}.npy") is null)
                continue;
            var expected = Npy.Read<float>(SharedData.Path($"real/{photo}.{reference}.npy")).Values;
            Closeness.AssertWithin(method.IsPixelSpace ? PixelTolerance : MapTolerance, maps[0, 0], expected, $"{photo} {method.Name}");
        }
    }

    [Theory]
    [MemberData(nameof(Photos))]
    public void Prepare_Photo_TensorIsWithinOneOfReference(string photo)
    {
        var reference = Npy.Read<float>(SharedData.Path($"real/{photo}.input.npy")).Values;
        var prepared = network.Explainer.Preprocessing.Prepare(SqueezeNet.Open(photo));
        float[] tensor = new float[reference.Length];
        prepared.WriteTo(tensor);
        double mean = tensor.Zip(reference, (a, b) => (double)Math.Abs(a - b)).Average();
        TestContext.Current.TestOutputHelper?.WriteLine(FormattableString.Invariant($"{photo}: {mean:F4}"));
        Assert.True(mean <= 1.0, FormattableString.Invariant($"{photo}: the tensor differs by {mean:F3} of 255 on average."));
    }

    [Theory]
    [MemberData(nameof(Photos))]
    public void Explain_Photo_PredictsAsReference(string photo)
    {
        using var document = JsonDocument.Parse(File.ReadAllText(SharedData.Path($"real/{photo}.json")));
        var top = document.RootElement.GetProperty("top5")[0];
        var explanation = network.Explainer.Explain(SqueezeNet.Open(photo), cancellationToken: TestContext.Current.CancellationToken);
        var predicted = explanation.Predictions[0];
        Assert.Equal(top.GetProperty("index").GetInt64(), predicted.Index);
        Assert.Equal(top.GetProperty("label").GetString(), predicted.Label);
        Assert.Equal(top.GetProperty("probability").GetDouble(), predicted.Probability, 0.03);
        Assert.Equal(explanation.Picture.Size, explanation.Explanations[0].HeatMap.Size);
        Assert.False(explanation.Explanations[0].HeatMap.IsEmpty);
    }

    [Fact]
    public void Predict_Photo_IsWhatItsExplanationSays()
    {
        var photo = SqueezeNet.Open("collies");
        var explained = network.Explainer.Explain(photo, cancellationToken: TestContext.Current.CancellationToken).Predictions;
        var predicted = network.Explainer.Predict(photo, 3, TestContext.Current.CancellationToken);
        Assert.Equal(explained.Take(3).Select(p => p.Index), predicted.Select(p => p.Index));
        Assert.All(predicted.Zip(explained), p => Assert.Equal(p.Second.Score, p.First.Score, 1e-3f));
    }

    private GradCamSharp.Runtime.MapBatch Explain(string photo, IReadOnlyList<ExplanationMethod> methods, out long explained)
    {
        using var document = JsonDocument.Parse(File.ReadAllText(SharedData.Path($"real/{photo}.json")));
        explained = document.RootElement.GetProperty("explained").GetInt64();
        var input = Npy.Read<float>(SharedData.Path($"real/{photo}.input.npy"));
        return network.Explainer.Model.Explain(input.Values, new Shape([.. input.Shape.Select(l => (long)l)]), methods, [ClassRequest.Top1],
            TestContext.Current.CancellationToken);
    }

    /// <summary>The network, loaded once when a test first asks for it.</summary>
    public sealed class SqueezeNet : IDisposable
    {
        private PictureExplainer? explainer;

        public PictureExplainer Explainer => explainer ??= PictureExplainer.Load(SharedData.Path("models/squeezenet1.1/model.onnx"));

        public static Picture Open(string photo) =>
            PictureDecoder.Decode(Directory.EnumerateFiles(SharedData.Path("photos/demo"), photo + ".*").Single());

        public void Dispose() => explainer?.Dispose();
    }
}
