namespace OnnxGrad;

/// <summary>
/// A model cannot do what was asked of it. The message names the model, operator, node or path concerned, and the way out.
/// </summary>
public class ModelException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">What is wrong, where, and what to do.</param>
    public ModelException(string message) : base(message)
    {
    }

    /// <summary>Creates the exception with the failure that led to it.</summary>
    /// <param name="message">What is wrong, where, and what to do.</param>
    /// <param name="innerException">The underlying failure.</param>
    public ModelException(string message, Exception? innerException) : base(message, innerException)
    {
    }

    /// <summary>Creates an exception without a message; exists for serialisers and analysers.</summary>
    public ModelException()
    {
    }
}
