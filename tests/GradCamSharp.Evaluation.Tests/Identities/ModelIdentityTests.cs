using GradCamSharp.Evaluation.Identities;

namespace GradCamSharp.Evaluation.Tests.Identities;

public sealed class ModelIdentityTests
{
    // Another layer, other labels and a named output give other results; the number of threads does not.
    [Fact]
    public void Of_TheSameFileLoadedInAnotherWay_IsAnotherModelWhereResultsDiffer()
    {
        string folder = Directory.CreateTempSubdirectory().FullName, model = Path.Combine(folder, "tiny.onnx");
        string labels = Path.Combine(folder, "names.txt");
        File.WriteAllText(labels, "dark\nbright\n");
        new TinyModel { Biases = [1, 0], Weights = [-1, 1] }.Write(model);
        var own = Of(new ExplainerOptions());
        Assert.Equal(own, Of(new ExplainerOptions { Threads = 1 }));
        Assert.NotEqual(own.Layer, Of(new ExplainerOptions { Layer = "features" }).Layer);
        Assert.NotEqual(own.Output, Of(new ExplainerOptions { Output = "probabilities" }).Output);
        Assert.NotEqual(own.Labels, Of(new ExplainerOptions(), labels).Labels);
        Directory.Delete(folder, recursive: true);

        ModelIdentity Of(ExplainerOptions options, string? named = null)
        {
            using var explainer = PictureExplainer.Load(model, options, "unit", named);
            return ModelIdentity.Of(explainer, "cpu");
        }
    }
}
