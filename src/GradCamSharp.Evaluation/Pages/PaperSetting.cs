using GradCamSharp.Evaluation.Identities;

namespace GradCamSharp.Evaluation.Pages;

/// <summary>A network and data of arXiv 1710.11063, whose figures stand beside a run's own where its are the same by name.</summary>
/// <param name="Network">VGG-16, AlexNet or ResNet-50; null where the run's model has another name.</param>
/// <param name="Data">The data; null where the run's have another name.</param>
internal sealed record PaperSetting(string? Network, string? Data)
{
    public const string ImageNet = "ImageNet val", Voc2007 = "VOC 2007 val", Voc2012 = "VOC 2012 val";

    public static PaperSetting Of(ModelIdentity model, DataIdentity data) => new(NetworkOf(model), DataOf(data));

    private static string? NetworkOf(ModelIdentity model)
    {
        string name = Compact(Path.GetFileNameWithoutExtension(model.File)) + "|" +
            Compact(Path.GetFileName(Path.GetDirectoryName(model.File)) ?? "");
        return name.Contains("vgg16", StringComparison.Ordinal) ? "VGG-16"
            : name.Contains("alexnet", StringComparison.Ordinal) ? "AlexNet"
            : name.Contains("resnet50", StringComparison.Ordinal) ? "ResNet-50" : null;
    }

    private static string? DataOf(DataIdentity data)
    {
        // VOC's year is its folder's name; ImageNet's val lies in one of that name. What lies further up says nothing of the data.
        string folder = Path.TrimEndingDirectorySeparator(data.Root), root = Compact(Path.GetFileName(folder));
        string above = Compact(Path.GetFileName(Path.GetDirectoryName(folder)) ?? "");
        return data.Kind == "imagenet" || (root + "|" + above).Contains("ilsvrc2012", StringComparison.Ordinal) ? ImageNet
            : data.Kind != "voc" ? null
            : root.Contains("voc2007", StringComparison.Ordinal) ? Voc2007
            : root.Contains("voc2012", StringComparison.Ordinal) ? Voc2012 : null;
    }

    private static string Compact(string name) => string.Concat(name.Where(char.IsAsciiLetterOrDigit)).ToLowerInvariant();
}
