using OnnxGrad;

namespace GradCamSharp.Methods;

/// <summary>
/// A method whose map is some more operators of the model's graph: one run answers with prediction and map, and the map can be exported.
/// </summary>
public abstract record GraphMethod : ExplanationMethod
{
    /// <inheritdoc/>
    public override string Cost => "F + B";

    /// <summary>Whether one graph explains one class alone, so that several classes take a run each.</summary>
    internal virtual bool TakesOneClass => false;

    /// <summary>Appends the method to the graph.</summary>
    /// <param name="context">
    /// The layer, the gradients and the weights that methods draw on; what a method does not ask for is not computed.
    /// </param>
    /// <returns>
    /// [N, spatial...] at the layer's resolution, or [N, C, spatial...] in pixel space; mapped over the classes where the context is, or
    /// where the map does not depend on the class, not mapped.
    /// </returns>
    /// <exception cref="ModelException">The method does not apply to this model or layer; the message says why.</exception>
    public abstract Tensor Map(MapContext context);
}
