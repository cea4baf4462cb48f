namespace GradCamSharp.Evaluation.Errors;

/// <summary>What a caller can change where an evaluation cannot be made as asked.</summary>
public enum EvaluationError
{
    /// <summary>The data set has no image set of that name.</summary>
    UnknownImageSet,

    /// <summary>The output folder holds another run.</summary>
    OtherRun,

    /// <summary>The folder holds no run.</summary>
    NotARun,
}
