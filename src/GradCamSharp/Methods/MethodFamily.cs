namespace GradCamSharp.Methods;

/// <summary>The families of methods, by what a map is made of.</summary>
public enum MethodFamily
{
    /// <summary>The channels of a layer: class activation maps.</summary>
    Cam,

    /// <summary>Gradients at the input.</summary>
    Gradient,

    /// <summary>The attention matrices of transformers.</summary>
    Attention,

    /// <summary>The score shared out backward, layer by layer.</summary>
    Relevance,

    /// <summary>What the score does when the input or the layer is changed.</summary>
    Perturbation,

    /// <summary>The concepts that a layer's channels form together.</summary>
    Concept,
}
