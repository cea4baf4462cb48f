using System.Globalization;
using GradCamSharp.Imaging;
using GradCamSharp.Targets;
using OnnxGrad;

namespace GradCamSharp.Heads.Families;

/// <summary>
/// Detectors with boxes and scores in outputs of their own: DETR and its kin, RT-DETR, D-FINE, RF-DETR, TensorFlow's detection API,
/// torchvision, MMDetection, UltraFace. Sources: Optimum, the models' own exporters, tf2onnx, torchvision, mmdeploy.
/// </summary>
internal sealed class BoxTensorsDetector : DetectorHead
{
    private readonly Layout layout;

    private BoxTensorsDetector(HeadContext context, Layout layout)
        : base(context) => this.layout = layout;

    private enum Coding
    {
        Edges,
        Centred,
        YxEdges,
    }

    public override string Family => layout.Family;

    public override string Reason =>
        $"the output '{layout.Boxes.Name}' {layout.Boxes.Shape} holds boxes and '{layout.Scores.Name}' {layout.Scores.Shape} scores" +
        (layout.Labels is { } labels ? $", '{labels.Name}' {labels.Shape} classes" : "");

    public override Preprocessing Preprocessing => layout switch
    {
        { IsFaces: true } => Squeezed with { Scale = 1, Mean = [127, 127, 127], StandardDeviation = [128, 128, 128] },
        { IsInPicture: true } or { Coding: Coding.YxEdges } or { Labels: not null, IsNormalized: false } => Squeezed,
        _ => SqueezedImageNet,
    };

    private Preprocessing Squeezed => Preprocessing.Unit with { ShortestEdge = null, CropSize = null, ExactSize = InputSize };

    protected override long ClassCount => layout.Labels is null ? layout.Scores.Shape[-1].Value - (layout.HasNothing ? 1 : 0)
        : Context.Labels.Count > 0 ? Context.Labels.Count : long.MaxValue;

    protected override bool NeedsSuppression => layout.NeedsSuppression;

    protected override double MostOverlap => layout.IsFaces ? 0.3 : 0.5;

    public static BoxTensorsDetector? Recognize(HeadContext context)
    {
        foreach (var layout in Layouts(context))
        {
            var (boxes, scores, labels) = (layout.Boxes, layout.Scores, layout.Labels);
            bool fits = boxes.IsFloat && scores.IsFloat && boxes.Shape.Rank is 2 or 3 && boxes.Shape[-1] == layout.BoxNumbers
                && Count(boxes) == Count(scores, labels is null ? 1 : 0) && (labels is null || Count(labels, 0) == Count(boxes))
                && boxes.Shape.Rank == scores.Shape.Rank + (labels is null ? 0 : 1);
            bool hasItems = boxes.Shape.Rank == 3 ? context.HasBatch(boxes) && context.HasBatch(scores) : context.Batch == 1;
            bool isJoint = ReferenceEquals(boxes, scores) && boxes.IsFloat && boxes.Shape.Rank == 3 && labels is { Shape.Rank: 2 }
                && labels.Shape[1] == boxes.Shape[1];
            bool isCounted = layout.Valid is null || layout.Valid.Shape.Size == context.Batch;
            if (hasItems && isCounted && (fits || isJoint))
                return new BoxTensorsDetector(layout.IsFaces ? context.WithLabels("background", "face") : context, layout);
        }

        return null;

        static long Count(OutputInfo output, int behind = 1) => output.Shape.Rank > behind ? output.Shape[-1 - behind].Value : -1;
    }

