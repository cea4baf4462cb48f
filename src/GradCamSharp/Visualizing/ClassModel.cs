using GradCamSharp.Errors;
using GradCamSharp.Imaging;
using GradCamSharp.Layers;
using GradCamSharp.Methods;
using GradCamSharp.Runs;
using GradCamSharp.Targets;
using OnnxGrad;

namespace GradCamSharp.Visualizing;

/// <summary>
/// What a class, or a channel of a layer, looks like to a network: a picture that is changed step by step so that its score grows.
/// </summary>
/// <remarks>
/// <para>
/// x = 0; each step shifts the picture by a drawn number of rows and columns, takes g = dS/dx there, shifts it back and makes
/// x = (1 - decay) (x + rate g / rms g); every few steps x is blurred, its edges repeated. A gradient of 0 leaves x as it is.
/// </para>
/// <para>S is the class's score, or the channel's mean over positions.</para>
/// </remarks>
public sealed class ClassModel
{
    // What is kept of the growth, in values.
    private const long MostKept = 16 << 20;

    private ClassModel(Shape shape, float[] values, IReadOnlyList<float> scores, IReadOnlyList<Picture> growth)
    {
        Shape = shape;
        Values = values;
        Scores = scores;
        Growth = growth;
    }

    /// <summary>The shape of <see cref="Values"/>, [C, H, W].</summary>
    public Shape Shape { get; }

    /// <summary>The picture as the network sees it, not normalised.</summary>
    public ReadOnlyMemory<float> Values { get; }

    /// <summary>The score before each step, of the shifted picture, and in the end of the picture itself.</summary>
    public IReadOnlyList<float> Scores { get; }

    /// <summary>
    /// The picture as it grew, the last one as it is: grey is the mean colour, and all are drawn at the scale of the last one, whose
    /// strongest half per cent is white or black.
    /// </summary>
    public IReadOnlyList<Picture> Growth { get; }

    /// <summary>The picture.</summary>
    public Picture Picture => Growth[^1];

    /// <summary>Grows the picture of a class.</summary>
    /// <param name="explainer">The network.</param>
    /// <param name="class">The class.</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <param name="progress">Is told of steps.</param>
    /// <param name="cancellationToken">Stops the growth.</param>
    /// <exception cref="ModelException">There is no such class, or no gradient reaches the picture.</exception>
    public static ClassModel OfClass(
        PictureExplainer explainer, long @class, ClassModelOptions? options = null, IProgress<RunProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(explainer);
        ArgumentOutOfRangeException.ThrowIfNegative(@class);
        var gradient = new Saliency();
        return Grow(explainer, options ?? new(), progress, (model, input, shape) =>
        {
            var found = model.Explain(input, shape, [gradient], [ClassRequest.Index(@class)], cancellationToken);
            return (found.Scores[0][(int)@class], found.Maps[gradient].Values.AsMemory());
        }, cancellationToken);
    }

    /// <summary>Grows the picture of a channel.</summary>
    /// <param name="explainer">The network.</param>
    /// <param name="layer">The layer.</param>
    /// <param name="channel">The channel, from 0.</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <param name="progress">Is told of steps.</param>
    /// <param name="cancellationToken">Stops the growth.</param>
    /// <exception cref="ModelException">There is no such channel, or no gradient reaches the picture.</exception>
    public static ClassModel OfChannel(
        PictureExplainer explainer, Layer layer, int channel, ClassModelOptions? options = null, IProgress<RunProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(explainer);
        ArgumentNullException.ThrowIfNull(layer);
        long channels = layer.Shape[layer.Format.Kind == LayerFormatKind.Nchw ? 1 : -1].Value;
        if (channel < 0 || channel >= channels)
        {
            throw new ExplanationException(
                ExplanationError.UnknownLayer, FormattableString.Invariant(
                    $"The layer '{layer.Name}' has {channels} channels, 0 to {channels - 1}; there is no channel {channel}."),
                "Name one of them, or another layer.");
        }

        var (gradient, mean) = (new ChannelMeanGradient(channel), new ChannelMean(channel));
        return Grow(explainer, options ?? new(), progress, (model, input, shape) =>
        {
            var found = model.Explain(input, shape, [gradient, mean], [ClassRequest.Top1], layer, cancellationToken);
            return (found.Maps[mean].Values[0], found.Maps[gradient].Values.AsMemory());
        }, cancellationToken);
    }

