using System.Numerics;
using GradCamSharp.Imaging;

namespace GradCamSharp.Audit.Leaks;

/// <summary>A picture in 64 bits: whether each of 9 x 8 areas' grey values is below its right neighbour's.</summary>
internal static class DifferenceHash
{
    private const int Columns = 9, Rows = 8;

    /// <summary>The hash of a picture.</summary>
    public static ulong Of(Picture picture)
    {
        double[] sums = new double[Columns * Rows];
        int[] counts = new int[Columns * Rows];
        for (int y = 0; y < picture.Height; y++)
        {
            var row = picture.Row(y);
            int line = y * Rows / picture.Height * Columns;
            for (int x = 0; x < picture.Width; x++)
            {
                int cell = line + (x * Columns / picture.Width);
                sums[cell] += row[3 * x] + row[(3 * x) + 1] + row[(3 * x) + 2];
                counts[cell]++;
            }
        }

        ulong hash = 0;
        for (int y = 0; y < Rows; y++)
        {
            for (int x = 0; x < Columns - 1; x++)
            {
                int cell = (y * Columns) + x;
                bool rises = sums[cell] * Math.Max(1, counts[cell + 1]) < sums[cell + 1] * Math.Max(1, counts[cell]);
                hash = (hash << 1) | (rises ? 1UL : 0);
            }
        }

        return hash;
    }

    /// <summary>The number of bits by which two hashes differ.</summary>
    public static int Distance(ulong a, ulong b) => BitOperations.PopCount(a ^ b);

    /// <summary>Pairs of hashes that differ by a few bits.</summary>
    /// <param name="first">Some hashes.</param>
    /// <param name="second">Others; null to compare the first with themselves.</param>
    /// <param name="most">By how many bits they may differ: 0 to 4.</param>
    /// <returns>Their places, in the order of the first, then of the second; of the first with itself each pair once.</returns>
    public static IEnumerable<(int First, int Second, int Distance)> Pairs(ulong[] first, ulong[]? second, int most)
    {
        // Of five parts at least one is the same where four bits differ.
        int[] begins = [0, 13, 26, 39, 52, 64];
        var others = second ?? first;
        var tables = Enumerable.Range(0, 5)
            .Select(part => Enumerable.Range(0, others.Length).ToLookup(i => Part(others[i], part))).ToArray();
        for (int i = 0; i < first.Length; i++)
        {
            var near = new SortedSet<int>();
            for (int part = 0; part < tables.Length; part++)
                near.UnionWith(tables[part][Part(first[i], part)].Where(j => Distance(first[i], others[j]) <= most));
            foreach (int j in near.Where(j => second is not null || j > i))
                yield return (i, j, Distance(first[i], others[j]));
        }

        ulong Part(ulong hash, int part) => (hash >> begins[part]) & ((1UL << (begins[part + 1] - begins[part])) - 1);
    }
}
