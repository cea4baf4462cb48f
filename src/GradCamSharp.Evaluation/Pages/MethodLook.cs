using GradCamSharp.Evaluation.Baselines;
using GradCamSharp.Methods;

namespace GradCamSharp.Evaluation.Pages;

/// <summary>How a method is named and coloured, the same all over the page and in every report.</summary>
internal static class MethodLook
{
    /// <summary>The name used in text.</summary>
    public static string Title(string method)
    {
        int at = method.IndexOf('@', StringComparison.Ordinal);
        string bare = at > 0 ? method[..at] : method, layer = at > 0 ? $", {method[(at + 1)..]}" : "";
        return method switch
        {
            CentreBaseline.Name => "Always the centre",
            RandomBaseline.Name => "Random",
            _ => (CamMethods.All.FirstOrDefault(m => m.Name == bare)?.Title ?? bare) + layer,
        };
    }

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
