using OnnxGrad;

namespace GradCamSharp.Methods;

/// <summary>
/// A class activation map averaged over six changed inputs: plain and mirrored, each times 0.9, 1 and 1.1 (pytorch-grad-cam's aug_smooth).
/// At the input's resolution, from 0 to 1.
/// </summary>
/// <remarks>The factors act on the prepared input, that is, on contrast about the mean colour.</remarks>
/// <param name="Cam">The class activation map.</param>
public sealed record AugmentedCam(ExplanationMethod Cam) : WholeRunMethod
{
    internal const string Meaning =
        "the mean of six normalised maps: of the picture and its mirror image, each at three contrasts; six times the cost";

    /// <summary>The parameter of class activation maps that augments them.</summary>
    internal static MethodParameter Parameter { get; } = MethodParameter.Flag<ExplanationMethod>(
        "augment", _ => false, (m, v) => v ? new AugmentedCam(m) : m, Meaning);

    private static readonly MethodParameter[] Own =
    [
        MethodParameter.Flag<AugmentedCam>("augment", _ => true, (m, v) => v ? m : m.Cam, Meaning),
        MethodParameter.Numbers<AugmentedCam>(
            "factors", m => m.Factors, (m, v) => m with { Factors = v }, "numbers, such as 0.9x1x1.1", "what the input is multiplied by"),
    ];

    /// <summary>What the input is multiplied by.</summary>
    public NumberList Factors { get; init; } = new(0.9, 1, 1.1);

    /// <inheritdoc/>
    public override string Name => Cam.Name;

    /// <inheritdoc/>
    public override string Title => $"{Cam.Title}, augmented";

    /// <inheritdoc/>
    public override string Equation => $"mean over mirror images and contrasts of the normalised {Cam.Title} map";

    /// <inheritdoc/>
    public override string Summary => $"{Cam.Title}, steadier against small changes of the picture.";

    /// <inheritdoc/>
    public override MethodFamily Family => MethodFamily.Cam;

    /// <inheritdoc/>
    public override string Cost => Cam is GraphMethod ? "6 (F + B)" : $"6 times as much: {Cam.Cost}";

    /// <inheritdoc/>
    public override IReadOnlyList<MethodParameter> Parameters =>
        [.. Cam.Parameters.Where(p => p.Name != "augment").Select(p => new OfCam(p)), .. Own];

    /// <inheritdoc/>
    public override RawMap Map(RunContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        int[] to = MapArithmetic.Spatial(context.InputShape);
        var upsampling = new LinearUpsampling(MapArithmetic.Spatial(context.LayerShape), to);
        int width = to[^1], runs = 2 * Factors.Count;
        float[] input = context.Input.ToArray();
        double[] mean = new double[to.Aggregate(1, (a, b) => a * b)];
        context.MapsOf(
            Cam, runs,
            (run, changed) =>
            {
                float factor = (float)Factors[run % Factors.Count];
                for (int i = 0; i < input.Length; i++)
                    changed[i] = input[run < Factors.Count ? i : Mirrored(i, width)] * factor;
            },
            (run, answer) =>
            {
                float[] map = answer.ToArray();
                for (int i = 0; i < map.Length; i++)
                    map[i] = Math.Max(0, map[i]);
                MapArithmetic.Normalize(map);
                map = upsampling.Apply(map);
                MapArithmetic.Normalize(map);
                for (int i = 0; i < map.Length; i++)
                    mean[i] += map[run < Factors.Count ? i : Mirrored(i, width)] / (double)runs;
            });
        return MapArithmetic.Map(new Shape([.. to.Select(l => (long)l)]), mean);
    }

    private static int Mirrored(int place, int width) => place - (place % width) + width - 1 - (place % width);

    /// <summary>A parameter of the map that is augmented.</summary>
    private sealed class OfCam : MethodParameter
    {
        private readonly MethodParameter own;

        public OfCam(MethodParameter own)
            : base(own.Name, own.Range, own.Meaning)
        {
            this.own = own;
            (Choices, Bounds, IsWhole, Word) = (own.Choices, own.Bounds, own.IsWhole, own.Word);
        }

        public override string TextOf(ExplanationMethod method) => own.TextOf(((AugmentedCam)method).Cam);

        public override object ValueOf(ExplanationMethod method) => own.ValueOf(((AugmentedCam)method).Cam);

        internal override ExplanationMethod Write(ExplanationMethod method, string text)
        {
            var augmented = (AugmentedCam)method;
            return augmented with { Cam = own.Write(augmented.Cam, text) };
        }
    }
}
