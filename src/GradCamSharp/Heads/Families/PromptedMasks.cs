using GradCamSharp.Targets;

namespace GradCamSharp.Heads.Families;

/// <summary>Masks for a prompt, with the model's own estimate of how good each is: EfficientSAM and one-file exports of SAM.</summary>
internal sealed class PromptedMasks : VisionHead
{
    private readonly OutputInfo masks;
    private readonly OutputInfo qualities;

    private PromptedMasks(HeadContext context, OutputInfo masks, OutputInfo qualities)
        : base(context) => (this.masks, this.qualities) = (masks, qualities);

    public override string Task => "masks for a prompt";

    public override string Family => "SAM";

    public override string Reason =>
        $"the output '{masks.Name}' {masks.Shape} holds masks and '{qualities.Name}' {qualities.Shape} the estimated quality of each";

    public override Target Default => new MaskTarget(Choice.Top(1));

    public override string Examples => "mask:top1 and mask:0";

    public static PromptedMasks? Recognize(HeadContext context)
    {
        var masks = context.Named("output_masks", "masks", "pred_masks", "low_res_masks");
        var qualities = context.Named("iou_predictions", "iou_scores", "iou_pred");
        return masks is { IsFloat: true, Shape.Rank: 4 or 5 } && qualities is not null
            && qualities.Shape.Size == masks.Shape.Slice(0, masks.Shape.Rank - 2).Size
            ? new PromptedMasks(context, masks, qualities) : null;
    }

    public override HeadReading Read(ModelRun run, int item, PixelFrame frame)
    {
        var own = run[qualities.Name];
        return new HeadReading(run, item, frame)
        {
            Classes = [.. Indices(item).OrderByDescending(i => own[i]).Select(
                i => (i - Indices(item).First(), $"mask {i - Indices(item).First()}", own[i], own[i]))],
        };
    }

    public override IEnumerable<HeadMask> Masks(HeadReading reading)
    {
        var value = reading.Run[masks.Name];
        int height = (int)masks.Shape[-2].Value, width = (int)masks.Shape[-1].Value;
        long first = Indices(reading.Item).First();
        return reading.Classes.Select(c => new HeadMask(
            new MaskTarget(Choice.At(c.Class)), c.Label, Math.Clamp(c.Probability, 0, 1), width, height,
            (y, x) => value[((first + c.Class) * height * width) + (y * width) + x] > 0));
    }

    public override TargetScore Score(Target target, HeadReading reading)
    {
        if (target is not MaskTarget { Mask: var choice })
            throw Lacks(target);
        var indices = Indices(reading.Item).ToList();
        long index = ClassOf(choice, indices.Count, rank => reading.Classes[rank - 1].Class);
        var value = reading.Run[masks.Name];
        long count = masks.Shape[-1].Value * masks.Shape[-2].Value, first = (indices[0] + index) * count;
        double total = 0;
        var seeds = new List<ScoreSeed>();
        for (long i = first; i < first + count; i++)
        {
            if (value[i] <= 0)
                continue;
            total += value[i];
            seeds.Add(new ScoreSeed(masks.Name, i, 1));
        }

        return seeds.Count > 0 ? new TargetScore(total, seeds) { IsLinear = true }
            : throw Wrong($"mask:{index} has no pixel above 0.", "Choose another mask or another prompt.");
    }

    private IEnumerable<long> Indices(int item)
    {
        long each = qualities.Shape.Size.Value / Math.Max(1, Context.Batch);
        for (long i = item * each; i < (item + 1) * each; i++)
            yield return i;
    }
}
