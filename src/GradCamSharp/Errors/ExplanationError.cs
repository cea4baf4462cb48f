namespace GradCamSharp.Errors;

/// <summary>What a caller can change where a model cannot be explained as asked.</summary>
public enum ExplanationError
{
    /// <summary>No layer has that name, or it has no influence on the scores.</summary>
    UnknownLayer,

    /// <summary>The model has no layer with spatial axes that can be found without help.</summary>
    NoLayer,

    /// <summary>The graph does not say how a layer's values lie in the picture, or the given layout does not fit.</summary>
    UnknownLayout,

    /// <summary>Several outputs could be the class scores.</summary>
    AmbiguousOutput,

    /// <summary>No output has that name.</summary>
    UnknownOutput,

    /// <summary>An operator between the layer and the scores has no gradient rule.</summary>
    NoGradientRule,

    /// <summary>CAM is not defined for the model and the layer.</summary>
    NoClassWeights,

    /// <summary>There is no execution provider of that name.</summary>
    UnknownDevice,

    /// <summary>ONNX Runtime as it is installed lacks the execution provider.</summary>
    UnavailableDevice,

    /// <summary>With 16-bit weights the maps differ too much.</summary>
    Float16TooCoarse,

    /// <summary>The model makes no scores of classes, one a class.</summary>
    NoClassScores,

    /// <summary>The method cannot explain what is asked.</summary>
    UnsuitableMethod,

    /// <summary>The model has no such target, or it is ambiguous.</summary>
    UnknownTarget,

    /// <summary>The model's outputs are not recognised, and the target needs that.</summary>
    UnknownHead,

    /// <summary>An operator on the way has no rule for relevance, or is refused by one.</summary>
    NoRelevanceRule,

    /// <summary>A file of rules for relevance has a fault.</summary>
    BadRules,

    /// <summary>The input's relevance and what the network kept do not add up to the score.</summary>
    OpenAccount,

    /// <summary>An input beside the picture's has no value, or no input is the picture's.</summary>
    MissingInput,
}
