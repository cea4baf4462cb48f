using System.Globalization;
using GradCamSharp.Evaluation;

namespace GradCamSharp.Cli.Zoo;

/// <summary>The models of the public ONNX model zoo that are known by name; the list is the embedded models.tsv.</summary>
internal static class ModelZoo
{
    /// <summary>The variable that names another address to fetch from: a mirror that keeps the zoo's paths.</summary>
    public const string AddressVariable = "GRADCAM_MODELS_URL";

    private static readonly Lazy<IReadOnlyList<ZooModel>> Models = new(Read);

    /// <summary>The models, in the order of the list.</summary>
    public static IReadOnlyList<ZooModel> All => Models.Value;

    /// <summary>The address under which the zoo's files lie, without a slash at its end.</summary>
    public static string Address => (Environment.GetEnvironmentVariable(AddressVariable) is { Length: > 0 } other
        ? other : "https://media.githubusercontent.com/media/onnx/models/main").TrimEnd('/');

    /// <summary>The ImageNet class names, class 0 first, one a line.</summary>
    public static string ImageNetLabels => Text("imagenet.txt");

    /// <summary>A model by its name, without regard to case, hyphens and underscores; null if there is none.</summary>
    public static ZooModel? Find(string name) => All.FirstOrDefault(m => Plain(m.Name) == Plain(name));

    private static string Plain(string name) =>
        name.Replace("-", "", StringComparison.Ordinal).Replace("_", "", StringComparison.Ordinal).ToUpperInvariant();

    private static IReadOnlyList<ZooModel> Read() =>
    [
        .. Text("models.tsv").Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(line => line.Split('\t'))
            .Select(c => new ZooModel(c[0], c[1], long.Parse(c[2], CultureInfo.InvariantCulture), c[3], c[4], c[5], c[6] == "zoo", c[7])),
    ];

    private static string Text(string name) => Shipped.Text($"Zoo/{name}", typeof(ModelZoo).Assembly);
}
