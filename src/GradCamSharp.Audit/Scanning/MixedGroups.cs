using GradCamSharp.Evaluation.Sampling;

namespace GradCamSharp.Audit.Scanning;

/// <summary>
/// Groups of pictures of several classes: what they share is no class's mark. Near-duplicates, such as of a film, are sharp in them too,
/// and so is a mark that is everywhere.
/// </summary>
internal static class MixedGroups
{
    private const int MostGroups = 500, MostPictures = 5000;

    /// <summary>The groups: each begins with a picture that is drawn, and goes on with the nearest by channels.</summary>
    /// <param name="classes">The class of each picture.</param>
    /// <param name="channels">The channels' parts of a picture.</param>
    /// <param name="seed">The seed of the draw.</param>
    /// <remarks>
    /// No class has more pictures in a group than a fair share, or groups would be of one class but for their first picture, and a class's
    /// own mark would hide itself.
    /// </remarks>
    public static int[][] Of(IReadOnlyList<int> classes, Func<int, float[]> channels, long seed)
    {
        int[] order = new SeededRandom(seed, 0, 1).Permutation(classes.Count);
        int[] pool = [.. order.Take(MostPictures)];
        int kinds = pool.Select(i => classes[i]).Distinct().Count();
        if (kinds < 2 || pool.Length < ViewScan.Members)
            return [];
        int most = (ViewScan.Members + kinds - 1) / kinds;
        var points = Embedding.Of([.. pool.Select(channels)]);
        int[][] groups = new int[Math.Min(MostGroups, pool.Length)][];
        Parallel.For(0, groups.Length, g => groups[g] = Group(points, g, [.. pool.Select(i => classes[i])], most));
        return [.. groups.Where(g => g.Length == ViewScan.Members).Select(g => g.Select(i => pool[i]).ToArray())];
    }

    private static int[] Group(Embedding points, int first, int[] classes, int most)
    {
        double[] distances = points.Distances(first);
        var members = new List<int> { first };
        var counts = new Dictionary<int, int> { [classes[first]] = 1 };
        foreach (int i in Enumerable.Range(0, distances.Length).Where(i => i != first).OrderBy(i => distances[i]))
        {
            int there = counts.GetValueOrDefault(classes[i]);
            if (there == most)
                continue;
            counts[classes[i]] = there + 1;
            members.Add(i);
            if (members.Count == ViewScan.Members)
                break;
        }

        return [.. members];
    }
}
