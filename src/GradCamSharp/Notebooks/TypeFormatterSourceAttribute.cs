namespace GradCamSharp.Notebooks;

/// <summary>
/// Names the class that makes formatters for a type. .NET Interactive finds this attribute by its name and that of its properties, in
/// whatever assembly it is declared, so that a library can show its objects in notebooks without depending on it.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class TypeFormatterSourceAttribute(Type formatterSourceType) : Attribute
{
    /// <summary>A class with a method <c>CreateTypeFormatters</c>.</summary>
    public Type FormatterSourceType { get; } = formatterSourceType;

    /// <summary>
    /// What a notebook shows where it is not asked for anything else; all of them go into the cell's output, the front end chooses.
    /// </summary>
    public string[] PreferredMimeTypes { get; set; } = [];
}
