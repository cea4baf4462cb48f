using System.Collections.Immutable;
using OnnxGrad;

namespace GradCamSharp.Methods;

/// <summary>The map of one item and one class, not normalised.</summary>
/// <param name="shape">Its shape.</param>
/// <param name="values">Its values, row by row.</param>
/// <param name="residual">
/// Of a method whose values should sum to a change of the score: by how much they do not, as a share of the sum of their magnitudes.
/// </param>
public sealed class RawMap(Shape shape, ImmutableArray<float> values, double? residual = null)
{
    /// <summary>Its shape.</summary>
    public Shape Shape => shape;

    /// <summary>Its values, row by row.</summary>
    public ImmutableArray<float> Values => values;

    /// <summary>
    /// Of a method whose values should sum to a change of the score: by how much they do not, as a share of the sum of their magnitudes;
    /// null of others.
    /// </summary>
    public double? Residual => residual;

    /// <summary>
    /// Of a mean over random masks: how far it may be off because these are finitely many, the standard error, as root mean square over
    /// positions and in the map's own unit; null of others.
    /// </summary>
    public double? StandardError { get; init; }
}
