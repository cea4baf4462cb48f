namespace GradCamSharp.Methods;

/// <summary>All methods. The command line, the page, the README's table and the tests read this list.</summary>
public static class CamMethods
{
    /// <summary>The methods, in the order in which they are shown.</summary>
    public static IReadOnlyList<ExplanationMethod> All { get; } =
    [
        new GradCamPlusPlus(), new GradCam(), new Cam(), new GradCamPositive(), new GradCamPlusPlusNoRelu(), new GradCamPlusPlusAuthors(),
        new HiResCam(),
        new Saliency(), new GuidedBackprop(), new Deconvnet(), new GuidedGradCamPlusPlus(), new GuidedGradCam(),
    ];

    /// <summary>The method used where none is named: Grad-CAM++.</summary>
    public static ExplanationMethod Default => All[0];

    /// <summary>Finds methods by name.</summary>
    /// <param name="names">Names separated by commas.</param>
    /// <exception cref="ArgumentException">A name is not one of <see cref="All"/>; the message lists them.</exception>
    public static IReadOnlyList<ExplanationMethod> Parse(string names)
    {
        ArgumentNullException.ThrowIfNull(names);
        return [.. names.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(Find).Distinct()];
    }

    private static ExplanationMethod Find(string name) => All.FirstOrDefault(m => m.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
        ?? throw new ArgumentException($"There is no method '{name}'. The methods are {string.Join(", ", All.Select(m => m.Name))}.");
}
