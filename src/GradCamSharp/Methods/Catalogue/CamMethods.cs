using GradCamSharp.Text;

namespace GradCamSharp.Methods;

/// <summary>All methods. The command line, the page, the docs' table and the tests read this list.</summary>
public static class CamMethods
{
    /// <summary>The methods, in the order in which they are shown.</summary>
    public static IReadOnlyList<ExplanationMethod> All { get; } =
    [
        new GradCamPlusPlus(), new GradCam(), new Cam(), new GradCamPositive(), new GradCamPlusPlusNoRelu(), new GradCamPlusPlusAuthors(),
        new HiResCam(), new ElementwiseCam(), new LayerCam(), new XGradCam(), new Fem(), new EigenCam(), new EigenGradCam(), new KpcaCam(),
        new ShapleyCam(),
        new Saliency(), new GuidedBackprop(), new Deconvnet(), new GuidedGradCamPlusPlus(), new GuidedGradCam(),
        new GradientXInput(), new RectGrad(), new FullGrad(),
        new AttentionGeneric(), new TransformerAttribution(), new AttentionRollout(), new AttentionGradient(), new AttentionRaw(),
        .. RelevanceMethods.All, new DeepLiftRescale(), new DeepLiftShap(),
        new ScoreCam(), new IsCam(), new SsCam(), new SmoothGradCamPlusPlus(), new AblationCam(), new ReciproCam(),
        new SmoothGrad(), new SmoothGradSquared(), new VarGrad(), new IntegratedGradients(), new ExpectedGradients(), new BlurIg(),
        new GuidedIg(), new Rise(), new Drise(), new Occlusion(), new Lime(), new KernelShap(), new Sobol(),
        new Hsic(), new Dff(), new ChannelMasks(),
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

    /// <summary>Finds a method by name, with its own parameters.</summary>
    /// <param name="name">Its name, in any case.</param>
    /// <exception cref="ArgumentException">There is none; the message says the nearest and lists all.</exception>
    public static ExplanationMethod Find(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (All.FirstOrDefault(m => m.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) is { } found)
            return found;
        string[] names = [.. All.Select(m => m.Name)];
        string question = NearestNames.Meant(name, names) is { } meant ? $" Did you mean '{meant}'?" : "";
        throw new ArgumentException($"There is no method '{name}'.{question} The methods are {string.Join(", ", names)}.");
    }
}
