using GradCamSharp.Targets;

namespace GradCamSharp.Heads.Families;

/// <summary>A heat map a key point (HRNet, SimpleBaseline, ViTPose), of which the maximum is the point.</summary>
internal sealed class Keypoints : DenseHead
{
    private readonly OutputInfo output;

    private Keypoints(HeadContext context, OutputInfo output)
        : base(context) => this.output = output;

    public override string Task => "key points";

    public override string Family => "a heat map a key point";

    public override string Reason => $"the output '{output.Name}' {output.Shape} holds a map for each of {output.Shape[1]} key points";

    public override Target Default => new KeypointTarget(Choice.Top(1));

    public override string Examples => "keypoint:0 and keypoint:top1";

    public static bool IsNamed(string name) =>
        name.Contains("heatmap", StringComparison.OrdinalIgnoreCase) || name.Equals("hm", StringComparison.OrdinalIgnoreCase)
        || name.Contains("keypoint", StringComparison.OrdinalIgnoreCase);

    public static Keypoints? Recognize(HeadContext context)
    {
        var output = context.Outputs.FirstOrDefault(o => o.IsFloat && o.Shape.Rank == 4 && context.HasBatch(o) && IsNamed(o.Name)
            && CoversInput(context, o.Shape[2], o.Shape[3], 16) && !HasCompanion(context, o));
        return output is null ? null : new Keypoints(context, output);
    }

    public override HeadReading Read(ModelRun run, int item, PixelFrame frame) => new(run, item, frame)
    {
        Classes = [.. Enumerable.Range(0, (int)output.Shape[1].Value).Select(k => (Point: k, Peak: Peak(run, item, k)))
            .OrderByDescending(k => k.Peak.Value).Select(k => ((long)k.Point, NameOf(k.Point), k.Peak.Value, k.Peak.Value))],
    };

    public override TargetScore Score(Target target, HeadReading reading)
    {
        if (target is not KeypointTarget { Keypoint: var choice })
            throw Lacks(target);
        long index = ClassOf(choice, output.Shape[1].Value, rank => reading.Classes[rank - 1].Class);
        return Peak(reading.Run, reading.Item, index);
    }

    public override IEnumerable<FoundKeypoint> Points(HeadReading reading)
    {
        long width = output.Shape[3].Value, height = output.Shape[2].Value;
        foreach (var (index, label, score, _) in reading.Classes.OrderBy(c => c.Class))
        {
            long cell = Peak(reading.Run, reading.Item, index).Seeds[0].Index % (width * height);
            yield return new FoundKeypoint(
                new KeypointTarget(Choice.At(index)), label,
                reading.Frame.ToPictureX(((cell % width) + 0.5) * Context.InputSize.Width / width),
                reading.Frame.ToPictureY(((cell / width) + 0.5) * Context.InputSize.Height / height), score);
        }
    }

    private string NameOf(long index) => Context.Labels.Count > 0 ? Context.Labels[index] : $"key point {index}";

    private TargetScore Peak(ModelRun run, int item, long index)
    {
        string name = run.Logit(output.Name);
        var value = run[name];
        long first = value.Shape.Ravel(item, index, 0, 0), count = output.Shape[2].Value * output.Shape[3].Value, best = first;
        for (long i = first + 1; i < first + count; i++)
        {
            if (value[i] > value[best])
                best = i;
        }

        return TargetScore.Element(name, best, value[best]);
    }
}
