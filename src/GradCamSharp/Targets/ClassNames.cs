using System.Globalization;

namespace GradCamSharp.Targets;

/// <summary>Classes as the command line and the HTTP API name them: 207, 1,2,3, tabby, top1, top5.</summary>
public static class ClassNames
{
    /// <summary>What names stand for, each class once.</summary>
    /// <param name="names">Each an index or a comma list of indices, a label or any one of its synonyms, or top1, top2 ....</param>
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
        string[] parts = name.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length > 0 && parts.All(p => long.TryParse(p, NumberStyles.None, CultureInfo.InvariantCulture, out _)))
        {
            return [.. parts.Select(p => long.Parse(p, CultureInfo.InvariantCulture)).Select(i => i < count
                ? ClassRequest.Index(i) : throw new ArgumentException($"class {i}: the model has {count} classes, 0 to {count - 1}."))];
        }

        if (labels.Find(name) is { } index && index < count)
            return [ClassRequest.Index(index)];
        throw new ArgumentException(labels.Count == 0
            ? $"class '{name}': no labels are known for this model; give an index from 0 to {count - 1}, or top1."
            : $"class '{name}': there is no such class. The nearest are {string.Join(", ", labels.Nearest(name).Select(n => $"'{n}'"))}.");
    }
}
