using System.Globalization;
using GradCamSharp.Targets;

namespace GradCamSharp.Cli.Explaining;

/// <summary>Classes as the command line names them: 207, 1,2,3, tabby, top1, top5.</summary>
internal static class ClassNames
{
    public static IReadOnlyList<ClassRequest> Parse(IEnumerable<string> names, Labels labels, long count) => [.. names.SelectMany(n => One(n.Trim(), labels, count)).Distinct()];

    private static IReadOnlyList<ClassRequest> One(string name, Labels labels, long count)
    {
        if (name.StartsWith("top", StringComparison.OrdinalIgnoreCase) && int.TryParse(name.AsSpan(3), NumberStyles.None, CultureInfo.InvariantCulture, out int k))
            return k >= 1 && k <= count ? ClassRequest.Top(k) : throw new UsageException($"--class {name}: the model has {count} classes.");
        string[] parts = name.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length > 0 && parts.All(p => long.TryParse(p, NumberStyles.None, CultureInfo.InvariantCulture, out _)))
        {
            return [.. parts.Select(p => long.Parse(p, CultureInfo.InvariantCulture)).Select(i => i < count
                ? ClassRequest.Index(i) : throw new UsageException($"--class {i}: the model has {count} classes, 0 to {count - 1}."))];
        }

        if (labels.Find(name) is { } index && index < count)
            return [ClassRequest.Index(index)];
        throw new UsageException(labels.Count == 0
            ? $"--class '{name}': no labels are known for this model; give an index from 0 to {count - 1}, top1, or --labels."
            : $"--class '{name}': there is no such class. The nearest are {string.Join(", ", labels.Nearest(name).Select(n => $"'{n}'"))}.");
    }
}
