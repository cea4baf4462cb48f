using System.Reflection;
using GradCamSharp.Audit;
using GradCamSharp.DependencyInjection;
using GradCamSharp.Evaluation;
using GradCamSharp.Evaluation.Parquet;
using GradCamSharp.Scenes;
using GradCamSharp.Studies;
using OnnxGrad;
using PublicApiGenerator;

namespace GradCamSharp.PublicApi.Tests;

/// <summary>
/// What the packages' users can see, one approved file a package: a change shows in review, and none happens by accident.
/// GRADCAM_UPDATE_DOCS=1 approves what is.
/// </summary>
public class PublicApiTests
{
    public static TheoryData<string> Packages => [.. Assemblies.Keys.Order(StringComparer.Ordinal)];

    private static Dictionary<string, Assembly> Assemblies =>
        new Type[]
        {
            typeof(OnnxModel), typeof(Explainer), typeof(RunFiles), typeof(ParquetRecords), typeof(SceneOptions), typeof(Study),
            typeof(GradCamOptions), typeof(AuditOptions),
        }.Select(t => t.Assembly).ToDictionary(a => a.GetName().Name!);

    [Theory]
    [MemberData(nameof(Packages))]
    public void PublicApi_OfThePackage_IsTheApprovedOne(string package)
    {
        // Versions and internals' friends change without the API; the notebooks' attribute is internal, and found by name.
        var options = new ApiGeneratorOptions
        {
            IncludeAssemblyAttributes = false,
            DenyNamespacePrefixes = [],
            ExcludeAttributes = ["GradCamSharp.Notebooks.TypeFormatterSourceAttribute"],
        };
        string actual = Assemblies[package].GeneratePublicApi(options).ReplaceLineEndings("\n").TrimEnd() + "\n";
        string file = Path.Combine(SharedData.RepositoryRoot(), "tests/GradCamSharp.PublicApi.Tests/Approved", package + ".txt");
        if (Environment.GetEnvironmentVariable("GRADCAM_UPDATE_DOCS") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, actual);
        }

        string approved = File.Exists(file) ? File.ReadAllText(file).ReplaceLineEndings("\n") : "";
        var gone = approved.Split('\n').Except(actual.Split('\n'));
        var added = actual.Split('\n').Except(approved.Split('\n'));
        Assert.True(
            approved == actual,
            $"The public API of {package} is not the approved one. GRADCAM_UPDATE_DOCS=1 dotnet test approves it.\n" +
            string.Join('\n', [.. gone.Select(l => "- " + l.Trim()), .. added.Select(l => "+ " + l.Trim())]));
    }
}
