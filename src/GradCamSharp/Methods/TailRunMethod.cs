namespace GradCamSharp.Methods;

/// <summary>
/// A method that changes the explained layer alone, and runs what follows it many times: the part before it runs once. It cannot be
/// exported.
/// </summary>
public abstract record TailRunMethod : ExplanationMethod
{
    /// <summary>Makes the map of one item and one class.</summary>
    /// <param name="context">The layer's values, the class, and the runs: batched, counted and cancelled for the method.</param>
    public abstract RawMap Map(TailContext context);
}
