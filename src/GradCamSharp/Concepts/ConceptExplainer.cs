using GradCamSharp.Errors;
using GradCamSharp.Imaging;
using GradCamSharp.Layers;
using GradCamSharp.Methods;
using GradCamSharp.Targets;
using OnnxGrad;

namespace GradCamSharp.Concepts;

/// <summary>
/// Explains a class by single channels of a layer: how much of the score passes through each, and what of the picture (concept relevance
/// propagation, Achtibat et al., arXiv 2206.03208).
/// </summary>
/// <remarks>The explainer that it is made with stays its owner's. All members may be used by several threads at once.</remarks>
/// <param name="pictures">The model with its preprocessing.</param>
/// <param name="layer">The layer; the model's own where null.</param>
public sealed class ConceptExplainer(PictureExplainer pictures, Layer? layer = null)
{
    private static readonly ChannelPeaks Peaks = new();

    /// <summary>The model.</summary>
    public PictureExplainer Pictures { get; } = pictures ?? throw new ArgumentNullException(nameof(pictures));

    /// <summary>The layer.</summary>
    public Layer Layer { get; } = layer ?? pictures.Model.Layer;

    /// <summary>The rules by which the score is shared out; null for the gradient.</summary>
    public LayerwiseRelevance? Rule { get; init; }

    /// <summary>The number of channels of the layer.</summary>
    public int ChannelCount => (int)Layer.Shape[Layer.Format.Kind == LayerFormatKind.Nchw ? 1 : Layer.Shape.Rank - 1].Value;

