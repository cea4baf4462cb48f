using GradCamSharp.Targets;

namespace GradCamSharp.Heads;

/// <summary>
/// Masks of boxes that are mixed from prototypes: a cell's logit is the sum of a box's coefficients times the prototypes there, and the
/// mask is where it is above 0 inside the box (YOLACT, Bolya et al., arXiv 1904.02689).
/// </summary>
/// <param name="prototypes">The prototypes [N, M, h, w].</param>
/// <param name="input">The network's input, over which they lie.</param>
internal sealed class PrototypeMasks(OutputInfo prototypes, (long Height, long Width) input)
{
    /// <summary>How many prototypes there are, and so coefficients a box.</summary>
    public int Count => (int)prototypes.Shape[1].Value;

    /// <summary>The mask's logits, summed over the mask; null where it has no cell.</summary>
    /// <param name="run">The run.</param>
    /// <param name="item">The item of the batch.</param>
    /// <param name="coefficients">The box's coefficients.</param>
    /// <param name="edges">The box, in the network's pixels.</param>
    public TargetScore? Score(ModelRun run, int item, TargetScore[] coefficients, BoxEdges edges)
    {
        var value = run[prototypes.Name];
        double total = 0;
        double[] sums = new double[Count];
        var seeds = new List<ScoreSeed>();
        foreach (var (y, x, logit) in Cells(run, item, coefficients, edges))
        {
            total += logit;
            for (int m = 0; m < Count; m++)
            {
                sums[m] += value.At(item, m, y, x);
                seeds.Add(new ScoreSeed(prototypes.Name, value.Shape.Ravel(item, m, y, x), coefficients[m].Value));
            }
        }

        if (seeds.Count == 0)
            return null;
        seeds.AddRange(coefficients.SelectMany((c, m) => c.Seeds.Select(s => s with { Weight = sums[m] * s.Weight })));
        return new TargetScore(total, seeds);
    }

    /// <summary>A detection's mask.</summary>
    /// <param name="run">The run.</param>
    /// <param name="item">The item of the batch.</param>
    /// <param name="coefficients">The box's coefficients.</param>
    /// <param name="edges">The box, in the network's pixels.</param>
    /// <param name="found">The detection.</param>
    public HeadMask Of(ModelRun run, int item, TargetScore[] coefficients, BoxEdges edges, Detection found)
    {
        int height = (int)prototypes.Shape[2].Value, width = (int)prototypes.Shape[3].Value;
        bool[] inside = new bool[height * width];
        foreach (var (y, x, _) in Cells(run, item, coefficients, edges))
            inside[(y * width) + x] = true;
        return new HeadMask(
            new BoxTarget(new RankedBox(found.Index), "mask"), found.Label, found.Score, width, height, (y, x) => inside[(y * width) + x]);
    }

    private IEnumerable<(long Y, long X, double Logit)> Cells(ModelRun run, int item, TargetScore[] coefficients, BoxEdges edges)
    {
        var value = run[prototypes.Name];
        long height = prototypes.Shape[2].Value, width = prototypes.Shape[3].Value;
        double across = (double)width / input.Width, down = (double)height / input.Height;
        for (long y = 0; y < height; y++)
        {
            for (long x = 0; x < width; x++)
            {
                if (x < edges.X1 * across || x >= edges.X2 * across || y < edges.Y1 * down || y >= edges.Y2 * down)
                    continue;
                double logit = 0;
                for (int m = 0; m < coefficients.Length; m++)
                    logit += coefficients[m].Value * value.At(item, m, y, x);
                if (logit > 0)
                    yield return (y, x, logit);
            }
        }
    }
}
