using GradCamSharp.Evaluation.Records;

namespace GradCamSharp.Evaluation.Reports;

/// <summary>What the paper's authors measured of one method: average drop, increase in confidence and win, in percent.</summary>
internal sealed record PaperScore(double Drop, double Increase, double Win);

/// <summary>One of the paper's tables of faithfulness: a Grad-CAM++ and Grad-CAM.</summary>
internal sealed record PaperTable(int Number, string Network, string Data, string Method, PaperScore PlusPlus, PaperScore GradCam);

/// <summary>The figures of arXiv 1710.11063, to stand beside a run's own where model and data are the same by name.</summary>
internal static class PaperFigures
{
    private const string ImageNet = "ImageNet val", Voc2007 = "VOC 2007 val", PlusPlus = "gradcam++", NoRelu = "gradcam++-no-relu";

    private static readonly PaperTable[] Tables =
    [
        new(1, "VGG-16", ImageNet, PlusPlus, new(36.84, 17.05, 70.72), new(46.56, 13.42, 29.28)),
        new(2, "VGG-16", Voc2007, PlusPlus, new(19.53, 18.96, 61.47), new(28.54, 21.43, 39.44)),
        new(4, "VGG-16", Voc2007, NoRelu, new(32.43, 19.12, 26.09), new(28.54, 21.43, 73.91)),
        new(5, "AlexNet", ImageNet, PlusPlus, new(62.75, 8.24, 86.56), new(82.86, 3.16, 13.44)),
        new(6, "AlexNet", Voc2007, PlusPlus, new(29.16, 19.76, 72.79), new(45.82, 14.38, 27.21)),
        new(7, "ResNet-50", ImageNet, PlusPlus, new(28.90, 22.16, 60.51), new(30.36, 22.11, 39.49)),
        new(8, "ResNet-50", Voc2007, PlusPlus, new(16.19, 19.52, 58.61), new(20.86, 21.99, 41.39)),
    ];

    /// <summary>The deltas of table 3.</summary>
    public static IReadOnlyList<double> LocDeltas { get; } = [0, 0.25, 0.5];

    /// <summary>The table that has a run's network, data and pair of methods; null where the paper has none.</summary>
    public static PaperTable? Faithfulness(RunManifest manifest, string first, string second) => second != "gradcam" ? null
        : Tables.FirstOrDefault(t => t.Method == first && t.Network == Network(manifest) && t.Data == Data(manifest));

    /// <summary>Table 3's mean Loc of a method at <see cref="LocDeltas"/>; null where the run is another than VGG-16 on VOC 2012.</summary>
    public static IReadOnlyList<double>? Localization(RunManifest manifest, string method) =>
        (Network(manifest), Data(manifest), method) switch
        {
            ("VGG-16", "VOC 2012 val", PlusPlus) => [0.34, 0.38, 0.28],
            ("VGG-16", "VOC 2012 val", "gradcam") => [0.33, 0.28, 0.16],
            _ => null,
        };

    private static string? Network(RunManifest manifest)
    {
        string name = Compact(Path.GetFileNameWithoutExtension(manifest.Model.File)) + "|" +
            Compact(Path.GetFileName(Path.GetDirectoryName(manifest.Model.File)) ?? "");
        return name.Contains("vgg16", StringComparison.Ordinal) ? "VGG-16"
            : name.Contains("alexnet", StringComparison.Ordinal) ? "AlexNet"
            : name.Contains("resnet50", StringComparison.Ordinal) ? "ResNet-50" : null;
    }

    private static string? Data(RunManifest manifest)
    {
        // VOC's year is its folder's name; ImageNet's val lies in one of that name. What lies further up says nothing of the data.
        string folder = Path.TrimEndingDirectorySeparator(manifest.Data.Root), root = Compact(Path.GetFileName(folder));
        string above = Compact(Path.GetFileName(Path.GetDirectoryName(folder)) ?? "");
        return manifest.Data.Kind == "imagenet" || (root + "|" + above).Contains("ilsvrc2012", StringComparison.Ordinal) ? ImageNet
            : manifest.Data.Kind != "voc" ? null
            : root.Contains("voc2007", StringComparison.Ordinal) ? Voc2007
            : root.Contains("voc2012", StringComparison.Ordinal) ? "VOC 2012 val" : null;
    }

    private static string Compact(string name) => string.Concat(name.Where(char.IsAsciiLetterOrDigit)).ToLowerInvariant();
}