    /// <summary>
    /// Finds the channels that most of a class's score passes through, and what of the picture reaches the score by each.
    /// </summary>
    /// <param name="picture">The picture.</param>
    /// <param name="requested">The class.</param>
    /// <param name="count">How many channels, 1 or more.</param>
    /// <param name="cancellationToken">Stops the run; compiling, once begun, is not interrupted.</param>
    /// <exception cref="ModelException">The class does not exist, or it does not reach the input by the rules.</exception>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    public ConceptExplanation Explain(
        Picture picture, ClassRequest requested, int count, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        return Explain(picture, requested, new ChannelMasks { Channels = Math.Min(count, ChannelCount), Rule = Rule }, cancellationToken);
    }

    /// <summary>The same for channels of one's own choice, in the order of their relevance.</summary>
    /// <param name="picture">The picture.</param>
    /// <param name="requested">The class.</param>
    /// <param name="channels">The channels, from 0.</param>
    /// <param name="cancellationToken">Stops the run; compiling, once begun, is not interrupted.</param>
    /// <exception cref="ModelException">A channel or the class does not exist, or there is no gradient from it to the input.</exception>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    public ConceptExplanation Explain(
        Picture picture, ClassRequest requested, IReadOnlyList<int> channels, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(channels);
        if (channels.Count == 0)
            throw new ArgumentException("Name at least one channel.", nameof(channels));
        foreach (int channel in channels.Where(c => c < 0 || c >= ChannelCount))
        {
            throw new ExplanationException(
                ExplanationError.UnknownLayer,
                $"The layer '{Layer.Name}' has {ChannelCount} channels, 0 to {ChannelCount - 1}; there is no channel {channel}.",
                "Choose others.");
        }

        double[] distinct = [.. channels.Distinct().Select(c => (double)c)];
        return Explain(picture, requested, new ChannelMasks { Chosen = new NumberList(distinct), Rule = Rule }, cancellationToken);
    }

    /// <summary>Where a picture excites each channel most: the largest activation, and the part of the picture around it.</summary>
    /// <param name="picture">The picture.</param>
    /// <param name="cancellationToken">Stops the run; compiling, once begun, is not interrupted.</param>
    /// <returns>One a channel.</returns>
    /// <exception cref="ModelException">The layer's maps are not of two axes.</exception>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    public IReadOnlyList<(float Activation, PixelBox Part)> FindPeaks(Picture picture, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(picture);
        var prepared = Pictures.Preprocessing.Prepare(picture);
        var (input, shape) = Pictures.InputOf(prepared);
        var peaks = Pictures.Model.Explain(input, shape, [Peaks], [ClassRequest.Top1], Layer, cancellationToken).Maps[Peaks][0, 0];
        int channels = peaks.Length / 2;
        var found = new (float Activation, PixelBox Part)[channels];
        for (int k = 0; k < channels; k++)
            found[k] = (peaks[k], Around((long)peaks[channels + k], prepared.Geometry));
        return found;
    }

    private ConceptExplanation Explain(
        Picture picture, ClassRequest requested, ChannelMasks masks, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(picture);
        var prepared = Pictures.Preprocessing.Prepare(picture);
        var (input, shape) = Pictures.InputOf(prepared);
        var (shares, strongest) = (new ChannelRelevance(Rule), new StrongestChannels(masks.Channels, Rule));
        var chosen = masks.Chosen;
        ExplanationMethod[] methods = chosen.Count > 0 ? [shares, masks] : [shares, strongest, masks];
        var batch = Pictures.Model.Explain(input, shape, methods, [requested], Layer, cancellationToken);
        float[] relevance = batch.Maps[shares][0, 0].ToArray();
        double all = relevance.Sum(r => Math.Abs((double)r));
        int[] indices = chosen.Count > 0 ? [.. chosen.Select(c => (int)c)]
            : [.. batch.Maps[strongest][0, 0].ToArray().Select(c => (int)c)];
        var size = prepared.Input.Size;
        float[] maps = batch.Maps[masks][0, 0].ToArray();
        int each = maps.Length / indices.Length;
        var channels = indices.Select((index, i) =>
        {
            float[] map = maps.AsSpan(i * each, each).ToArray();
            var (cells, height, width) = OverCells(map, size);
            double share = all > 0 ? relevance[index] / all : 0;
            return new ConceptChannel(
                index, relevance[index], share, map, HeatMap.FromRaw(cells, height, width, prepared.Geometry));
        });
        long @class = batch.Classes[0][0];
        return new ConceptExplanation(
            picture, prepared, Layer, @class, Pictures.Labels[@class], batch.Scores[0][(int)@class], relevance,
            [.. channels.OrderByDescending(c => c.Relevance).ThenBy(c => c.Index)]);
    }

    /// <summary>
    /// The positive part of a map's sums over the cells of the layer's grid: single pixels of a gradient are too noisy to see.
    /// </summary>
    private (float[] Cells, int Height, int Width) OverCells(float[] map, PixelSize size)
    {
        var (height, width) = Layer.Spatial is { Rank: 2 } grid
            ? (Math.Min((int)grid[0].Value, size.Height), Math.Min((int)grid[1].Value, size.Width)) : (size.Height, size.Width);
        float[] cells = new float[height * width];
        for (int i = 0; i < map.Length; i++)
            cells[((i / size.Width * height / size.Height) * width) + (i % size.Width * width / size.Width)] += map[i];
        return (Array.ConvertAll(cells, v => Math.Max(0, v)), height, width);
    }

    /// <summary>A square of the picture around a position of the layer: three tenths of what the network sees, or two positions.</summary>
    private PixelBox Around(long position, Geometry geometry)
    {
        if (Layer.Spatial is not { Rank: 2 } grid)
        {
            throw new ExplanationException(
                ExplanationError.UnknownLayer, $"The layer '{Layer.Name}' has maps of {Layer.Spatial}; parts of a picture need two axes.",
                "Choose another layer.");
        }

        var (original, resized, crop) = geometry;
        double down = (double)crop.Height / grid[0].Value, across = (double)crop.Width / grid[1].Value;
        double side = Math.Max(0.3 * Math.Min(crop.Width, crop.Height), 2 * Math.Max(down, across));
        double x = crop.X + (((position % grid[1].Value) + 0.5) * across), y = crop.Y + (((position / grid[1].Value) + 0.5) * down);
        var (left, width) = Along(x, side, original.Width, resized.Width);
        var (top, height) = Along(y, side, original.Height, resized.Height);
        return new PixelBox(left, top, width, height);
    }

    // The part is moved rather than cut where it would reach over the edge.
    private static (int Start, int Length) Along(double centre, double side, int original, int resized)
    {
        double scale = (double)original / resized;
        int length = Math.Clamp((int)Math.Round(side * scale), 1, original);
        return (Math.Clamp((int)Math.Round((centre * scale) - (length / 2.0)), 0, original - length), length);
    }
}