    private static IEnumerable<Layout> Layouts(HeadContext c)
    {
        if ((c.Named("pred_boxes"), c.Named("logits", "pred_logits")) is ({ } predBoxes, { Shape.Rank: >= 2 } logits))
        {
            // DETR's last class says that there is no object, and all share a softmax. Deformable kin and texts as classes have sigmoids.
            bool asksTexts = c.OtherInputs.Any(i => i.Contains("input_ids", StringComparison.OrdinalIgnoreCase));
            bool isDeformable = c.Graph.Nodes.Any(n => n.Operator is "GridSample" or "TopK");
            bool hasNothing = !asksTexts && logits.Shape[-1].Value > 1
                && (logits.Shape[-1] == c.Labels.Count + 1 || (logits.Shape[-1] != c.Labels.Count && !isDeformable));
            yield return new Layout(predBoxes, logits, null, Coding.Centred, "DETR")
            {
                IsNormalized = true,
                HasNothing = hasNothing,
                IsRaw = true,
            };
        }

        if ((c.Named("dets"), c.Named("labels")) is ({ Shape.Rank: >= 2 } dets, { } detLabels))
        {
            if (dets.Shape[-1] == 4 && detLabels.IsFloat)
                yield return new Layout(dets, detLabels, null, Coding.Centred, "RF-DETR") { IsNormalized = true, IsRaw = true };
            if (dets.Shape[-1] == 5 && !detLabels.IsFloat)
                yield return new Layout(dets, dets, detLabels, Coding.Edges, "MMDetection") { BoxNumbers = 5 };
        }

        if ((c.Named("detection_boxes"), c.Named("detection_scores"), c.Named("detection_classes")) is (
            { } tfBoxes, { } tfScores, { } tfClasses))
        {
            yield return new Layout(tfBoxes, tfScores, tfClasses, Coding.YxEdges, "TensorFlow detection API")
            {
                IsNormalized = true,
                Valid = c.Named("num_detections"),
            };
        }

        if ((c.Named("boxes", "bboxes"), c.Named("scores")) is ({ } boxes, { } scores))
        {
            if (c.Named("labels", "classes") is { } labels && !labels.IsFloat)
            {
                bool isDetr = c.OtherInputs.Any(i => i.ToUpperInvariant() is "ORIG_TARGET_SIZES" or "ORIG_SIZE" or "TARGET_SIZES");
                yield return new Layout(boxes, scores, labels, Coding.Edges, isDetr ? "RT-DETR, D-FINE, DEIM" : "boxes, labels and scores")
                {
                    IsInPicture = isDetr,
                };
            }
            else if (scores.Shape.Rank == 3 && IsDecoded(c, boxes))
            {
                // Two classes of which the first is the background, as face detectors have them.
                yield return new Layout(boxes, scores, null, Coding.Edges, "boxes and scores of all priors")
                {
                    IsNormalized = true,
                    NeedsSuppression = true,
                    IsFaces = scores.Shape[-1] == 2,
                };
            }
        }
    }

    // What a convolution makes, and nothing but moves, are distances from anchors that the file does not hold.
    private static bool IsDecoded(HeadContext c, OutputInfo boxes)
    {
        string value = c.Source(boxes, [.. boxes.Shape.Select(_ => 0L)]) is { Squashing: null } source ? source.Value : "";
        while (c.Graph.Producer(value) is { Operator: "Add" } bias && bias.Inputs.FirstOrDefault(i => !c.Graph.IsConstant(i)) is { } before
            && bias.Inputs.Any(c.Graph.IsConstant))
            value = before;
        return c.Graph.Producer(value)?.Operator is not ("Conv" or "MatMul" or "Gemm");
    }

