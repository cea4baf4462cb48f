using System.Collections.Immutable;

namespace OnnxGrad;

/// <summary>
/// Types, shapes and small integer constants of a model's values at one set of input shapes, as an analysis finds them. Immutable: analyses
/// of the same model at other shapes are other tables.
/// </summary>
public sealed class ShapeTable
{
    private readonly ImmutableDictionary<string, ValueInfo> values;

    internal ShapeTable(ImmutableDictionary<string, ValueInfo> values) => this.values = values;

    /// <summary>A table that knows no value.</summary>
    public static ShapeTable Empty { get; } = new(ImmutableDictionary.Create<string, ValueInfo>(StringComparer.Ordinal));

    /// <summary>The names of the values that are known.</summary>
    public IEnumerable<string> Values => values.Keys;

    /// <summary>What is known of a value, or null.</summary>
    /// <param name="value">The value's name.</param>
    public ValueInfo? Find(string value) => values.GetValueOrDefault(value);

    /// <summary>The table with more values; what it knows of the same names is replaced.</summary>
    /// <param name="more">Names and what is known of them.</param>
    public ShapeTable With(IEnumerable<KeyValuePair<string, ValueInfo>> more) => new(values.SetItems(more));
}
