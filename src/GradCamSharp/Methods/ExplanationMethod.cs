using OnnxGrad;

namespace GradCamSharp.Methods;

/// <summary>A way to explain a class score: its name, its equation, and what it appends to the graph.</summary>
public abstract class ExplanationMethod
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

    /// <summary>Appends the method to the graph.</summary>
    /// <param name="evidence">
    /// The layer, the gradients and the weights that methods draw on; what a method does not ask for is not computed.
    /// </param>
    /// <returns>
    /// [N, spatial...] at the layer's resolution, or [N, C, spatial...] in pixel space; mapped over the classes where the evidence is.
    /// </returns>
    /// <exception cref="ModelException">The method does not apply to this model or layer; the message says why.</exception>
    public abstract Tensor Map(Evidence evidence);
}
