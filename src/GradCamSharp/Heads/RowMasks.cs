using GradCamSharp.Targets;

namespace GradCamSharp.Heads;

/// <summary>
/// Masks that an output holds as they are, one a box: over the whole input [N, A, h, w] (MaskFormer, RF-DETR), or over the box itself
/// [A, 1, h, w] (Mask R-CNN). The mask is where its logit is above 0.
/// </summary>
/// <param name="masks">The output.</param>
/// <param name="isOverBox">Whether a mask lies over its own box; else over the whole input.</param>
/// <param name="input">The network's input.</param>
internal sealed class RowMasks(OutputInfo masks, bool isOverBox, (long Height, long Width) input)
{
    private int Height => (int)masks.Shape[2].Value;

    private int Width => (int)masks.Shape[3].Value;

    /// <summary>The mask's logits, summed over the mask; null where it has no cell.</summary>
    /// <param name="run">The run.</param>
    /// <param name="item">The item of the batch.</param>
    /// <param name="row">The box's row.</param>
    public TargetScore? Score(ModelRun run, int item, long row)
    {
        string name = run.Logit(masks.Name);
        var own = new List<(double, TargetScore)>();
        for (int y = 0; y < Height; y++)
        {
            for (int x = 0; x < Width; x++)
            {
                var cell = isOverBox ? run.Element(name, row, 0, y, x) : run.Element(name, item, row, y, x);
                if (cell.Value > 0)
                    own.Add((1, cell));
            }
        }

        return own.Count == 0 ? null : TargetScore.Sum(own);
    }

    /// <summary>A detection's mask.</summary>
    /// <param name="run">The run.</param>
    /// <param name="item">The item of the batch.</param>
    /// <param name="edges">Its box, in the network's pixels.</param>
    /// <param name="found">The detection.</param>
    public HeadMask Of(ModelRun run, int item, BoxEdges edges, Detection found)
    {
        var value = run[run.Logit(masks.Name)];
        var target = new BoxTarget(new RankedBox(found.Index), "mask");
        if (!isOverBox)
            return new HeadMask(target, found.Label, found.Score, Width, Height, (y, x) => value.At(item, found.Row, y, x) > 0);
        return new HeadMask(target, found.Label, found.Score, (int)input.Width, (int)input.Height, (y, x) =>
        {
            double across = (x + 0.5 - edges.X1) / (edges.X2 - edges.X1), down = (y + 0.5 - edges.Y1) / (edges.Y2 - edges.Y1);
            return across is >= 0 and < 1 && down is >= 0 and < 1
                && value.At(found.Row, 0, (long)(down * Height), (long)(across * Width)) > 0;
        });
    }
}
