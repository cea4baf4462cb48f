namespace OnnxGrad;

/// <summary>A length is needed beforehand that is known only when the model runs.</summary>
public sealed class UnknownLengthException : ModelException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">Which length, and what to do.</param>
    public UnknownLengthException(string message) : base(message)
    {
    }

    /// <summary>Creates the exception with the failure that led to it.</summary>
    /// <param name="message">Which length, and what to do.</param>
    /// <param name="innerException">The underlying failure.</param>
    public UnknownLengthException(string message, Exception innerException) : base(message, innerException)
    {
    }

    /// <summary>Creates an exception without a message; exists for serialisers and analysers.</summary>
    public UnknownLengthException()
    {
    }
}
