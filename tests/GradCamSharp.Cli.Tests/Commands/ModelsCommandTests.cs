using GradCamSharp.Cli.CommandLine;
using GradCamSharp.Cli.Commands;
using GradCamSharp.Cli.Zoo;

namespace GradCamSharp.Cli.Tests.Commands;

public class ModelsCommandTests
{
    [Fact]
    public void Models_Json_ListsShippedAndKnownOnes()
    {
        var models = CommandLine.Run(ModelsCommand.Create(), "--json").Json.GetProperty("models")
            .EnumerateArray().ToDictionary(m => m.GetProperty("name").GetString()!);
        Assert.Equal("shipped", models["scenes-vgg"].GetProperty("state").GetString());
        Assert.Equal(102576593, models["resnet50"].GetProperty("bytes").GetInt64());
        Assert.Equal(64, models["resnet50"].GetProperty("sha256").GetString()!.Length);
        Assert.Equal(ModelOptions.Shipped().Count + ModelZoo.All.Count, models.Count);
    }

    [Fact]
    public void Models_Table_HasARowAModel()
    {
        var result = CommandLine.Run(ModelsCommand.Create());
        Assert.Equal(0, result.ExitCode);
        Assert.Matches(@"(?m)^scenes-vgg +\d+\.\d +Apache-2\.0 .*ships inside\r?$", result.Output);
        Assert.All(ModelZoo.All, m => Assert.Matches(
            $@"(?m)^{System.Text.RegularExpressions.Regex.Escape(m.Name)} +\d+\.\d +{m.Licence} ", result.Output));
    }

    [Fact]
    public void Pull_UnknownName_IsWrongUsage()
    {
        var result = CommandLine.Run(ModelsCommand.Create(), "pull", "resnet51");
        Assert.Equal(2, result.ExitCode);
        Assert.Contains("resnet50", result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Layers_NameThatIsNotHere_SaysThatItFetchesAndWhatFailed()
    {
        string home = Directory.CreateTempSubdirectory("gradcam-home-").FullName;
        using var server = new LocalServer(_ => new LocalResponse(404, []));
        try
        {
            Environment.SetEnvironmentVariable(CacheFolder.HomeVariable, home);
            Environment.SetEnvironmentVariable(ModelZoo.AddressVariable, server.Address + "/mirror/");
            var result = CommandLine.Run(LayersCommand.Create(), "ResNet-18");
            Assert.Equal(1, result.ExitCode);
            Assert.Empty(result.Output);
            Assert.Contains("fetching 46.8 MB (Apache-2.0)", result.Errors, StringComparison.Ordinal);
            Assert.Contains("404", result.Errors, StringComparison.Ordinal);
            Assert.Equal("/mirror/validated/vision/classification/resnet/model/resnet18-v1-7.onnx", Assert.Single(server.Requests).Path);
            var store = new ModelStore(Path.Combine(CacheFolder.Path, "models"));
            Assert.StartsWith(home, store.PathOf(ModelZoo.Find("resnet18")!), StringComparison.Ordinal);
        }
        finally
        {
            Environment.SetEnvironmentVariable(CacheFolder.HomeVariable, null);
            Environment.SetEnvironmentVariable(ModelZoo.AddressVariable, null);
            Directory.Delete(home, recursive: true);
        }
    }
}
