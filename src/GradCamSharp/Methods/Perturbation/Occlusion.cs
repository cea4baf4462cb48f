namespace GradCamSharp.Methods;

/// <summary>Occlusion: what the score loses where a window is covered (Zeiler and Fergus, arXiv 1311.2901).</summary>
public sealed record Occlusion : WholeRunMethod
{
    private static readonly MethodParameter[] Own =
    [
        MethodParameter.LengthsOr<Occlusion>(
            "window", "auto", m => m.Window, (m, v) => m with { Window = v }, "the window's lengths in pixels; auto: a seventh of the " +
            "input's"),
        MethodParameter.LengthsOr<Occlusion>(
            "stride", "auto", m => m.Stride, (m, v) => m with { Stride = v }, "from window to window, in pixels; auto: half a window"),
        MethodParameter.Numbers<Occlusion>(
            "baseline", m => m.BaselineValue, (m, v) => m with { BaselineValue = v }, Baseline.Range, "what the window is filled with, " +
            "as the " +
            "network sees it; 0 is the mean colour"),
        MethodParameter.Choice<Occlusion, ScoreKind>("score", m => m.Score, (m, v) => m with { Score = v }, "which score counts"),
    ];

    /// <summary>The window's lengths in pixels; empty for a seventh of the input's.</summary>
    public NumberList Window { get; init; }

    /// <summary>From window to window, in pixels; empty for half a window.</summary>
    public NumberList Stride { get; init; }

    /// <summary>What the window is filled with, as the network sees it: one number, or one a channel.</summary>
    public NumberList BaselineValue { get; init; } = new(0);

    /// <summary>Which score counts.</summary>
    public ScoreKind Score { get; init; }

    /// <inheritdoc/>
    public override string Name => "occlusion";

    /// <inheritdoc/>
    public override string Title => "Occlusion";

    /// <inheritdoc/>
    public override string Equation => "mean of S(x) - S(x with the window covered) over the windows that cover a pixel";

    /// <inheritdoc/>
    public override string Summary => "What the score loses where a window is covered. Easy to explain to anybody; coarse.";

    /// <inheritdoc/>
    public override MethodFamily Family => MethodFamily.Perturbation;

    /// <inheritdoc/>
    public override string Cost => "one F a window: 169 by default";

    /// <inheritdoc/>
    public override string Peers => "captum is the same. xplique sums over windows and leaves out those that do not fit.";

    /// <inheritdoc/>
    public override bool ShowsPositivePart => true;

    /// <inheritdoc/>
    public override IReadOnlyList<MethodParameter> Parameters => Own;

    /// <inheritdoc/>
    public override RawMap Map(RunContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        int[] space = MapArithmetic.Spatial(context.InputShape);
        int[] window = Window.Count > 0 ? Window.Lengths(space.Length, "occlusion.window")
            : [.. space.Select(n => Math.Max(1, (n + 6) / 7))];
        int[] stride = Stride.Count > 0 ? Stride.Lengths(space.Length, "occlusion.stride") : [.. window.Select(w => Math.Max(1, w / 2))];
        var boxes = new List<(int From, int To)[]> { Array.Empty<(int, int)>() };
        for (int d = 0; d < space.Length; d++)
            boxes = [.. from box in boxes from place in Places(space[d], window[d], stride[d]) select ((int, int)[])[.. box, place]];
        float[] x = context.Input.ToArray(), baseline = Baseline.Of(BaselineValue, context.InputShape, Name);
        int positions = space.Aggregate(1, (a, b) => a * b);
        var scores = context.MakeOnce((this with { Score = default }, "scores"), () => context.Scores(boxes.Count, (run, input) =>
        {
            x.CopyTo(input);
            foreach (int p in Inside(boxes[run], space))
            {
                for (int i = p; i < input.Length; i += positions)
                    input[i] = baseline[i];
            }
        }));
        double own = context.Score(Score);
        double[] sum = new double[positions];
        int[] count = new int[positions];
        for (int run = 0; run < boxes.Count; run++)
        {
            foreach (int p in Inside(boxes[run], space))
            {
                sum[p] += own - scores[run, context.ClassPlace, Score];
                count[p]++;
            }
        }

        for (int p = 0; p < positions; p++)
            sum[p] /= Math.Max(1, count[p]);
        return MapArithmetic.Map(context.InputShape.Slice(1, space.Length), sum);
    }

    private static IEnumerable<(int From, int To)> Places(int length, int window, int stride)
    {
        int last = Math.Max(0, (length - window + stride - 1) / stride);
        return Enumerable.Range(0, last + 1).Select(j => (j * stride, Math.Min((j * stride) + window, length)));
    }

    private static IEnumerable<int> Inside((int From, int To)[] box, int[] space)
    {
        IEnumerable<int> places = [0];
        for (int d = 0; d < space.Length; d++)
        {
            int length = space[d];
            var (first, end) = box[d];
            places = places.SelectMany(place => Enumerable.Range(first, end - first).Select(i => (place * length) + i));
        }

        return places;
    }
}
