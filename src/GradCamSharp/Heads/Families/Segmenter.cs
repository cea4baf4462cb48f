using GradCamSharp.Targets;
using OnnxGrad;

namespace GradCamSharp.Heads.Families;

/// <summary>
/// Class scores for every pixel: FCN, DeepLab, SegFormer, UPerNet (logits), BiSeNet and PaddleSeg (their ArgMax), and with a single class
/// U2-Net and matting networks (the sigmoid). Sources: torchvision, Optimum, the exporters of BiSeNet and PaddleSeg.
/// </summary>
internal sealed class Segmenter : DenseHead
{
    private static readonly string[] MaskNames = ["mask", "seg", "alpha", "pha", "matte", "saliency", "logits", "label"];

    private readonly OutputInfo output;
    private readonly string scores;
    private readonly Shape shape;
    private readonly bool isLast;

    private Segmenter(HeadContext context, OutputInfo output, string scores, Shape shape, bool isLast)
        : base(context) => (this.output, this.scores, this.shape, this.isLast) = (output, scores, shape, isLast);

    public override string Task => ClassCount == 1 ? "segment one object" : "segment";

    public override string Family => output.IsFloat ? ClassCount == 1 ? "one mask: saliency, matting, text regions" : "class scores a pixel"
        : "ArgMax of class scores";

    public override string Reason => output.IsFloat
        ? $"the output '{output.Name}' {output.Shape} holds {ClassCount} number{(ClassCount == 1 ? "" : "s")} for every cell of the picture"
        : $"the output '{output.Name}' {output.Shape} is the ArgMax of '{scores}' {shape}, which holds a number for every class and cell";

    public override Target Default => ClassCount == 1 ? new ClassTarget(Choice.At(0), Place.Mask) : new ClassTarget(
        Choice.Top(1), Place.Mask);

    public override string Examples => "class:top1@mask, class:C@all, class:C@X,Y, class:C@X,Y,WIDTH,HEIGHT and pixel:X,Y";

    public override IEnumerable<string> Reads => output.IsFloat ? [] : [scores];

    public override long? NamedClasses => ClassCount == 1 ? null : ClassCount;

    private long ClassCount => shape[isLast ? 3 : 1].Value;

    private long Height => shape[isLast ? 1 : 2].Value;

    private long Width => shape[isLast ? 2 : 3].Value;

    /// <param name="context">What the outputs are recognised by.</param>
    /// <param name="isTold">Whether the user says that the model segments.</param>
    public static Segmenter? Recognize(HeadContext context, bool isTold = false)
    {
        foreach (var output in context.Outputs.Where(o => !o.IsFloat && o.Shape.Rank is 3 or 4))
        {
            string value = output.Name;
            while (context.Graph.Producer(value) is { Operator: "Cast" or "Squeeze" or "Identity" or "Unsqueeze" or "Reshape" } move)
                value = move.Inputs[0];
            if (context.Graph.Producer(value) is { Operator: "ArgMax" } choice && context.Graph.Info(
                choice.Inputs[0]) is { Shape.Rank: 4 } read
                && read.Shape.Axis(choice.Int("axis", 0)) is var axis and (1 or 3) && read.Shape.IsStatic)
                return new Segmenter(context, output, choice.Inputs[0], read.Shape, axis == 3);
        }

        foreach (var output in context.Outputs.Where(o => o.IsFloat && o.Shape.Rank == 4 && context.HasBatch(o)))
        {
            if (Keypoints.IsNamed(output.Name) || DepthMap.IsNamed(output.Name))
                return null;
            var s = output.Shape;
            bool isLast = !CoversInput(context, s[2], s[3], 8) && CoversInput(context, s[1], s[2], 8);
            if (!isLast && !CoversInput(context, s[2], s[3], 8))
                continue;
            long classes = s[isLast ? 3 : 1].Value;
            bool isSquashed = context.IsSquashed(output, 0, 0, 0, 0);
            // The same channels at half the size: levels of a detector. As many channels as a picture: it may be one.
            bool hasLevels = context.Outputs.Any(o => o != output && o.IsFloat && o.Shape.Rank == 4 && o.Shape[1] == s[1]
                && o.Shape[2].Value * 2 == s[2].Value);
            if (isTold)
                return new Segmenter(context, output, output.Name, s, isLast);
            if (hasLevels)
                continue;
            // Numbers beside others of the same cells are a part of what these say together; of as many queries they are their masks.
            bool areQueries = context.Outputs.Any(o => o.IsFloat && o.Shape.Rank == 3 && context.HasBatch(o) && o.Shape[1] == s[1]);
            if ((HasCompanion(context, output) && !IsNamed(output.Name)) || areQueries)
                continue;
            // Three numbers from 0 to 1 for every pixel are more often a picture than classes.
            if (classes == context.PictureChannels && IsFull(context, s, isLast) && context.Labels.Count != classes
                && !IsNamed(output.Name))
                continue;
            // One number a pixel is a mask where a sigmoid makes it; else it may be anything.
            if (classes == 1 ? isSquashed : classes <= 2000 && (isSquashed || context.Labels.Count == classes
                || (classes > 4 && IsFull(context, s, isLast))
                || output.Name.Contains("logits", StringComparison.OrdinalIgnoreCase)))
                return new Segmenter(context, output, output.Name, s, isLast);
        }

        return null;

        static bool IsNamed(string name) => MaskNames.Any(n => name.Contains(n, StringComparison.OrdinalIgnoreCase));

        static bool IsFull(HeadContext context, Shape s, bool isLast) =>
            s[isLast ? 1 : 2] == context.InputSize.Height && s[isLast ? 2 : 3] == context.InputSize.Width;
    }

