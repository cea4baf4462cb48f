namespace GradCamSharp.Evaluation;

/// <summary>What becomes of a picture that could not be measured.</summary>
public enum FailureKind
{
    /// <summary>The same picture fails again: its file is broken, its annotation is, or what the model makes of it is not finite.</summary>
    Permanent,

    /// <summary>It may succeed next time: the file could not be read, or there was no memory. Nothing of it is a result.</summary>
    Transient,
}