    public override GraphSeeds Seeds(Target target, int top, Graph graph, Func<string, Tensor> logits)
    {
        if (!AreBestBoxes(target) || layout.NeedsSuppression || layout.BoxNumbers == 5 || layout.Valid is not null || Context.Batch != 1
            || layout.Boxes.Shape.Rank != 3)
            throw GraphSeeds.Cannot(target, "box:0 of DETR and its kin");
        var (own, before) = (graph[layout.Scores.Name], logits(layout.Scores.Name));
        long rows = layout.Boxes.Shape[1].Value;
        if (layout.Labels is { } labels)
        {
            var (row, _, exists) = Best(own.Reshape(new Shape(1, rows, 1)), null, isCentred: false, top);
            var @class = graph[labels.Name].Flatten().Gather(row, 0).Cast(ElementType.Int64);
            return new GraphSeeds([GraphSeeds.At(before, row, exists)], Told(row, @class, exists));
        }

        long all = layout.Scores.Shape[2].Value;
        var scores = layout.HasNothing ? own.Softmax(2).Slice(2, 0, all - 1) : own.Sigmoid();
        var (best, classes, found) = Best(scores, null, isCentred: false, top);
        return new GraphSeeds([GraphSeeds.At(before, (best * all) + classes, found)], Told(best, classes, found));
    }

    protected override IEnumerable<BoxCandidate> Candidates(ModelRun run, int item, PixelFrame frame, double least)
    {
        var scores = run[layout.Scores.Name];
        long count = RowCount(run, item);
        for (long row = 0; row < count; row++)
        {
            var (@class, score) = layout.Labels is { } labels
                ? ((long)Number(run[labels.Name], item, row), ScoreOf(scores, item, row))
                : BestClass(scores, item, row);
            if (score > least)
                yield return new BoxCandidate(row, @class, score, InPicture(BoxOf(run, item, row), frame).Value);
        }
    }

    protected override IEnumerable<long> Rows(ModelRun run, int item)
    {
        for (long row = 0; row < RowCount(run, item); row++)
            yield return row;
    }

    protected override double Probability(ModelRun run, int item, long row, long @class)
    {
        var scores = run[layout.Scores.Name];
        if (layout.Labels is { } labels)
            return (long)Number(run[labels.Name], item, row) == @class ? ScoreOf(scores, item, row) : 0;
        return Probabilities(scores, item, row)[@class];
    }

    protected override double Objectness(ModelRun run, int item, long row) =>
        layout.Labels is null ? 1 : ScoreOf(run[layout.Scores.Name], item, row);

    protected override TargetScore ScoreLogit(HeadReading reading, BoxCandidate box) => ClassLogit(reading, box.Row, box.Class);

    protected override TargetScore ClassLogit(HeadReading reading, long row, long @class)
    {
        var (run, item) = (reading.Run, reading.Item);
        string value = run.Logit(layout.Scores.Name);
        if (layout.Labels is null)
            return Element(run, value, item, row, @class);
        if ((long)Number(run[layout.Labels.Name], item, row) != @class)
            return new TargetScore(0, []);
        return layout.BoxNumbers == 5 ? Element(run, value, item, row, 4) : Element(run, value, item, row);
    }

    protected override BoxScores Box(HeadReading reading, long row) =>
        InPicture(BoxOf(reading.Run, reading.Item, row), reading.Frame);

    protected override TargetScore? Part(HeadReading reading, BoxCandidate box, string part) => part != "score" || layout.IsRaw ? null
        : layout.Labels is null ? Element(reading.Run, layout.Scores.Name, reading.Item, box.Row, box.Class)
        : layout.BoxNumbers == 5 ? Element(reading.Run, layout.Scores.Name, reading.Item, box.Row, 4)
        : Element(reading.Run, layout.Scores.Name, reading.Item, box.Row);

    protected override string Where(int item, long row) => layout.Boxes.Shape.Rank == 2
        ? string.Create(CultureInfo.InvariantCulture, $"{layout.Scores.Name}[{row}]")
        : string.Create(CultureInfo.InvariantCulture, $"{layout.Scores.Name}[{item},{row}]");

    private long RowCount(ModelRun run, int item)
    {
        long rows = run[layout.Boxes.Name].Shape[-2].Value;
        return layout.Valid is { } valid ? Math.Clamp((long)run[valid.Name][item], 0, rows) : rows;
    }

