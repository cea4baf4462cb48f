using System.Globalization;

namespace GradCamSharp.Cli.Tests.Deploy;

/// <summary>
/// The image of deploy/kubernetes/Dockerfile, made without a container engine: what .dockerignore lets through is published as the file
/// says, into a plain Debian without .NET, and the manifests' own commands run in it.
/// </summary>
public sealed class ContainerTests
{
    private const int Parts = 2;
    private const string User = "1000:1000";

    [Fact]
    public async Task Image_OfPlainDebian_ExplainsEvaluatesAndMerges()
    {
        BareDebian.SkipWhereImpossible();
        using var image = new BareDebian();
        string published = Path.Combine(image.Source, "published");
        // Both wait for the network and the disk: at the same time.
        await Task.WhenAll(image.Make("ca-certificates"), image.Build(PublishLine(published)));
        Directory.Move(published, Path.Combine(image.Root, "opt", "gradcam"));
        File.CreateSymbolicLink(Path.Combine(image.Root, "usr", "local", "bin", "gradcam"), "/opt/gradcam/gradcam");
        BareDebian.Copy(Path.Combine(SharedData.RepositoryRoot(), "samples"), Path.Combine(image.Root, "data"));
        string runs = image.OpenFolder("runs");

        await image.Run(User, "/runs", [], "gradcam", "explain", "/data/umbrellas.jpg", "--output", "/runs/explained");
        Assert.NotEmpty(Directory.EnumerateFiles(Path.Combine(runs, "explained"), "*.png"));

        var evaluate = KubernetesTests.Read("evaluate.yaml").Spec.Template.Spec.Containers.Single();
        for (int i = 0; i < Parts; i++)
        {
            string[] variables = [Variable("JOB_COMPLETIONS", Parts), Variable("JOB_COMPLETION_INDEX", i)];
            await image.Run(User, "/runs", variables, [.. evaluate.Command, evaluate.Args[0], "--", "faithfulness", "/data"]);
            Assert.True(File.Exists(Path.Combine(runs, "vgg16", $"part-{i}", "summary.json")));
        }

        var merge = KubernetesTests.Read("merge.yaml").Spec.Template.Spec.Containers.Single();
        await image.Run(User, "/runs", [], [.. merge.Command, .. merge.Args]);
        string records = File.ReadAllText(Path.Combine(runs, "vgg16", "whole", "records.csv"));
        string samples = Path.Combine(SharedData.RepositoryRoot(), "samples");
        Assert.All(Directory.EnumerateFiles(samples, "*.jpg"), f => Assert.Contains(Path.GetFileName(f), records));
        Assert.True(File.Exists(Path.Combine(runs, "vgg16", "whole", "report.html")));
    }

    /// <summary>The Dockerfile's own line, into another folder.</summary>
    private static string PublishLine(string output)
    {
        string line = File.ReadLines(Path.Combine(SharedData.RepositoryRoot(), "deploy", "kubernetes", "Dockerfile"))
            .Single(l => l.StartsWith("RUN dotnet publish ", StringComparison.Ordinal))["RUN ".Length..];
        Assert.EndsWith("--output /gradcam", line);
        return line.Replace("/gradcam", $"'{output}'", StringComparison.Ordinal);
    }

    private static string Variable(string name, int value) => string.Create(CultureInfo.InvariantCulture, $"{name}={value}");
}
