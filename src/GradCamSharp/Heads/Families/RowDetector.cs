using System.Globalization;
using GradCamSharp.Imaging;
using GradCamSharp.Targets;
using OnnxGrad;

namespace GradCamSharp.Heads.Families;

/// <summary>
/// YOLO: one output of a row a cell, [N, A, D] or [N, D, A], a row being a box, perhaps objectness, the classes, and what else there is
/// (mask coefficients, key points, an angle). Source: the exporters of Ultralytics (v5, v8 and later), Megvii (YOLOX) and Meituan (v6).
/// </summary>
internal sealed partial class RowDetector : DetectorHead
{
    private readonly OutputInfo rows;
    private readonly OutputInfo? prototypes;
    private readonly PrototypeMasks? masks;
    private readonly bool isTransposed;
    private readonly bool hasObjectness;
    private readonly bool isRaw;
    private readonly int classes;
    private readonly int keypoints, keypointNumbers;
    private readonly bool hasAngle;
    private readonly (double X, double Y, double Stride)[] cells;

    private RowDetector(
        HeadContext context, OutputInfo rows, OutputInfo? prototypes, bool isTransposed, bool hasObjectness, bool isRaw, int classes,
        (int Count, int Numbers) keypoints, bool hasAngle)
        : base(context)
    {
        this.rows = rows;
        this.prototypes = prototypes;
        masks = prototypes is null ? null : new PrototypeMasks(prototypes, context.InputSize);
        this.isTransposed = isTransposed;
        this.hasObjectness = hasObjectness;
        this.isRaw = isRaw;
        this.classes = classes;
        (this.keypoints, keypointNumbers) = keypoints;
        this.hasAngle = hasAngle;
        cells = isRaw ? CellsOf(context, RowCount) : [];
    }

    public override string Task => prototypes is not null ? "segment instances" : keypoints > 0 ? "pose" : hasAngle ? "detect rotated"
        : "detect";

    public override string Family => isRaw ? "YOLOX rows" : hasObjectness ? "YOLO rows with objectness (v5, v7)"
        : "YOLO rows (v8 and later)";

