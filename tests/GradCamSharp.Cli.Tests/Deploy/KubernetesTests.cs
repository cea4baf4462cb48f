using k8s;
using k8s.Models;

namespace GradCamSharp.Cli.Tests.Deploy;

/// <summary>deploy/kubernetes against Kubernetes' own schema.</summary>
public sealed class KubernetesTests
{
    [Theory]
    [InlineData("evaluate.yaml")]
    [InlineData("merge.yaml")]
    public void Manifest_ReadStrictly_IsAJobWithoutUnknownFields(string name)
    {
        var job = Read(name);
        Assert.Equal(("batch/v1", "Job"), (job.ApiVersion, job.Kind));
        var pod = job.Spec.Template.Spec;
        Assert.Equal("Never", pod.RestartPolicy);
        // Every volume that is mounted exists, and every one that exists is mounted.
        Assert.Equal(pod.Volumes.Select(v => v.Name).Order(), pod.Containers.Single().VolumeMounts.Select(m => m.Name).Order());
    }

    [Fact]
    public void Manifest_WithAMisspeltField_IsRefused()
    {
        string yaml = Text("merge.yaml").Replace("backoffLimit:", "backofLimit:", StringComparison.Ordinal);
        Assert.ThrowsAny<Exception>(() => KubernetesYaml.Deserialize<V1Job>(yaml, strict: true));
    }

    [Fact]
    public void Evaluate_Completions_AreThoseThatItsPartsAreToldOf()
    {
        var spec = Read("evaluate.yaml").Spec;
        Assert.Equal("Indexed", spec.CompletionMode);
        string told = spec.Template.Spec.Containers.Single().Env.Single(e => e.Name == "JOB_COMPLETIONS").Value;
        Assert.Equal(spec.Completions!.Value.ToString(System.Globalization.CultureInfo.InvariantCulture), told);
        Assert.Equal(spec.Completions, spec.MaxFailedIndexes);
    }

    /// <summary>A manifest of deploy/kubernetes; a field that Kubernetes does not know is an error.</summary>
    internal static V1Job Read(string name) => KubernetesYaml.Deserialize<V1Job>(Text(name), strict: true);

    private static string Text(string name) =>
        File.ReadAllText(Path.Combine(SharedData.RepositoryRoot(), "deploy", "kubernetes", name));
}
