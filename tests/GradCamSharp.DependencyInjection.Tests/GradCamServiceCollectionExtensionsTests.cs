using GradCamSharp.Imaging;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace GradCamSharp.DependencyInjection.Tests;

public class GradCamServiceCollectionExtensionsTests
{
    private static readonly string Models = Path.Combine(SharedData.RepositoryRoot(), "src/GradCamSharp.Cli/Models");
    private static readonly string Vgg = Path.Combine(Models, "scenes-vgg.onnx"), Resnet = Path.Combine(Models, "scenes-resnet.onnx");

    [Fact]
    public void AddGradCam_ResolvedTwice_IsOneExplainerOfThatModel()
    {
        using var provider = Provide(s => s.AddGradCam(o => o.ModelPath = Vgg));
        var explainer = provider.GetRequiredService<PictureExplainer>();
        Assert.Same(explainer, provider.GetRequiredService<PictureExplainer>());
        Assert.Equal(Vgg, explainer.Model.ModelName);
    }

    [Fact]
    public void AddGradCam_WithNames_GivesEachNameItsOwnModelAndOptions()
    {
        using var provider = Provide(s =>
        {
            s.AddGradCam("small", o => o.ModelPath = Vgg);
            s.AddGradCam("deep", o => (o.ModelPath, o.Preprocessing) = (Resnet, "unit"));
        });
        var small = provider.GetRequiredKeyedService<PictureExplainer>("small");
        var deep = provider.GetRequiredKeyedService<PictureExplainer>("deep");
        Assert.Equal((Vgg, Resnet), (small.Model.ModelName, deep.Model.ModelName));
        Assert.Contains("named by the user", deep.SidecarFiles.PreprocessingSource, StringComparison.Ordinal);
        Assert.DoesNotContain("named by the user", small.SidecarFiles.PreprocessingSource, StringComparison.Ordinal);
        Assert.Null(provider.GetService<PictureExplainer>());
    }

    [Fact]
    public void AddGradCam_Twice_IsOneServiceWithBothSettings()
    {
        using var provider = Provide(s =>
        {
            s.AddGradCam(o => o.ModelPath = Vgg);
            s.AddGradCam(o => o.Preprocessing = "unit");
        });
        Assert.Single(provider.GetServices<PictureExplainer>());
        var explainer = provider.GetRequiredService<PictureExplainer>();
        Assert.Contains("'unit'", explainer.SidecarFiles.PreprocessingSource, StringComparison.Ordinal);
    }

    [Fact]
    public void Dispose_OfTheContainer_DisposesTheExplainer()
    {
        var picture = new Picture(1, 1, [1, 2, 3]);
        PictureExplainer explainer;
        using (var provider = Provide(s => s.AddGradCam(o => o.ModelPath = Vgg)))
        {
            explainer = provider.GetRequiredService<PictureExplainer>();
            explainer.Explain(picture, cancellationToken: TestContext.Current.CancellationToken);
        }

        Assert.Throws<ObjectDisposedException>(() => explainer.Explain(picture, cancellationToken: TestContext.Current.CancellationToken));
    }

    [Fact]
    public void GetRequiredService_ModelThatIsAbsent_SaysWhichFileOnlyWhenItIsAskedFor()
    {
        var limits = new ExplainerOptions { Threads = -1, KeptGraphs = 0, OpenInputSize = new PixelSize(96, 0) };
        using var provider = Provide(s => s.AddGradCam("birds", o => (o.ModelPath, o.Explainer) = ("absent.onnx", limits)));
        var wrong = Assert.Throws<OptionsValidationException>(() => provider.GetRequiredKeyedService<PictureExplainer>("birds"));
        string[] failures = [.. wrong.Failures];
        Assert.Equal(4, failures.Length);
        string absent = Path.GetFullPath("absent.onnx");
        Assert.Contains($"GradCamOptions 'birds': there is no model file '{absent}'", failures[0], StringComparison.Ordinal);
        Assert.Contains("Threads is -1", failures[1], StringComparison.Ordinal);
        Assert.Contains("KeptGraphs is 0", failures[2], StringComparison.Ordinal);
        Assert.Contains("OpenInputSize is 96 x 0", failures[3], StringComparison.Ordinal);
    }

    [Fact]
    public void GetRequiredService_NothingConfigured_AsksForTheModelPath()
    {
        using var provider = Provide(s => s.AddGradCam());
        var wrong = Assert.Throws<OptionsValidationException>(provider.GetRequiredService<PictureExplainer>);
        Assert.Contains("ModelPath is empty", wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void BindConfiguration_OfASection_SetsTheExplainersOptionsToo()
    {
        var settings = new Dictionary<string, string?>
        {
            ["GradCam:ModelPath"] = Vgg,
            ["GradCam:Labels"] = "names.txt",
            ["GradCam:Explainer:OpenInputSize:Width"] = "96",
            ["GradCam:Explainer:OpenInputSize:Height"] = "64",
            ["GradCam:Explainer:Layer"] = "x",
        };
        using var provider = Provide(s =>
        {
            s.AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(settings).Build());
            s.AddGradCam().BindConfiguration("GradCam");
        });
        var options = provider.GetRequiredService<IOptions<GradCamOptions>>().Value;
        var explainer = options.Explainer;
        Assert.Equal(
            (Vgg, "names.txt", new PixelSize(96, 64), "x", "cpu"),
            (options.ModelPath, options.Labels, explainer.OpenInputSize, explainer.Layer, explainer.Device));
    }

    private static ServiceProvider Provide(Action<IServiceCollection> add)
    {
        var services = new ServiceCollection();
        add(services);
        return services.BuildServiceProvider(validateScopes: true);
    }
}
