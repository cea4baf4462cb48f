namespace GradCamSharp.Methods;

/// <summary>A method that runs the whole network many times, on changed inputs. It cannot be exported.</summary>
public abstract record WholeRunMethod : ExplanationMethod
{
    /// <summary>Makes the map of one item and one class.</summary>
    /// <param name="context">The item, the class, and the runs: batched, counted and cancelled for the method.</param>
    public abstract RawMap Map(RunContext context);
}
