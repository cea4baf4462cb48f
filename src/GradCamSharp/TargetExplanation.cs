using GradCamSharp.Heads;
using GradCamSharp.Layers;
using GradCamSharp.Methods;
using GradCamSharp.Targets;
using OnnxGrad;

namespace GradCamSharp;

/// <summary>What a model with any outputs says of one item.</summary>
/// <param name="Item">The item of the batch, from 0.</param>
/// <param name="Detections">The objects that a detector reports, the most confident first; else empty.</param>
/// <param name="Predictions">The most probable classes, texts or masks; else empty.</param>
/// <param name="Summary">What else it says, in a few words.</param>
public sealed record TargetReading(
    int Item, IReadOnlyList<Detection> Detections, IReadOnlyList<Prediction> Predictions, string Summary)
{
    /// <summary>The masks that the model makes, where it is read without being explained; else empty.</summary>
    public IReadOnlyList<FoundMask> Masks { get; init; } = [];

    /// <summary>The key points of a model of heat maps, where it is read without being explained; else empty.</summary>
    public IReadOnlyList<FoundKeypoint> Keypoints { get; init; } = [];
}

/// <summary>Why a model gives a target its score, by one method: one map of one item.</summary>
/// <param name="Item">The item of the batch, from 0.</param>
/// <param name="Target">What is explained.</param>
/// <param name="Score">The number S.</param>
/// <param name="Words">The target in words: which detection or class it is.</param>
/// <param name="Method">The method.</param>
/// <param name="Layers">The layers: one, or several whose maps are fused.</param>
/// <param name="Shape">The map's shape: [h, w] at the layer's resolution, [H, W] where layers are fused, [C, H, W] in pixel space.</param>
/// <param name="Raw">The map, not normalised; of fused layers from 0 to 1.</param>
public sealed record TargetExplanation(
    int Item, Target Target, double Score, string Words, ExplanationMethod Method, IReadOnlyList<Layer> Layers, Shape Shape,
    ReadOnlyMemory<float> Raw)
{
    /// <summary>Of a mean over random masks its standard error, in the map's own unit; null of others.</summary>
    public double? StandardError { get; init; }

    /// <summary>
    /// Of a method that shares out the score: where it went; null of others. What is shared out is the sum of the values that the score is
    /// read from, each times the score's derivative by it: the score itself where that is linear in them.
    /// </summary>
    public RelevanceAccount? Account { get; init; }

    /// <summary>
    /// Of a map that should sum to a change of the score: by how much it does not, as a share of its magnitudes' sum; null of others.
    /// </summary>
    public double? Residual { get; init; }

    /// <summary>What the method has to say of its map of this model; null where it says nothing.</summary>
    public string? Note { get; init; }

    /// <summary>The class that the target is of; null where it is of none.</summary>
    public long? Class { get; init; }
}

/// <summary>What a model says of a batch, and why.</summary>
/// <param name="Readings">What it says, one an item.</param>
/// <param name="Explanations">One an item, target and method: all methods of the first target, then of the next.</param>
/// <param name="Notes">What a reader should know: levels that a score cannot see, inputs that were assumed.</param>
public sealed record TargetResult(
    IReadOnlyList<TargetReading> Readings, IReadOnlyList<TargetExplanation> Explanations, IReadOnlyList<string> Notes);

/// <summary>What a model does, and why that is thought.</summary>
/// <param name="Task">classify, detect, segment ...; "not recognised" where no family of outputs fits.</param>
/// <param name="Family">The family, as its exporter or its users call it.</param>
/// <param name="Reason">What it was recognised by.</param>
/// <param name="Target">The target that is explained where none is named; null where there is no natural one.</param>
/// <param name="Examples">The targets that the model has, as an example each.</param>
/// <param name="Input">The picture's input.</param>
/// <param name="Outputs">The outputs: name, type and shape.</param>
public sealed record ModelDescription(
    string Task, string Family, string Reason, Target? Target, string Examples, Analysis.ModelInput Input,
    IReadOnlyList<string> Outputs)
{
    /// <summary>
    /// What speaks against how the model is read: labels or a size that do not fit its outputs; empty where nothing does.
    /// </summary>
    public IReadOnlyList<string> Doubts { get; init; } = [];

    /// <summary>The method that is used where none is named.</summary>
    public ExplanationMethod Method { get; init; } = CamMethods.Default;
}
