using GradCamSharp.Layers;

namespace GradCamSharp.Output;

/// <summary>What tables, reports and JSON documents say of a target.</summary>
/// <param name="Spec">The target as it was asked for.</param>
/// <param name="Slug">The target in file names.</param>
/// <param name="Value">The number S.</param>
/// <param name="Words">Which detection or class it is; empty where the target itself says it.</param>
/// <param name="Layers">The layers of its map: one, or several that are fused.</param>
public sealed record TargetSummary(string Spec, string Slug, double Value, string Words, IReadOnlyList<Layer> Layers);
