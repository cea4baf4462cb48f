namespace OnnxGrad.Tests.Rules;

internal static class SamplingRulesTests
{
    // Where a point passes a position's middle the interpolation changes its pieces: of 5 columns and of 4 rows.
    private static readonly double[] Middles = [-0.8, -0.4, 0, 0.4, 0.8, -0.75, -0.25, 0.25, 0.75];
    private static readonly double[] AlignedMiddles = [-1, -0.5, 0, 0.5, 1, -1.0 / 3, 1.0 / 3];

    public static readonly RuleCase[] Cases =
    [
        Grid("bilinear, zeros", Middles),
        Grid("bilinear, border", Middles, ("padding_mode", "border")),
        Grid("bilinear, zeros, aligned", AlignedMiddles, ("align_corners", 1L)),
        Grid("bilinear, border, aligned", AlignedMiddles, ("padding_mode", "border"), ("align_corners", 1L)),
        new("GridSample", Operand.Any(2, 2, 4, 5), new Operand.Constant(
            new Shape(2, 1, 3, 2), -0.5, 0.3, 0.9, -0.9, 0.1, 0.1, 0.7, 0.6, -1.2, 0, 0.2, -0.3))
        {
            Note = "nearest",
            Attributes = [("mode", "nearest")],
            FixesBatch = "the grid has as many items",
        },
        Regions("half pixel", ("sampling_ratio", 2L)),
        Regions("output half pixel, scaled", ("sampling_ratio", 1L), ("spatial_scale", 0.5f), (
            "coordinate_transformation_mode", "output_half_pixel")),
    ];

    private static RuleCase Grid(string note, double[] kinks, params (string, object)[] attributes) =>
        new("GridSample", Operand.Any(2, 2, 4, 5), new Operand.Random(new Shape(2, 3, 3, 2), -1.1, 1.1, kinks))
        {
            Note = note,
            Attributes = [("mode", "bilinear"), .. attributes],
        };

    // Three regions of two pictures, one of which reaches over the edge.
    private static RuleCase Regions(string note, params (string, object)[] attributes) =>
        new("RoiAlign", Operand.Any(2, 2, 6, 7), new Operand.Constant(new Shape(3, 4), 0.3, 0.7, 4.1, 5.2, 2, 1, 9, 8, 1.5, 0.2, 3.3, 2.9),
            new Operand.Integers(new Shape(3), 0, 1, 1))
        {
            Note = note,
            Attributes = [("output_height", 2L), ("output_width", 3L), .. attributes],
            FixesBatch = "the regions name its items",
        };
}
