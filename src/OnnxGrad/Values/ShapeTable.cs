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

    /// <summary>
    /// What several runs of one model have in common. A length that differs between them stays open: lengths that differ alike, such as
    /// those of everything that is kept of as many boxes, get one symbol. Content that differs is dropped, and values whose number of axes
    /// differs, or that a run does not have.
    /// </summary>
    /// <param name="runs">One table a run, their lengths known.</param>
    public static ShapeTable Common(IReadOnlyList<ShapeTable> runs)
    {
        ArgumentNullException.ThrowIfNull(runs);
        var common = new Dictionary<string, ValueInfo>(StringComparer.Ordinal);
        foreach (string value in runs.Count > 0 ? runs[0].Values : [])
        {
            var seen = runs.Select(r => r.Find(value)).ToList();
            var first = seen[0]!;
            if (seen.Any(s => s is null || s.Type != first.Type || s.Shape.Rank != first.Shape.Rank))
                continue;
            var lengths = new Dimension[first.Shape.Rank];
            for (int axis = 0; axis < lengths.Length; axis++)
            {
                var own = seen.Select(s => s!.Shape[axis]).ToList();
                lengths[axis] = own.TrueForAll(l => l == own[0]) ? own[0] : new Dimension($"kept_{string.Join('_', own)}");
            }

            bool isSame = first.Integers is { } content && seen.TrueForAll(s => s!.Integers is { } other && other.SequenceEqual(content));
            common[value] = new ValueInfo(first.Type, new Shape(lengths), isSame ? first.Integers : null);
        }

        return Empty.With(common);
    }
}
