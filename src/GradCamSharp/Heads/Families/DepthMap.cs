using GradCamSharp.Targets;

namespace GradCamSharp.Heads.Families;

/// <summary>One number a pixel: depth and other regression maps (DPT, MiDaS, Depth Anything). Source: Optimum.</summary>
internal sealed class DepthMap : DenseHead
{
    private readonly OutputInfo output;
    private readonly string value;

    private DepthMap(HeadContext context, OutputInfo output, string value)
        : base(context) => (this.output, this.value) = (output, value);

    public override string Task => "depth";

    public override string Family => "one number a pixel";

    public override string Reason => $"the output '{output.Name}' {output.Shape} holds one number for every cell of the picture";

    public override Target Default => new ValueTarget(Place.All);

    public override string Examples => "value@all, value@X,Y, value@X,Y,WIDTH,HEIGHT and value@X,Y - value@all";

    private long Height => output.Shape[-2].Value;

    private long Width => output.Shape[-1].Value;

    public static bool IsNamed(string name) =>
        name.Contains("depth", StringComparison.OrdinalIgnoreCase) || name.Contains("disparity", StringComparison.OrdinalIgnoreCase);

    public static DepthMap? Recognize(HeadContext context)
    {
        var output = context.Outputs.FirstOrDefault(o => o.IsFloat && context.HasBatch(o) && o.Shape.Rank is 3 or 4
            && (o.Shape.Rank == 3 || o.Shape[1] == 1) && CoversInput(context, o.Shape[-2], o.Shape[-1], 8)
            && (o.Shape.Rank == 3 || IsNamed(o.Name)) && !context.IsSquashed(o, [.. o.Shape.Select(_ => 0L)], isSoftmax: true));
        return output is null ? null : new DepthMap(context, output, output.Name);
    }

    public override TargetScore Score(Target target, HeadReading reading)
    {
        if (target is not ValueTarget { Place: not MaskPlace and not FilePlace } wanted)
            throw Lacks(target);
        var own = reading.Run[value];
        var places = Cells(wanted.Place ?? Place.All, Height, Width, reading.Frame)
            .Select(c => output.Shape.Rank == 3 ? own.Shape.Ravel(reading.Item, c.Y, c.X) : own.Shape.Ravel(reading.Item, 0, c.Y, c.X));
        var sum = Sum(own, value, places);
        return TargetScore.Sum([(1.0 / sum.Seeds.Count, sum)]);
    }
}
