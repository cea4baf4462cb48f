namespace GradCamSharp.Evaluation.Errors;

/// <summary>An evaluation cannot be made as asked, and the caller can change that.</summary>
public sealed class EvaluationException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="kind">What the caller can change.</param>
    /// <param name="problem">What is wrong and where.</param>
    /// <param name="advice">What to do, in terms of this library's parameters.</param>
    public EvaluationException(EvaluationError kind, string problem, string advice)
        : base($"{problem} {advice}")
    {
        Kind = kind;
        Problem = problem;
    }

    /// <summary>What the caller can change.</summary>
    public EvaluationError Kind { get; }

    /// <summary>What is wrong and where, without advice: for programs whose users do not see this library's parameters.</summary>
    public string Problem { get; }
}
