using OnnxGrad;

namespace GradCamSharp.Errors;

/// <summary>A model cannot be explained as asked, and the caller can change that.</summary>
public sealed class ExplanationException : ModelException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="kind">What the caller can change.</param>
    /// <param name="problem">What is wrong and where.</param>
    /// <param name="advice">What to do, in terms of this library's parameters.</param>
    /// <param name="innerException">The underlying failure, if any.</param>
    public ExplanationException(ExplanationError kind, string problem, string advice, Exception? innerException = null)
        : base($"{problem} {advice}", innerException)
    {
        Kind = kind;
        Problem = problem;
        Advice = advice;
    }

    /// <summary>What the caller can change.</summary>
    public ExplanationError Kind { get; }

    /// <summary>What to do, in terms of this library's parameters.</summary>
    public string Advice { get; }

    /// <summary>What is wrong and where, without advice: for programs whose users do not see this library's parameters.</summary>
    public string Problem { get; }
}
