using System.Collections.Immutable;
using OnnxGrad;

namespace GradCamSharp;

/// <summary>What a model with any number of inputs is fed: the picture, preprocessed, and a tensor for each other input.</summary>
/// <param name="Batch">The picture's input, row by row; not changed.</param>
/// <param name="Shape">Its shape, as the model takes it.</param>
public sealed record TargetInput(Memory<float> Batch, Shape Shape)
{
    /// <summary>The other inputs by name. Those that follow from the picture (attention masks, its size) may be left out.</summary>
    public ImmutableDictionary<string, InputTensor> Others { get; init; } = ImmutableDictionary<string, InputTensor>.Empty;

    /// <summary>Where the picture lies at the network's input; null for a tensor, whose pixels are the network's own.</summary>
    public PicturePlacement? Placement { get; init; }

    /// <summary>
    /// Reads the vector that a <see cref="Targets.SimilarityTarget"/> names, or embeds the picture that it names. Null where no target
    /// needs
    /// it.
    /// </summary>
    public Func<string, float[]>? VectorOf { get; init; }

    /// <summary>The value to explain in this run, or several joined by <c>+</c>, whose maps are fused; null for the options' own.</summary>
    public string? Layer { get; init; }
}

/// <summary>Where an original picture lies at a network's input: network = picture * scale + offset, in pixels.</summary>
/// <param name="Width">The picture's width.</param>
/// <param name="Height">The picture's height.</param>
/// <param name="ScaleX">Across.</param>
/// <param name="ScaleY">Down.</param>
/// <param name="OffsetX">Across.</param>
/// <param name="OffsetY">Down.</param>
public sealed record PicturePlacement(int Width, int Height, double ScaleX, double ScaleY, double OffsetX, double OffsetY);

/// <summary>A tensor for an input beside the picture's: numbers, converted to the input's own type.</summary>
/// <param name="Shape">Its shape; null to take the declared one.</param>
/// <param name="Values">Its numbers, row by row. A single number fills the whole input.</param>
public sealed record InputTensor(Shape? Shape, ImmutableArray<double> Values)
{
    /// <inheritdoc/>
    public bool Equals(InputTensor? other) => other is not null && Shape.Equals(other.Shape) && Values.SequenceEqual(other.Values);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Shape, Values.Length);
}
