using System.Numerics.Tensors;
using GradCamSharp.Imaging;

namespace GradCamSharp.Audit.Scanning;

/// <summary>The evidence and the details of some pictures, all at hand: one class's at a time.</summary>
internal sealed class ClassPictures
{
    private readonly MapGrid grid;
    private readonly double[][] shares;

    /// <param name="grid">Where maps lie on the network's input.</param>
    /// <param name="maps">For each picture its map, at the layer's resolution.</param>
    /// <param name="details">For each picture its details, at the network's input.</param>
    public ClassPictures(MapGrid grid, IReadOnlyList<float[]> maps, float[][] details)
    {
        this.grid = grid;
        Details = details;
        shares = [.. maps.Select(m => Embedding.Shares(m))];
        Windows = new EvidenceWindow[details.Length];
        Parallel.For(0, details.Length, i =>
        {
            int peak = TensorPrimitives.IndexOfMax<float>(grid.AtInput(maps[i]));
            Windows[i] = new EvidenceWindow(details[i], grid.Input, peak);
        });
    }

    /// <summary>The network's input.</summary>
    public PixelSize Input => grid.Input;

    /// <summary>The pictures' details, [H, W] each.</summary>
    public float[][] Details { get; }

    /// <summary>The windows around the pictures' strongest evidence.</summary>
    public EvidenceWindow[] Windows { get; }

    /// <summary>How far some pictures share the same pixels where their evidence lies.</summary>
    /// <param name="members">The pictures; two or more.</param>
    public double Sharp(int[] members)
    {
        double[] mean = new double[shares[0].Length];
        foreach (int i in members)
            TensorPrimitives.Add(mean, shares[i], mean);
        float[] weight = grid.AtInput([.. mean.Select(v => (float)(v / members.Length))]);
        return Sharpness.Of([.. members.Select(i => Details[i])], weight);
    }

    /// <summary>Aligns the windows of some pictures, begun with the first.</summary>
    public Alignment Aligned(int[] members) => Alignment.Of([.. members.Select(i => Windows[i])]);

    /// <summary>
    /// Aligns some pictures once more, by windows around what is most like their first mean, wherever in the picture that is: the evidence
    /// on a mark that is larger than a window lies on another part of it in each picture.
    /// </summary>
    /// <param name="members">The pictures; two or more.</param>
    public Alignment AlignedAnywhere(int[] members)
    {
        var template = new MarkTemplate([.. members.Select(i => Windows[i])], Aligned(members).Mean);
        var windows = members.Select(i => new EvidenceWindow(Details[i], Input, template.Best(Details[i], Input).At)).ToArray();
        return Alignment.Of(windows, template.Mean);
    }
}
