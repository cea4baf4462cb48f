namespace GradCamSharp.Architecture.Tests;

/// <summary>Cycles among arrows.</summary>
public static class Cycles
{
    /// <summary>The groups of folders that reach each other; none where the arrows go one way.</summary>
    /// <param name="arrows">The arrows.</param>
    public static IReadOnlyList<IReadOnlyList<string>> Find(IReadOnlyList<Arrow> arrows)
    {
        var reached = arrows.SelectMany(a => new[] { a.From, a.To }).Distinct().ToDictionary(f => f, f => Reached(f, arrows));
        return [.. reached.Where(f => f.Value.Contains(f.Key))
            .Select(f => reached.Keys.Where(other => f.Value.Contains(other) && reached[other].Contains(f.Key))
                .Order(StringComparer.Ordinal).ToList())
            .DistinctBy(group => string.Join(' ', group))];
    }

    private static HashSet<string> Reached(string folder, IReadOnlyList<Arrow> arrows)
    {
        var reached = new HashSet<string>();
        var waiting = new Stack<string>([folder]);
        while (waiting.TryPop(out string? next))
        {
            foreach (var arrow in arrows.Where(a => a.From == next))
            {
                if (reached.Add(arrow.To))
                    waiting.Push(arrow.To);
            }
        }

        return reached;
    }
}
