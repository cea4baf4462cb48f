namespace OnnxGrad;

/// <summary>What is known of a value before the model runs.</summary>
/// <param name="Type">Its element type.</param>
/// <param name="Shape">Its shape.</param>
/// <param name="Integers">
/// Its content, where it is a small integer tensor that is the same on every run (axes, shapes, sizes); else null.
/// </param>
public sealed record ValueFact(ElementType Type, Shape Shape, IReadOnlyList<long>? Integers = null);
