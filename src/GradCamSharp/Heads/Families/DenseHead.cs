using GradCamSharp.Imaging;
using GradCamSharp.Targets;
using OnnxGrad;

namespace GradCamSharp.Heads.Families;

/// <summary>Outputs of a number or of class scores for every pixel, or for every cell of a coarser grid.</summary>
internal abstract class DenseHead(HeadContext context) : VisionHead(context)
{
    public override Preprocessing Preprocessing => SqueezedImageNet;

    /// <summary>The cells of a place.</summary>
    /// <param name="place">The place; not the model's own mask.</param>
    /// <param name="height">The output's height.</param>
    /// <param name="width">Its width.</param>
    /// <param name="frame">Where the picture lies at the network's input.</param>
    protected IEnumerable<(long Y, long X)> Cells(Place place, long height, long width, PixelFrame frame)
    {
        double across = (double)width / Context.InputSize.Width, down = (double)height / Context.InputSize.Height;
        switch (place)
        {
            case AllPlace:
                return Rectangle(0, 0, width, height);
            case PointPlace point:
                long x = (long)Math.Floor(frame.ToNetworkX(point.X) * across), y = (long)Math.Floor(frame.ToNetworkY(point.Y) * down);
                return x >= 0 && y >= 0 && x < width && y < height ? [(y, x)]
                    : throw Wrong($"The point {point} lies outside of what the network sees.",
                        "Give x,y inside the picture, in its pixels.");
            case RegionPlace region:
                long left = Start(frame.ToNetworkX(region.X) * across, width), top = Start(frame.ToNetworkY(region.Y) * down, height);
                long right = Start(frame.ToNetworkX(region.X + region.Width) * across, width);
                long bottom = Start(frame.ToNetworkY(region.Y + region.Height) * down, height);
                return right > left && bottom > top ? Rectangle(left, top, right, bottom)
                    : throw Wrong($"The rectangle {region} holds no pixel that the network sees.",
                        "Give x,y,width,height inside the picture.");
            default:
                throw Wrong($"The place '{place}' is of no use here.", "Give all, x,y or x,y,width,height.");
        }

        static long Start(double edge, long length) => Math.Clamp((long)Math.Round(edge, MidpointRounding.AwayFromZero), 0, length);
    }

    private static IEnumerable<(long Y, long X)> Rectangle(long left, long top, long right, long bottom)
    {
        for (long y = top; y < bottom; y++)
        {
            for (long x = left; x < right; x++)
                yield return (y, x);
        }
    }

    /// <summary>The sum of elements of one value.</summary>
    protected static TargetScore Sum(RunValue value, string name, IEnumerable<long> places)
    {
        double total = 0;
        var seeds = new List<ScoreSeed>();
        foreach (long place in places)
        {
            total += value[place];
            seeds.Add(new ScoreSeed(name, place, 1));
        }

        return new TargetScore(total, seeds) { IsLinear = true };
    }

    /// <summary>Whether a grid of cells covers the input: one cell a pixel, or so many pixels a cell along both axes.</summary>
    protected static bool CoversInput(HeadContext context, Dimension height, Dimension width, int coarsest)
    {
        var (h, w) = context.InputSize;
        return height.IsKnown && width.IsKnown && height.Value > 1 && width.Value > 1 && height.Value * coarsest >= h
            && width.Value * coarsest >= w
            && height.Value <= h && width.Value <= w
            && Enumerable.Range(1, coarsest).Any(s => IsShare(h, height.Value, s) && IsShare(w, width.Value, s));

        // The last cell may be cut off, or reach over the edge.
        static bool IsShare(long length, long cells, int stride) => cells == length / stride || cells == (length + stride - 1) / stride;
    }

    /// <summary>
    /// Whether another output holds other numbers of the same cells: then it and this one together say something, such as where the
    /// centres of boxes lie and how large these are, and none of them alone.
    /// </summary>
    protected static bool HasCompanion(HeadContext context, OutputInfo output) => context.Outputs.Any(o =>
        o != output && o.IsFloat && o.Shape.Rank == 4 && output.Shape.Rank == 4 && o.Shape[2] == output.Shape[2]
        && o.Shape[3] == output.Shape[3] && o.Shape[1] != output.Shape[1]);
}
