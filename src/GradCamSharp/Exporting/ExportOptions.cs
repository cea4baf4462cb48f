using GradCamSharp.Methods;
using GradCamSharp.Models;

namespace GradCamSharp.Exporting;

/// <summary>What an exported model explains, and how it is stored.</summary>
public sealed record ExportOptions
{
    /// <summary>The methods, each an output of its own; all share one forward pass.</summary>
    public IReadOnlyList<ExplanationMethod> Methods { get; init; } = [CamMethods.Default];

    /// <summary>
    /// K: how many classes are explained, the most probable of each item first; from 1 to the number of classes. Not used
    /// with <see cref="ClassesAsInput"/>.
    /// </summary>
    public int Top { get; init; } = 1;

    /// <summary>
    /// Whether the caller names the classes: then <c>explain_classes</c> is an input, int64 [N, K] or [1, K] for the same classes
    /// everywhere, K of the caller's choice at every run; indices from 0, negative ones from the end. Else it is an output, and the graph
    /// chooses the most probable classes.
    /// </summary>
    public bool ClassesAsInput { get; init; }

    /// <summary>
    /// Whether weights are stored as 16-bit floats: half the size. Inputs, outputs and arithmetic stay as they are
    /// (<see cref="OnnxGrad.SaveOptions.Float16Weights"/>).
    /// </summary>
    /// <remarks>
    /// Where maps then differ by more than 2 % of their largest value the export is refused: gradients of the input, which guided methods
    /// and saliency show, can change their signs with the rounding of a weight.
    /// </remarks>
    public bool Float16Weights { get; init; }

    /// <summary>
    /// The opset to write for, at least <see cref="OnnxGrad.OnnxModel.OldestOpset"/> and the model's own; null for the oldest possible.
    /// </summary>
    public long? Opset { get; init; }

    /// <summary>
    /// Whether weights go into a second file beside the model, <c>name.onnx.data</c>; else only where one file cannot hold them (2 GiB).
    /// </summary>
    public bool ExternalData { get; init; }

    /// <summary>Preprocessing and labels to store in the metadata; null to keep what the model's own metadata says.</summary>
    public SidecarFiles? SidecarFiles { get; init; }
}
