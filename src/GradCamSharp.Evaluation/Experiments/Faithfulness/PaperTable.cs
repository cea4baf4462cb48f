using GradCamSharp.Evaluation.Pages;

namespace GradCamSharp.Evaluation.Experiments.Faithfulness;

/// <summary>What the paper's authors measured of one method: average drop, increase in confidence and win, in percent.</summary>
internal sealed record PaperScore(double Drop, double Increase, double Win);

/// <summary>One of the tables of arXiv 1710.11063 of faithfulness: a Grad-CAM++ and Grad-CAM.</summary>
internal sealed record PaperTable(int Number, string Network, string Data, string Method, PaperScore PlusPlus, PaperScore GradCam)
{
    private const string PlusPlusName = "gradcam++", NoRelu = "gradcam++-no-relu";

    private static readonly PaperTable[] All =
    [
        new(1, "VGG-16", PaperSetting.ImageNet, PlusPlusName, new(36.84, 17.05, 70.72), new(46.56, 13.42, 29.28)),
        new(2, "VGG-16", PaperSetting.Voc2007, PlusPlusName, new(19.53, 18.96, 61.47), new(28.54, 21.43, 39.44)),
        new(4, "VGG-16", PaperSetting.Voc2007, NoRelu, new(32.43, 19.12, 26.09), new(28.54, 21.43, 73.91)),
        new(5, "AlexNet", PaperSetting.ImageNet, PlusPlusName, new(62.75, 8.24, 86.56), new(82.86, 3.16, 13.44)),
        new(6, "AlexNet", PaperSetting.Voc2007, PlusPlusName, new(29.16, 19.76, 72.79), new(45.82, 14.38, 27.21)),
        new(7, "ResNet-50", PaperSetting.ImageNet, PlusPlusName, new(28.90, 22.16, 60.51), new(30.36, 22.11, 39.49)),
        new(8, "ResNet-50", PaperSetting.Voc2007, PlusPlusName, new(16.19, 19.52, 58.61), new(20.86, 21.99, 41.39)),
    ];

    /// <summary>The table that has a run's network, data and pair of methods; null where the paper has none.</summary>
    public static PaperTable? Of(PaperSetting setting, string first, string second) => second != "gradcam" ? null
        : All.FirstOrDefault(t => t.Method == first && t.Network == setting.Network && t.Data == setting.Data);
}
