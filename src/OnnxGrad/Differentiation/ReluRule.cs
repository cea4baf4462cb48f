namespace OnnxGrad;

/// <summary>What a rectifier (Relu, and Clip from 0 as ReLU6) passes back; x is its input, g the gradient that arrives.</summary>
public enum ReluRule
{
    /// <summary>The derivative: g where x &gt; 0.</summary>
    Derivative,

    /// <summary>Guided backpropagation (Springenberg et al., arXiv 1412.6806): g where x &gt; 0 and g &gt; 0.</summary>
    Guided,

    /// <summary>Deconvolution (Zeiler and Fergus, arXiv 1311.2901): g where g &gt; 0.</summary>
    Deconvolution,
}
