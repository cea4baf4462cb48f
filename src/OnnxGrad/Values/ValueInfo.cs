namespace OnnxGrad;

/// <summary>What is known of a value before the model runs.</summary>
public sealed class ValueInfo
{
    /// <summary>Creates the description of a value.</summary>
    /// <param name="type">Its element type.</param>
    /// <param name="shape">Its shape.</param>
    /// <param name="integers">
    /// Its content, where it is a small integer tensor that is the same on every run (axes, shapes, sizes); else null.
    /// </param>
    public ValueInfo(ElementType type, Shape shape, IReadOnlyList<long>? integers = null)
    {
        Type = type;
        Shape = shape;
        Integers = integers;
    }

    /// <summary>The element type.</summary>
    public ElementType Type { get; }

    /// <summary>The shape.</summary>
    public Shape Shape { get; }

    /// <summary>The content, where it is a small integer tensor that is the same on every run (axes, shapes, sizes); else null.</summary>
    public IReadOnlyList<long>? Integers { get; }

    /// <summary>The type and the shape.</summary>
    public override string ToString() => $"{Type}{Shape}";
}