    public override HeadReading Read(ModelRun run, int item, PixelFrame frame)
    {
        int[] cells = ClassesOf(run, item);
        var areas = Areas(cells);
        long background = Background;
        return new AreaReading(run, item, frame, cells)
        {
            Classes = [.. areas.Where(a => a.Value > 0).OrderByDescending(a => a.Value).ThenBy(a => a.Key)
                .Select(a => (a.Key, Context.Labels[a.Key], (double)a.Value, (double)a.Value / (Height * Width)))],
            Summary = $"{areas.Count(a => a.Value > 0 && a.Key != background)} classes have pixels",
        };
    }

    // The classes' own areas; what is called background is what is left.
    public override IEnumerable<HeadMask> Masks(HeadReading reading)
    {
        const int Most = 32;
        int[] classes = ((AreaReading)reading).Cells;
        int width = (int)Width;
        return reading.Classes.Where(c => c.Class != Background).Take(Most).Select(c => new HeadMask(
            new ClassTarget(Choice.At(c.Class), Place.Mask), c.Label, c.Probability, width, (int)Height,
            (y, x) => classes[(y * width) + x] == c.Class));
    }

    public override TargetScore Score(Target target, HeadReading reading)
    {
        switch (target)
        {
            case PixelTarget pixel:
                var (y, x) = Cells(new PointPlace(pixel.X, pixel.Y), Height, Width, reading.Frame).First();
                long largest = Math.Max(0, ((AreaReading)reading).Cells[(y * Width) + x]);
                return Element(reading, largest, y, x) with { Class = largest, Words = Context.Labels[largest] };
            case MaskTarget { Mask.Index: 0 or null, Mask.Label: null } when ClassCount == 1:
                return Score(new ClassTarget(Choice.At(0), Place.Mask), reading);
            case ClassTarget one:
                var area = new Lazy<List<long>>(() => [.. Areas(((AreaReading)reading).Cells).Where(a => a.Value > 0)
                    .OrderBy(a => a.Key == Background).ThenByDescending(a => a.Value).ThenBy(a => a.Key).Select(a => a.Key)]);
                long @class = ClassOf(one.Class, ClassCount, rank => rank <= area.Value.Count ? area.Value[rank - 1]
                    : throw Wrong($"There is no class top{rank}: {area.Value.Count} classes have pixels.", "Give a smaller rank."));
                var place = one.Place ?? Place.Mask;
                var cells = place is MaskPlace ? Mask(((AreaReading)reading).Cells, @class) : Cells(place, Height, Width, reading.Frame);
                var value = Value(reading.Run);
                var score = Sum(value, reading.Run.Logit(scores), cells.Select(c => Flat(value.Shape, reading.Item, @class, c.Y, c.X)));
                return score.Seeds.Count > 0 ? score with { Class = @class, Words = Context.Labels[@class] } : throw Wrong(
                    $"No pixel is given to {Context.Labels[@class]}. Those with pixels are " +
                    $"{string.Join(", ", area.Value.Take(5).Select(c => Context.Labels[c]))}.",
                    $"Give one of these, or class:{one.Class}@all for the evidence everywhere.");
            default:
                throw Lacks(target);
        }
    }

