using GradCamSharp.Targets;

namespace GradCamSharp;

/// <summary>How a model with any outputs is loaded and run.</summary>
public sealed record TargetOptions
{
    /// <summary>
    /// Threads, device, and the layer: the value to explain, or several joined by <c>+</c>, whose maps are fused; null to choose it for
    /// each
    /// target.
    /// </summary>
    public ExplainerOptions Explainer { get; init; } = new();

    /// <summary>What the model does, where it is not recognised: detect, segment, embed ...; null to recognise it.</summary>
    public string? Task { get; init; }

    /// <summary>Which outputs hold a detector's boxes and scores, where it is not recognised; null to find out.</summary>
    public Heads.OutputRoles? Outputs { get; init; }

    /// <summary>The architectures that a config.json beside the model names, as Hugging Face's transformers call them.</summary>
    public IReadOnlyList<string> Architectures { get; init; } = [];

    /// <summary>The picture's input; null where only one can be.</summary>
    public string? PictureInput { get; init; }

    /// <summary>The number of frames of a clip, where a model of clips leaves it open; null for the usual 16.</summary>
    public int? ClipLength { get; init; }

    /// <summary>The classes' names.</summary>
    public Labels Labels { get; init; } = new([]);

    /// <summary>How the maps of several layers become one.</summary>
    public LayerFusion Fusion { get; init; }

    /// <summary>The same with the labels of what lies beside the model, and the size that its exporter noted.</summary>
    /// <param name="sidecars">What lies beside the model.</param>
    public TargetOptions WithSidecars(Models.SidecarFiles sidecars)
    {
        ArgumentNullException.ThrowIfNull(sidecars);
        var known = sidecars.OpenInputSize ?? (sidecars.IsPreprocessingAssumed ? null : sidecars.Preprocessing.InputSize);
        return this with
        {
            Labels = Labels.Count > 0 ? Labels : sidecars.Labels,
            Architectures = Architectures.Count > 0 ? Architectures : sidecars.Architectures,
            Explainer = known is { } size ? Explainer with { OpenInputSize = size } : Explainer,
        };
    }
}

/// <summary>How the maps of several layers become one, each normalised and upsampled to the network's input.</summary>
public enum LayerFusion
{
    /// <summary>Their mean.</summary>
    Mean,

    /// <summary>Their maximum, each squeezed by tanh(2 m): Eq. 9 of LayerCAM (TIP 2021).</summary>
    Max,
}
