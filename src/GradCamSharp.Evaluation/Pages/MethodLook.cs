using GradCamSharp.Evaluation.Baselines;
using GradCamSharp.Methods;

namespace GradCamSharp.Evaluation.Pages;

/// <summary>How a method is named and coloured, the same all over the page and in every report.</summary>
internal static class MethodLook
{
    /// <summary>The name used in text.</summary>
    public static string Title(string method) => method == CentreBaseline.Name ? "Always the centre"
        : CamMethods.All.FirstOrDefault(m => m.Name == method)?.Title ?? method;

    /// <summary>The style sheet's class of its colour.</summary>
    public static string Class(string method)
    {
        for (int i = 0; i < CamMethods.All.Count; i++)
        {
            if (CamMethods.All[i].Name == method)
                return FormattableString.Invariant($"m{i}");
        }

        return "mc";
    }
}
