namespace GradCamSharp.Audit.Scanning;

/// <summary>A class in one view: each picture with its 7 nearest is a group, and each group is looked at.</summary>
/// <param name="points">The pictures.</param>
/// <param name="groups">For each picture itself and its nearest, the nearest first.</param>
/// <param name="sharp">How far each group shares the same pixels where its evidence lies.</param>
/// <param name="aligned">The same of windows around the strongest evidence, shifted onto each other.</param>
internal sealed class ViewScan(Embedding points, int[][] groups, double[] sharp, double[] aligned)
{
    public Embedding Points { get; } = points;

    public int[][] Groups { get; } = groups;

    public double[] Sharp { get; } = sharp;

    public double[] Aligned { get; } = aligned;

    /// <summary>The number of pictures of a group.</summary>
    public const int Members = 8;

    /// <summary>The fewest pictures of a class that is looked at.</summary>
    public const int Least = 4 * Members;

    private const int MostPromising = 12;
    private const double LeastPromising = 0.2;

    /// <summary>Looks at a class.</summary>
    /// <param name="points">Its pictures in the view.</param>
    /// <param name="pictures">The same pictures.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public static ViewScan Of(Embedding points, ClassPictures pictures, CancellationToken cancellationToken)
    {
        int[][] nearest = points.Nearest(Members - 1);
        int[][] groups = [.. nearest.Select((near, i) => (int[])[i, .. near])];
        double[] sharp = new double[groups.Length], aligned = new double[groups.Length];
        Parallel.For(0, groups.Length, new ParallelOptions { CancellationToken = cancellationToken }, i =>
        {
            sharp[i] = pictures.Sharp(groups[i]);
            aligned[i] = pictures.Aligned(groups[i]).Score;
        });
        // Anywhere in the picture takes long: the groups that are most alike, and only where there is something to them.
        int[] promising = WorthALook(aligned);
        Parallel.ForEach(promising, new ParallelOptions { CancellationToken = cancellationToken }, i =>
            aligned[i] = Math.Max(aligned[i], pictures.AlignedAnywhere(groups[i]).Score));
        return new ViewScan(points, groups, sharp, aligned) { Promising = [.. promising] };
    }

    /// <summary>The groups that were aligned anywhere in their pictures; they alone may find what their neighbours do not.</summary>
    public IReadOnlyList<int> Promising { get; private init; } = [];

    /// <summary>The groups that are worth a closer look: those of the highest values.</summary>
    /// <param name="aligned">The groups' values.</param>
    public static int[] WorthALook(double[] aligned) =>
    [
        .. Enumerable.Range(0, aligned.Length).Where(i => aligned[i] >= LeastPromising).OrderByDescending(i => aligned[i])
            .Take(MostPromising),
    ];

    /// <summary>Whether a group is above the level.</summary>
    public bool IsHit(int group, double sharp, double aligned) => Sharp[group] >= sharp || Aligned[group] >= aligned;

    /// <summary>
    /// The pictures of which at least half of the groups that hold them are above the level, and those of groups that are above it when
    /// they are aligned anywhere.
    /// </summary>
    public IEnumerable<int> Found(double sharp, double aligned) =>
        Sure(sharp, aligned).Union(Promising.Where(g => IsHit(g, sharp, aligned)).SelectMany(g => Groups[g])).Order();

    /// <summary>The pictures of which at least half of the groups that hold them are above the level.</summary>
    public IEnumerable<int> Sure(double sharp, double aligned)
    {
        int[] hits = new int[Groups.Length], seen = new int[Groups.Length];
        for (int g = 0; g < Groups.Length; g++)
        {
            bool isHit = IsHit(g, sharp, aligned);
            foreach (int i in Groups[g])
            {
                seen[i]++;
                hits[i] += isHit ? 1 : 0;
            }
        }

        return Enumerable.Range(0, Groups.Length).Where(i => hits[i] > 0 && 2 * hits[i] >= seen[i]);
    }
}
