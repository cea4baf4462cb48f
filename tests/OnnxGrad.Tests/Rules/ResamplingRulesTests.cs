namespace OnnxGrad.Tests.Rules;

internal static class ResamplingRulesTests
{
    private static readonly string[] CoordinateModes =
        ["half_pixel", "half_pixel_symmetric", "pytorch_half_pixel", "align_corners", "asymmetric", "tf_half_pixel_for_nn"];

    public static readonly RuleCase[] Cases =
    [
        Sizes("nearest, twice", [2, 3, 3, 4], [2, 3, 6, 8]),
        Scales("nearest, twice, by scales", [2, 3, 3, 4], [1, 1, 2, 2],
            ("coordinate_transformation_mode", "asymmetric"), ("nearest_mode", "floor")),
        Scales("nearest, one axis", [2, 3, 3, 4], [1, 1, 1, 3]),
        Sizes("nearest, signal", [2, 3, 5], [2, 3, 10]),
        Sizes("nearest, volume", [1, 2, 2, 3, 2], [1, 2, 4, 6, 6]),
        Sizes("nearest, channels", [1, 2, 3, 3], [1, 4, 3, 3]),
        Scales("nearest, scales that do not divide", [1, 2, 5, 4], [1, 1, 1.7, 0.6]),
        .. Pairs(["round_prefer_floor", "round_prefer_ceil", "floor", "ceil"], (nearest, mode) =>
            Sizes($"nearest {nearest} {mode}", [1, 2, 5, 4], [1, 2, 8, 3],
                ("coordinate_transformation_mode", mode), ("nearest_mode", nearest)) with { Opset = 19 }),
        .. Pairs(["linear", "cubic"], (kind, mode) =>
            Sizes($"{kind}, up {mode}", [1, 2, 4, 5], [1, 2, 7, 10], ("coordinate_transformation_mode", mode)) with { Opset = 19 })
            .Where(IsContinuous),
        .. Pairs(["linear", "cubic"], (kind, mode) =>
            Sizes($"{kind}, down {mode}", [1, 2, 7, 8], [1, 2, 3, 5], ("coordinate_transformation_mode", mode)) with { Opset = 19 })
            .Where(IsContinuous),
        Scales("linear, scales that do not divide", [1, 2, 5, 4], [1, 1, 1.7, 0.6]),
        Scales("cubic, scales that do not divide", [1, 2, 5, 4], [1, 1, 1.7, 0.6]),
        Sizes("linear, signal", [2, 3, 5], [2, 3, 8]),
        Sizes("linear, plane alone", [4, 5], [7, 3]),
        Sizes("linear, volume", [1, 2, 2, 3, 2], [1, 2, 4, 5, 3]),
        Sizes("cubic, another coefficient", [1, 2, 4, 5], [1, 2, 7, 3], ("cubic_coeff_a", -0.5f)),
        Sizes("cubic, nothing outside", [1, 2, 4, 5], [1, 2, 7, 3], ("exclude_outside", 1L)),
        Sizes("linear, antialias", [1, 2, 8, 9], [1, 2, 3, 4], ("antialias", 1L)),
        Sizes("linear, antialias, nothing outside", [1, 2, 8, 9], [1, 2, 3, 4], ("antialias", 1L), ("exclude_outside", 1L)),
        Sizes("linear, antialias, larger", [1, 2, 4, 5], [1, 2, 7, 8], ("antialias", 1L)),
        Sizes("cubic, antialias", [1, 2, 9, 10], [1, 2, 4, 3], ("antialias", 1L)),
        Sizes("cubic, antialias, nothing outside", [1, 2, 9, 10], [1, 2, 4, 3], ("antialias", 1L), ("exclude_outside", 1L)),
        Sizes("linear, axes", [1, 2, 4, 5], [7, 3], ("axes", (long[])[2, 3])),
        Sizes("linear, not larger", [1, 2, 4, 5], [7, 8], ("axes", (long[])[2, 3]), ("keep_aspect_ratio_policy", "not_larger")),
        Sizes("linear, not smaller", [1, 2, 4, 5], [7, 8], ("axes", (long[])[2, 3]), ("keep_aspect_ratio_policy", "not_smaller")),
    ];

    // tf_half_pixel_for_nn is for nearest neighbours.
    private static bool IsContinuous(RuleCase row) => !row.Note.Contains("for_nn", StringComparison.Ordinal);

    private static IEnumerable<RuleCase> Pairs(string[] kinds, Func<string, string, RuleCase> row) =>
        kinds.SelectMany(kind => CoordinateModes.Select(mode => row(kind, mode)));

    private static RuleCase Sizes(string note, long[] x, long[] sizes, params (string, object)[] attributes) =>
        new("Resize", Operand.Any(x), null, null, Operand.Vector(sizes))
        {
            Note = note,
            Attributes = [Mode(note), .. attributes],
            Tolerance = (1e-5, 2e-4),
            FixesBatch = sizes.Length == x.Length ? "the sizes name it" : null,
        };

    private static RuleCase Scales(string note, long[] x, double[] scales, params (string, object)[] attributes) =>
        new("Resize", Operand.Any(x), null, new Operand.Floats(scales))
        {
            Note = note,
            Attributes = [Mode(note), .. attributes],
            Tolerance = (1e-5, 2e-4),
        };

    private static (string, object) Mode(string note) => ("mode", note.Split(' ', ',')[0]);
}
