using OnnxGrad;

namespace GradCamSharp.Methods;

/// <summary>A way to explain a class score: its name, its equation, and what it appends to the graph.</summary>
/// <remarks>
/// Two methods are the same if they are of one type and have the same <see cref="Parameters"/>: they share compiled graphs, and each finds
/// the other's maps in a result. A method that names no parameters is the same as itself alone.
/// </remarks>
public abstract class ExplanationMethod : IEquatable<ExplanationMethod>
{
    /// <summary>The name used on the command line and in file names: gradcam++.</summary>
    public abstract string Name { get; }

    /// <summary>The name used in text: Grad-CAM++.</summary>
    public abstract string Title { get; }

    /// <summary>The map's equation, in plain text.</summary>
    public abstract string Equation { get; }

    /// <summary>One sentence: what it shows, and when to use it.</summary>
    public abstract string Summary { get; }

    /// <summary>Whether the map is at the input's resolution, one value a channel of the picture, rather than at the layer's.</summary>
    public virtual bool IsPixelSpace => false;

    /// <summary>
    /// All that distinguishes two methods of this type, in a fixed order; empty where nothing does. Null, the default, where each object is
    /// a method of its own.
    /// </summary>
    public virtual IReadOnlyList<KeyValuePair<string, object>>? Parameters => null;

    /// <inheritdoc/>
    public bool Equals(ExplanationMethod? other) => ReferenceEquals(this, other)
        || (other is not null && other.GetType() == GetType() && Parameters is { } own && other.Parameters is { } others
            && own.SequenceEqual(others));

    /// <inheritdoc/>
    public sealed override bool Equals(object? obj) => Equals(obj as ExplanationMethod);

    /// <inheritdoc/>
    public sealed override int GetHashCode() => HashCode.Combine(GetType(), Name);

    /// <summary>Appends the method to the graph.</summary>
    /// <param name="context">
    /// The layer, the gradients and the weights that methods draw on; what a method does not ask for is not computed.
    /// </param>
    /// <returns>
    /// [N, spatial...] at the layer's resolution, or [N, C, spatial...] in pixel space; mapped over the classes where the context is.
    /// </returns>
    /// <exception cref="ModelException">The method does not apply to this model or layer; the message says why.</exception>
    public abstract Tensor Map(MapContext context);
}
