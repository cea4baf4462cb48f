using System.Globalization;

namespace GradCamSharp.Targets;

/// <summary>Classes as the command line and the HTTP API name them: 207, 1,2,3, tabby, mug,key, top1, top5.</summary>
public static class ClassNames
{
    /// <summary>What names stand for, each class once.</summary>
    /// <param name="names">Each an index, a label or any one of its synonyms, top1, top2 ..., or a comma list of these.</param>
    /// <param name="labels">The classes' names; may be empty.</param>
    /// <param name="count">How many classes the model has.</param>
    /// <exception cref="ArgumentException">
    /// There is no such class, and the message names the nearest; or several have that name.
    /// </exception>
    public static IReadOnlyList<ClassRequest> Parse(IEnumerable<string> names, Labels labels, long count)
    {
        ArgumentNullException.ThrowIfNull(names);
        ArgumentNullException.ThrowIfNull(labels);
        return [.. names.SelectMany(n => One(n.Trim(), labels, count)).Distinct()];
    }

    private static IReadOnlyList<ClassRequest> One(string name, Labels labels, long count)
    {
        if (name.StartsWith("top", StringComparison.OrdinalIgnoreCase)
            && int.TryParse(name.AsSpan(3), NumberStyles.None, CultureInfo.InvariantCulture, out int k))
        {
            return k >= 1 && k <= count ? ClassRequest.Top(k)
                : throw new ArgumentException($"class {name}: the model has {count} classes, top1 to top{count}.");
        }
        if (long.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out long number))
        {
            return [number < count ? ClassRequest.Index(number)
                : throw new ArgumentException($"class {number}: the model has {count} classes, 0 to {count - 1}.")];
        }

        if (labels.Find(name) is { } index && index < count)
            return [ClassRequest.Index(index)];
        // A label may hold commas itself, and goes before a list.
        string[] parts = name.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length > 0 && name.Contains(','))
            return [.. parts.SelectMany(p => One(p, labels, count))];
        throw new ArgumentException(labels.Count == 0
            ? $"class '{name}': no labels are known for this model; give an index from 0 to {count - 1}, or top1."
            : $"class '{name}': there is no such class. The nearest are {string.Join(", ", labels.Nearest(name).Select(n => $"'{n}'"))}.");
    }
}