    private static ClassModel Grow(
        PictureExplainer explainer, ClassModelOptions options, IProgress<RunProgress>? progress,
        Func<Explainer, float[], Shape, (float Score, ReadOnlyMemory<float> Gradient)> slope, CancellationToken cancellationToken)
    {
        options.Check();
        var input = explainer.Model.Input;
        var shape = input.Shape.With(0, 1);
        int channels = explainer.Channels, height = (int)input.Spatial[0].Value, width = (int)input.Spatial[1].Value;
        // Where the picture is of one colour, as all of it is in the beginning, the values of a maximum's window are equal. A graph that
        // the runtime has changed may round them differently from place to place, and choose among them by that.
        using var exact = explainer.Model.WithoutOptimizations();
        double[] x = new double[channels * height * width];
        float[] shown = new float[x.Length], fed = new float[x.Length];
        var (scores, kept) = (new List<float>(), new List<float[]>());
        int moments = (int)Math.Clamp(MostKept / x.Length, 2, Math.Min(options.Frames, options.Steps + 1));
        for (int step = 0; ; step++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            // The first, the last, and others evenly between them.
            if (step * (moments - 1L) / options.Steps > (step - 1) * (moments - 1L) / options.Steps || step == 0)
                kept.Add([.. x.Select(v => (float)v)]);
            var draws = new RandomNumbers((ulong)options.Seed)[step];
            bool isLast = step == options.Steps;
            int down = isLast ? 0 : Shift(draws.Uniform(0), options.Jitter), across = isLast ? 0 : Shift(draws.Uniform(1), options.Jitter);
            Roll(x, height, width, down, across, (to, value) => shown[to] = (float)value);
            if (input.IsChannelsLast)
                ChannelOrder.ToLast(shown, channels, fed);
            var (score, gradient) = slope(exact, input.IsChannelsLast ? fed : shown, shape);
            scores.Add(score);
            if (isLast)
                break;
            double[] back = new double[x.Length];
            Roll([.. gradient.Span.ToArray().Select(v => (double)v)], height, width, -down, -across, (to, value) => back[to] = value);
            double rms = Math.Sqrt(back.Sum(v => v * v) / back.Length);
            for (int i = 0; i < x.Length; i++)
                x[i] = (1 - options.Decay) * (x[i] + (rms > 0 ? options.Rate * back[i] / rms : 0));
            if (options.Blur > 0 && (step + 1) % options.Every == 0)
                x = GaussianBlur.WithClampedEdges(x, height, width, options.Blur);
            progress?.Report(new RunProgress(step + 1, options.Steps));
        }

        float[] values = [.. x.Select(v => (float)v)];
        var draw = new ClassModelDrawing(explainer.Preprocessing, values, width, height);
        return new ClassModel(new Shape(channels, height, width), values, scores, [.. kept.Select(draw.Draw)]);
    }

    private static int Shift(float drawn, int jitter) => (int)Math.Floor((double)drawn * ((2 * jitter) + 1)) - jitter;

    // Circular, each channel.
    private static void Roll(double[] values, int height, int width, int down, int across, Action<int, double> write)
    {
        for (int i = 0; i < values.Length; i++)
        {
            int column = i % width, row = i / width % height;
            int to = i - column - (row * width) + (Modulo(row + down, height) * width) + Modulo(column + across, width);
            write(to, values[i]);
        }
    }

    private static int Modulo(int value, int length) => ((value % length) + length) % length;
}