    public override GraphSeeds Seeds(Target target, int top, Graph graph, Func<string, Tensor> logits)
    {
        if (target is not ClassTarget { Place: null or MaskPlace } one || Context.Batch != 1 || isLast)
            throw GraphSeeds.Cannot(target, "class:C@mask");
        var before = output.IsFloat ? logits(scores) : graph[scores];
        if (ClassCount == 1)
            return new GraphSeeds([(before, (before > 0).Cast(before.Type).Unsqueeze(0).Map())], []);
        var largest = before.ArgMax(1);
        Tensor @class;
        if (one.Class.Rank is { } rank)
        {
            // The class of most pixels, the background last.
            var areas = largest.Squeeze(1).OneHot(ClassCount, axis: 1, before.Type).Sum([2, 3], keep: false);
            if (Background >= 0)
            {
                areas *= graph.Constant(before.Type, new Shape(1, ClassCount),
                    [.. Enumerable.Range(0, (int)ClassCount).Select(c => c == Background ? 0.0 : 1.0)]);
            }

            @class = areas.TopIndices(rank, 1).Slice(1, rank - 1, rank).Reshape(new Shape(1));
        }
        else
        {
            @class = graph.Constant([ClassOf(one.Class, ClassCount, _ => 0)]);
        }

        var mask = largest.EqualTo(@class.Reshape(new Shape(1, 1, 1, 1))).Cast(before.Type);
        var channel = @class.OneHot(ClassCount, axis: 1, before.Type).Reshape(new Shape(1, ClassCount, 1, 1));
        return new GraphSeeds([(before, (mask * channel).Unsqueeze(0).Map())], [("classes", @class.Unsqueeze(0))]);
    }

    // The class that is called so, or the first one where no label says otherwise.
    private long Background => ClassCount == 1 ? -1 : Context.Labels.Count > 0
        ? Context.Labels.FindAll("background") is [var named, ..] ? named : Context.Labels.FindAll("__background__") is [var other, ..]
            ? other : -1
        : 0;

    private RunValue Value(ModelRun run) => run[run.Logit(scores)];

    private long Flat(Shape own, int item, long @class, long y, long x) =>
        isLast ? own.Ravel(item, y, x, @class) : own.Ravel(item, @class, y, x);

    private TargetScore Element(HeadReading reading, long @class, long y, long x)
    {
        var value = Value(reading.Run);
        long place = Flat(value.Shape, reading.Item, @class, y, x);
        return TargetScore.Element(reading.Run.Logit(scores), place, value[place]);
    }

    /// <summary>The class of every cell, row by row; of a model of one class -1 where it is not.</summary>
    private int[] ClassesOf(ModelRun run, int item)
    {
        var value = Value(run);
        int cells = (int)(Height * Width), classes = (int)ClassCount;
        int[] found = new int[cells];
        if (classes == 1)
        {
            for (int i = 0; i < cells; i++)
                found[i] = value[((long)item * cells) + i] > 0 ? 0 : -1;
            return found;
        }

        // Class after class where these are the first axis, as the numbers lie.
        long first = (long)item * cells * classes;
        double[] largest = new double[cells];
        Array.Fill(largest, double.NegativeInfinity);
        for (int c = 0; c < classes; c++)
        {
            for (int i = 0; i < cells; i++)
            {
                double own = value[first + (isLast ? ((long)i * classes) + c : ((long)c * cells) + i)];
                if (own > largest[i])
                    (largest[i], found[i]) = (own, c);
            }
        }

        return found;
    }

    private IEnumerable<(long Y, long X)> Mask(int[] cells, long @class)
    {
        for (int i = 0; i < cells.Length; i++)
        {
            if (cells[i] == @class)
                yield return (i / Width, i % Width);
        }
    }

    private Dictionary<long, long> Areas(int[] cells)
    {
        var areas = new Dictionary<long, long>();
        foreach (int c in cells)
        {
            if (c >= 0)
                areas[c] = areas.GetValueOrDefault(c) + 1;
        }

        if (ClassCount == 1)
            areas.TryAdd(0, 0);
        return areas;
    }

    /// <param name="run">The run.</param>
    /// <param name="item">The item of the batch.</param>
    /// <param name="frame">Where the picture lies.</param>
    /// <param name="cells">The class of every cell, row by row.</param>
    private sealed class AreaReading(ModelRun run, int item, PixelFrame frame, int[] cells) : HeadReading(run, item, frame)
    {
        public int[] Cells => cells;
    }
}
