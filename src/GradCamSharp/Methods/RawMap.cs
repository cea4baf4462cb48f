using System.Collections.Immutable;
using OnnxGrad;

namespace GradCamSharp.Methods;

/// <summary>The map of one item and one class, not normalised.</summary>
/// <param name="shape">Its shape.</param>
/// <param name="values">Its values, row by row.</param>
public sealed class RawMap(Shape shape, ImmutableArray<float> values)
{
    /// <summary>Its shape.</summary>
    public Shape Shape => shape;

    /// <summary>Its values, row by row.</summary>
    public ImmutableArray<float> Values => values;
}