    public override string Reason => string.Create(CultureInfo.InvariantCulture,
        $"the output '{rows.Name}' {rows.Shape} holds a row for each of {RowCount} cells: 4 numbers of a box") +
        (hasObjectness ? ", objectness" : "") +
        string.Create(CultureInfo.InvariantCulture, $" and {classes} classes") +
        (prototypes is null ? "" : $", and mask coefficients for the prototypes '{prototypes.Name}'") +
        (keypoints == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $", and {keypoints} key points"));

    public override Preprocessing Preprocessing => isRaw
        ? Preprocessing.Yolo with { ExactSize = InputSize, Scale = 1, IsBgr = true, Letterbox = new Letterbox(114, IsCentred: false) }
        : Preprocessing.Yolo with { ExactSize = InputSize };

    protected override long ClassCount => classes;

    private long RowCount => isTransposed ? rows.Shape[2].Value : rows.Shape[1].Value;

    private int FirstClass => hasObjectness ? 5 : 4;

    private int FirstExtra => FirstClass + classes;

    public override GraphSeeds Seeds(Target target, int top, Graph graph, Func<string, Tensor> logits)
    {
        if (!AreBestBoxes(target) || isRaw || prototypes is not null || Context.Batch != 1)
            throw GraphSeeds.Cannot(target, "box:0 of models of one output that computes its boxes");
        var (own, before) = (graph[rows.Name], logits(rows.Name));
        var each = isTransposed ? own.Transpose([0, 2, 1]) : own;
        var scores = each.Slice(2, FirstClass, FirstClass + classes);
        if (hasObjectness)
            scores *= each.Slice(2, 4, 5);
        var (row, @class, exists) = Best(scores, each.Slice(2, 0, 4), isCentred: true, top);
        long numbers = rows.Shape[isTransposed ? 1 : 2].Value;
        Tensor Place(Tensor number) => isTransposed ? (number * RowCount) + row : (row * numbers) + number;
        var classPlace = Place(@class + FirstClass);
        if (!hasObjectness)
            return new GraphSeeds([GraphSeeds.At(before, classPlace, exists)], Told(row, @class, exists));
        // The derivative of the log-odds of a product of two sigmoids: each by the other.
        var objectPlace = Place((@class * 0L) + 4);
        var flat = before.Flatten();
        var (c, o) = (flat.Gather(classPlace, 0), flat.Gather(objectPlace, 0));
        Tensor Weight(Tensor of, Tensor other) => (Tensor.Elementwise("Softplus", other) - of).Sigmoid() * exists;
        return new GraphSeeds(
            [GraphSeeds.At(before, classPlace, Weight(c, o)), GraphSeeds.At(before, objectPlace, Weight(o, c))], Told(row, @class, exists));
    }

    protected override IEnumerable<BoxCandidate> Candidates(ModelRun run, int item, PixelFrame frame, double least)
    {
        // Every number of the output is looked at in every run: by its place, and not by its axes.
        var value = run[rows.Name];
        var shape = value.Shape;
        long width = isTransposed ? 1 : shape[2].Value, step = isTransposed ? shape[2].Value : 1;
        long first = item * shape[1].Value * shape[2].Value;
        long count = RowCount;
        for (long row = 0; row < count; row++)
        {
            long at = first + (row * width);
            double objectness = hasObjectness ? value[at + (4 * step)] : 1;
            var (best, score) = BestClass(value.Floats, at + (FirstClass * step), step, objectness);
            if (score > least)
                yield return new BoxCandidate(row, best, score, frame.ToPicture(BoxOf(run, item, row).Value));
        }
    }

    private (int Class, double Score) BestClass(ReadOnlySpan<float> numbers, long at, long step, double objectness)
    {
        int best = 0;
        double score = double.NegativeInfinity;
        for (int c = 0; c < classes; c++)
        {
            double own = numbers[(int)(at + (c * step))] * objectness;
            if (own > score)
                (score, best) = (own, c);
        }

        return (best, score);
    }

    protected override IEnumerable<long> Rows(ModelRun run, int item)
    {
        for (long row = 0; row < RowCount; row++)
            yield return row;
    }

    protected override double Probability(ModelRun run, int item, long row, long @class) =>
        Number(run[rows.Name], item, row, FirstClass + (int)@class) * (hasObjectness ? Number(run[rows.Name], item, row, 4) : 1);

    protected override double Objectness(ModelRun run, int item, long row) => hasObjectness ? Number(run[rows.Name], item, row, 4) : 1;

    protected override TargetScore ScoreLogit(HeadReading reading, BoxCandidate box)
    {
        var own = ClassLogit(reading, box.Row, box.Class);
        // A column of ones, as YOLOv6 writes it, is no objectness.
        return !hasObjectness || IsConstant(reading, box.Row) ? own : TargetScore.JointLogit(Logit(reading, box.Row, 4), own);
    }

    private bool IsConstant(HeadReading reading, long row) =>
        reading.Run.Logit(rows.Name) is var logits && !IsSquashed(4) && reading.Run[logits].Shape.Rank > 0
            && Number(reading.Run[rows.Name], reading.Item, row, 4) == 1;

    private bool IsSquashed(int number) =>
        isTransposed ? Context.IsSquashed(rows, 0, number, 0) : Context.IsSquashed(rows, 0, 0, number);

    protected override TargetScore ClassLogit(HeadReading reading, long row, long @class) =>
        Logit(reading, row, FirstClass + (int)@class);

    protected override BoxScores Box(HeadReading reading, long row) => BoxOf(reading.Run, reading.Item, row).In(reading.Frame);

    protected override TargetScore? Part(HeadReading reading, BoxCandidate box, string part)
    {
        var (run, item) = (reading.Run, reading.Item);
        switch (part)
        {
            case "objectness" when hasObjectness:
                return Logit(reading, box.Row, 4);
            case "score":
                var own = Element(run, item, box.Row, FirstClass + (int)box.Class);
                return hasObjectness ? TargetScore.Product(Element(run, item, box.Row, 4), own) : own;
            case "angle" when hasAngle:
                return Element(run, item, box.Row, FirstExtra);
            case "mask" when prototypes is not null:
                return Mask(reading, box);
            default:
                return KeypointOf(reading, box.Row, part);
        }
    }

    protected override IReadOnlyList<Keypoint> Keypoints(ModelRun run, int item, PixelFrame frame, long row)
    {
        var value = run[rows.Name];
        return [.. Enumerable.Range(0, keypoints).Select(k => new Keypoint(
            frame.ToPictureX(Number(value, item, row, FirstExtra + (k * keypointNumbers))),
            frame.ToPictureY(Number(value, item, row, FirstExtra + (k * keypointNumbers) + 1)),
            keypointNumbers > 2 ? Number(value, item, row, FirstExtra + (k * keypointNumbers) + 2) : null))];
    }

    protected override string Where(int item, long row) => isTransposed
        ? string.Create(CultureInfo.InvariantCulture, $"{rows.Name}[{item},:,{row}]")
        : string.Create(CultureInfo.InvariantCulture, $"{rows.Name}[{item},{row},:]");

    private TargetScore? KeypointOf(HeadReading reading, long row, string part)
    {
        string[] words = part.Split(':', '.');
        if (keypoints == 0 || words[0] != "keypoint" || words.Length < 2
            || !int.TryParse(words[1], NumberStyles.None, CultureInfo.InvariantCulture, out int index) || index >= keypoints)
            return null;
        int first = FirstExtra + (index * keypointNumbers);
        string number = words.Length > 2 ? words[2] : keypointNumbers > 2 ? "visibility" : "x";
        return number switch
        {
            "visibility" => Logit(reading, row, first + 2),
            "x" => Element(reading.Run, reading.Item, row, first) is var x
                ? x.Through(reading.Frame.ToPictureX(x.Value), 1 / reading.Frame.ScaleX) : null,
            _ => Element(reading.Run, reading.Item, row, first + 1) is var y
                ? y.Through(reading.Frame.ToPictureY(y.Value), 1 / reading.Frame.ScaleY) : null,
        };
    }

    private TargetScore Mask(HeadReading reading, BoxCandidate box) =>
        masks!.Score(reading.Run, reading.Item, Coefficients(reading.Run, reading.Item, box.Row), Edges(reading, box.Row))
        ?? throw NoMask();

    public override IEnumerable<HeadMask> Masks(HeadReading reading) => masks is null ? []
        : reading.Detections.Take(MostMasks).Select(d => masks.Of(
            reading.Run, reading.Item, Coefficients(reading.Run, reading.Item, d.Row), Edges(reading, d.Row), d));

    private BoxEdges Edges(HeadReading reading, long row) => BoxOf(reading.Run, reading.Item, row).Value;

    private TargetScore[] Coefficients(ModelRun run, int item, long row) =>
        [.. Enumerable.Range(0, masks!.Count).Select(m => Element(run, item, row, FirstExtra + m))];

    private BoxScores BoxOf(ModelRun run, int item, long row)
    {
        var numbers = Enumerable.Range(0, 4).Select(i => Element(run, item, row, i)).ToArray();
        if (!isRaw)
            return BoxScores.Centred(numbers[0], numbers[1], numbers[2], numbers[3]);
        var (x, y, stride) = cells[row];
        double width = Math.Exp(numbers[2].Value) * stride, height = Math.Exp(numbers[3].Value) * stride;
        return BoxScores.Centred(
            numbers[0].Through((numbers[0].Value + x) * stride, stride), numbers[1].Through((numbers[1].Value + y) * stride, stride),
            numbers[2].Through(width, width), numbers[3].Through(height, height));
    }

    private TargetScore Logit(HeadReading reading, long row, int number) =>
        Element(reading.Run, reading.Run.Logit(rows.Name), reading.Item, row, number);

    private TargetScore Element(ModelRun run, int item, long row, int number) => Element(run, rows.Name, item, row, number);

    private TargetScore Element(ModelRun run, string value, int item, long row, int number) =>
        isTransposed ? run.Element(value, item, number, row) : run.Element(value, item, row, number);

    private double Number(RunValue value, int item, long row, int number)
    {
        var shape = value.Shape;
        return isTransposed ? value[(((item * shape[1].Value) + number) * shape[2].Value) + row]
            : value[(((item * shape[1].Value) + row) * shape[2].Value) + number];
    }

    private static (double X, double Y, double Stride)[] CellsOf(HeadContext context, long rows)
    {
        var (strides, each) = context.LevelsOf(rows)!.Value;
        return [.. strides.SelectMany(s => Enumerable.Range(0, (int)HeadContext.Cells(context.InputSize.Height, s))
            .SelectMany(y => Enumerable.Range(0, (int)HeadContext.Cells(context.InputSize.Width, s))
                .SelectMany(x => Enumerable.Repeat(((double)x, (double)y, (double)s), each))))];
    }
}
