using OnnxGrad;

namespace GradCamSharp.Layers;

/// <summary>A layer that can be explained.</summary>
/// <param name="Name">The ONNX value's name.</param>
/// <param name="Operator">The operator that makes it.</param>
/// <param name="Shape">Its shape.</param>
/// <param name="Format">How it is laid out.</param>
/// <param name="Reason">Why it was chosen, or what it is.</param>
public sealed record Layer(string Name, string Operator, Shape Shape, LayerFormat Format, string Reason)
{
    /// <summary>The lengths of the map's axes.</summary>
    /// <exception cref="ModelException">The shape does not fit the format.</exception>
    public Shape Spatial => Format.Spatial(Shape, Name);

    /// <summary>Whether the format follows from the graph: then it is found anew at another input shape.</summary>
    internal bool IsRecognized { get; init; }
}
