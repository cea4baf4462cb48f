using GradCamSharp.Imaging;

namespace GradCamSharp.Cli.Explaining;

/// <summary>What is written for each explanation, and how it is drawn.</summary>
/// <param name="Kinds">Some of <see cref="All"/>.</param>
/// <param name="Colors">The colour map.</param>
/// <param name="Opacity">The opacity of the strongest evidence in an overlay.</param>
internal sealed record SaveOptions(IReadOnlySet<string> Kinds, ColorMap Colors, float Opacity)
{
    public static readonly string[] All = ["overlay", "heatmap", "raw", "masked", "strip", "report", "gif"];

    public bool Has(string kind) => Kinds.Contains(kind);
}
