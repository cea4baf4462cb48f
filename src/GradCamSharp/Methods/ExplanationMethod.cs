using GradCamSharp.Text;

namespace GradCamSharp.Methods;

/// <summary>A way to explain a score: its name, its equation and its parameters.</summary>
/// <remarks>
/// <para>
/// What a method needs is its type: <see cref="GraphMethod"/> appends its map to the model's graph, <see cref="WholeRunMethod"/> runs the
/// network many times, <see cref="TailRunMethod"/> runs what follows the layer many times.
/// </para>
/// <para>
/// A method is a value: two are equal if they are of one type and have the same parameters. They share compiled graphs then, and each
/// finds the other's maps in a result.
/// </para>
/// </remarks>
public abstract record ExplanationMethod
{
    /// <summary>The name used on the command line and in file names: gradcam++.</summary>
    public abstract string Name { get; }

    /// <summary>The name used in text: Grad-CAM++.</summary>
    public abstract string Title { get; }

    /// <summary>The map's equation, in plain text.</summary>
    public abstract string Equation { get; }

    /// <summary>One sentence: what it shows, and when to use it.</summary>
    public abstract string Summary { get; }

    /// <summary>Which methods it belongs with.</summary>
    public abstract MethodFamily Family { get; }

    /// <summary>
    /// What a map costs, in passes: F one forward pass of the network, B one backward pass of what follows the layer, H one forward pass of
    /// that.
    /// </summary>
    public abstract string Cost { get; }

    /// <summary>Which other tools compute something else under this name, and what; empty where none is known to.</summary>
    public virtual string Peers => "";

    /// <summary>Whether the map is at the input's resolution, one value a channel of the picture, rather than at the layer's.</summary>
    public virtual bool IsPixelSpace => false;

    /// <summary>
    /// Whether the map's values are shares of the score: in pixel space they are shown summed over channels, in two colours around 0, or
    /// where they are positive.
    /// </summary>
    public virtual bool IsAttribution => false;

    /// <summary>
    /// Whether a heat map shows the map's positive part alone. So it is for signed maps: what is negative there speaks against the class.
    /// </summary>
    public virtual bool ShowsPositivePart => false;

    /// <summary>What can be set of the method, in the order in which it is listed.</summary>
    public virtual IReadOnlyList<MethodParameter> Parameters => [];

    /// <summary>The same method with another value of a parameter.</summary>
    /// <param name="name">The parameter's name, as <see cref="Parameters"/> has it.</param>
    /// <param name="text">The value, in the form that the parameter's range describes.</param>
    /// <exception cref="ArgumentException">There is no such parameter, or the text is none of its values.</exception>
    public ExplanationMethod With(string name, string text)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(text);
        if (Parameters.FirstOrDefault(p => p.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) is { } parameter)
            return parameter.Write(this, text);
        string[] names = [.. Parameters.Select(p => p.Name)];
        if (names.Length == 0)
            throw new ArgumentException($"The method '{Name}' has no parameters, so no '{name}'.");
        string question = NearestNames.Meant(name, names) is { } meant ? $" Did you mean '{meant}'?" : "";
        throw new ArgumentException($"The method '{Name}' has no parameter '{name}'.{question} It has {string.Join(", ", names)}.");
    }

    /// <summary>Refuses values that lie outside their range.</summary>
    /// <exception cref="ArgumentException">A parameter's value does; the message names it and its range.</exception>
    public void Check()
    {
        foreach (var parameter in Parameters)
            parameter.Write(this, parameter.TextOf(this));
    }

    /// <summary>The name, and the parameters that it has: eigencam(centred=true, eigen_smooth=false).</summary>
    public sealed override string ToString() =>
        Parameters.Count == 0 ? Name : $"{Name}({string.Join(", ", Parameters.Select(p => $"{p.Name}={p.TextOf(this)}"))})";
}