    private BoxScores BoxOf(ModelRun run, int item, long row)
    {
        // Exporters write edges as shares of the input or as pixels: no box of pixels is two pixels large.
        var all = run[layout.Boxes.Name];
        bool isShare = layout.Coding != Coding.Edges || layout.IsInPicture || layout.BoxNumbers == 5 || all.Count == 0
            ? layout.IsNormalized : all.Largest <= 2;
        double across = isShare ? Context.InputSize.Width : 1, down = isShare ? Context.InputSize.Height : 1;
        var n = Enumerable.Range(0, 4).Select(i => Element(run, layout.Boxes.Name, item, row, i)).ToArray();
        return layout.Coding switch
        {
            Coding.Centred => BoxScores.Centred(Times(n[0], across), Times(n[1], down), Times(n[2], across), Times(n[3], down)),
            Coding.YxEdges => BoxScores.Edges(Times(n[1], across), Times(n[0], down), Times(n[3], across), Times(n[2], down)),
            _ => BoxScores.Edges(Times(n[0], across), Times(n[1], down), Times(n[2], across), Times(n[3], down)),
        };

        static TargetScore Times(TargetScore score, double factor) => score.Through(score.Value * factor, factor);
    }

    private BoxScores InPicture(BoxScores box, PixelFrame frame) => layout.IsInPicture ? box : box.In(frame);

    private double ScoreOf(RunValue scores, int item, long row) =>
        layout.BoxNumbers == 5 ? scores.At(item, row, 4) : Number(scores, item, row);

    private (long Class, double Score) BestClass(RunValue scores, int item, long row)
    {
        double[] probabilities = Probabilities(scores, item, row);
        int first = layout.IsFaces ? 1 : 0, end = probabilities.Length - (layout.HasNothing ? 1 : 0), best = first;
        for (int c = first; c < end; c++)
        {
            if (probabilities[c] > probabilities[best])
                best = c;
        }

        return (best, probabilities[best]);
    }

    private double[] Probabilities(RunValue scores, int item, long row)
    {
        double[] own = new double[scores.Shape[-1].Value];
        for (int c = 0; c < own.Length; c++)
            own[c] = scores.Shape.Rank == 2 ? scores.At(row, c) : scores.At(item, row, c);
        if (!layout.IsRaw)
            return own;
        if (!layout.HasNothing)
            return [.. own.Select(v => 1 / (1 + Math.Exp(-v)))];
        double most = own.Max(), total = own.Sum(v => Math.Exp(v - most));
        return [.. own.Select(v => Math.Exp(v - most) / total)];
    }

    private static double Number(RunValue value, int item, long row) => value.Shape.Rank == 1 ? value.At(row) : value.At(item, row);

    private static TargetScore Element(ModelRun run, string value, int item, long row, long? number = null) =>
        (run[value].Shape.Rank, number) switch
        {
            (1, _) => run.Element(value, row),
            (2, null) => run.Element(value, item, row),
            (2, { } n) => run.Element(value, row, n),
            (_, { } n) => run.Element(value, item, row, n),
            _ => run.Element(value, item, row),
        };

    private sealed record Layout(OutputInfo Boxes, OutputInfo Scores, OutputInfo? Labels, Coding Coding, string Family)
    {
        public int BoxNumbers { get; init; } = 4;

        /// <summary>Whether boxes are shares of the input's size.</summary>
        public bool IsNormalized { get; init; }

        /// <summary>Whether boxes are in the picture's pixels already: the model is told its size.</summary>
        public bool IsInPicture { get; init; }

        /// <summary>Whether the last class says that there is no object: then all classes share a softmax.</summary>
        public bool HasNothing { get; init; }

        /// <summary>Whether scores are logits, which nothing in the graph squashes.</summary>
        public bool IsRaw { get; init; }

        public bool NeedsSuppression { get; init; }

        public bool IsFaces { get; init; }

        /// <summary>The output that says how many rows count.</summary>
        public OutputInfo? Valid { get; init; }
    }
}
