using System.Globalization;
using GradCamSharp.Imaging;
using GradCamSharp.Targets;
using OnnxGrad;

namespace GradCamSharp.Heads.Families;

/// <summary>
/// Detectors that thin out their boxes themselves: [N, K, 6 ...] of x1, y1, x2, y2, score, class (YOLOv10, YOLO26, Ultralytics with NMS),
/// or [n, 7] of item, x1, y1, x2, y2, class, score (YOLOv7 end to end).
/// </summary>
internal sealed class KeptRowsDetector : DetectorHead
{
    // What hands numbers on as they are.
    private static readonly string[] Moves =
        ["Cast", "Unsqueeze", "Squeeze", "Reshape", "Gather", "GatherND", "Identity", "Slice", "Transpose", "Flatten"];

    private readonly OutputInfo rows;
    private readonly bool hasItems;
    private readonly bool isScoreFirst;

    private KeptRowsDetector(HeadContext context, OutputInfo rows, bool hasItems, bool isScoreFirst = false)
        : base(context) => (this.rows, this.hasItems, this.isScoreFirst) = (rows, hasItems, isScoreFirst);

    public override string Family => hasItems ? (
        isScoreFirst ? "kept rows with their item (YOLO-NAS)" : "kept rows with their item (YOLOv7 end to end)")
        : "kept rows (YOLOv10, YOLO26, NMS inside)";

    public override string Reason => hasItems
        ? $"the output '{rows.Name}' {rows.Shape} holds seven numbers a detection, and the graph keeps the best itself"
        : $"the output '{rows.Name}' {rows.Shape} holds a box, its score and its class a row, and the graph keeps the best itself";

    public override Preprocessing Preprocessing => Preprocessing.Yolo with { ExactSize = InputSize };

    protected override long ClassCount => Context.Labels.Count > 0 ? Context.Labels.Count : long.MaxValue;

    protected override bool NeedsSuppression => false;

    private int ScorePlace => hasItems ? (isScoreFirst ? 5 : 6) : 4;

    private int ClassPlace => hasItems && isScoreFirst ? 6 : 5;

    private int First => hasItems ? 1 : 0;

    public static KeptRowsDetector? Recognize(HeadContext context)
    {
        var floats = context.Outputs.Where(o => o.IsFloat).ToList();
        var graph = context.Graph;
        bool keeps = graph.Nodes.Any(n => n.Operator is "TopK" or "NonMaxSuppression");
        if (!keeps || floats.Count == 0)
            return null;
        var first = floats[0];
        if (first.Shape.Rank == 3 && context.HasBatch(first) && first.Shape[2].Value >= 6 && first.Shape[2].Value < 64
            && first.Shape[1].Value > 0 && context.LevelsOf(first.Shape[1].Value) is null && AreJoined(context, first))
            return new KeptRowsDetector(context, first, false);
        if (first.Shape.Rank != 2 || first.Shape[1].Value != 7 || floats.Count != 1
            || graph.Nodes.All(n => n.Operator != "NonMaxSuppression"))
            return null;
        // YOLO-NAS writes the score before the class, YOLOv7 the class before the score: the class is made of whole numbers.
        return (IsWhole(graph, first.Name, 5), IsWhole(graph, first.Name, 6)) switch
        {
            (true, false) => new KeptRowsDetector(context, first, true),
            (false, true) => new KeptRowsDetector(context, first, true, isScoreFirst: true),
            _ => null,
        };
    }

    /// <summary>Whether a column of joined rows is made of whole numbers.</summary>
    private static bool IsWhole(Graph graph, string rows, int column)
    {
        var node = graph.Producer(rows);
        while (node is { Operator: "Identity" or "Cast" } move)
            node = graph.Producer(move.Inputs[0]);
        if (node is not { Operator: "Concat" } joined)
            return false;
        int at = 0;
        foreach (string input in joined.Inputs)
        {
            int width = graph.Info(input)?.Shape is { Rank: 2 } part && part[1].IsKnown ? (int)part[1].Value : 0;
            if (column < at + width)
                return IsWhole(graph, input);
            at += width;
        }

        return false;
    }

    private static bool IsWhole(Graph graph, string value)
    {
        while (graph.Info(value) is { } info)
        {
            if (!info.Type.IsFloatingPoint())
                return true;
            if (graph.Producer(value) is not { } move || !Moves.Contains(move.Operator))
                return false;
            value = move.Inputs[0];
        }

        return false;
    }

    // Rows that are joined, or picked by their indices: what a convolution makes is no list of kept boxes.
    private static bool AreJoined(HeadContext context, OutputInfo output) =>
        context.Graph.Producer(output.Name)?.Operator is "Concat" or "Gather" or "GatherElements" or "ScatterND" or "Where" or "Identity";

    public override GraphSeeds Seeds(Target target, int top, Graph graph, Func<string, Tensor> logits)
    {
        if (!AreBestBoxes(target) || hasItems || Context.Batch != 1)
            throw GraphSeeds.Cannot(target, "box:0 of models that keep a fixed number of boxes");
        var (own, before) = (graph[rows.Name], logits(rows.Name));
        var scores = own.Slice(2, ScorePlace, ScorePlace + 1);
        var (row, _, exists) = Best(scores, null, isCentred: false, top);
        long numbers = rows.Shape[2].Value;
        var classes = own.Flatten().Gather((row * numbers) + ClassPlace, 0).Cast(ElementType.Int64);
        return new GraphSeeds([GraphSeeds.At(before, (row * numbers) + ScorePlace, exists)], Told(row, classes, exists));
    }

    protected override IEnumerable<BoxCandidate> Candidates(ModelRun run, int item, PixelFrame frame, double least)
    {
        var value = run[rows.Name];
        for (long row = 0; row < Count(value); row++)
        {
            if (!IsOf(value, item, row))
                continue;
            double score = Number(value, item, row, ScorePlace);
            if (score > least)
                yield return new BoxCandidate(
                    row, (long)Number(value, item, row, ClassPlace), score, frame.ToPicture(BoxOf(run, item, row).Value));
        }
    }

    protected override IEnumerable<long> Rows(ModelRun run, int item)
    {
        var value = run[rows.Name];
        for (long row = 0; row < Count(value); row++)
        {
            if (IsOf(value, item, row))
                yield return row;
        }
    }

    protected override double Probability(ModelRun run, int item, long row, long @class) =>
        (long)Number(run[rows.Name], item, row, ClassPlace) == @class ? Number(run[rows.Name], item, row, ScorePlace) : 0;

    // One class a row is all that is known: its score then stands for how sure the model is.
    protected override double Objectness(ModelRun run, int item, long row) => Number(run[rows.Name], item, row, ScorePlace);

    protected override TargetScore ScoreLogit(HeadReading reading, BoxCandidate box) => Logit(reading, box.Row);

    protected override TargetScore ClassLogit(HeadReading reading, long row, long @class) =>
        (long)Number(reading.Run[rows.Name], reading.Item, row, ClassPlace) == @class ? Logit(reading, row) : new TargetScore(0, []);

    protected override BoxScores Box(HeadReading reading, long row) => BoxOf(reading.Run, reading.Item, row).In(reading.Frame);

    protected override TargetScore? Part(HeadReading reading, BoxCandidate box, string part) =>
        part == "score" ? Element(reading.Run, rows.Name, reading.Item, box.Row, ScorePlace) : null;

    protected override string Where(int item, long row) => hasItems
        ? string.Create(CultureInfo.InvariantCulture, $"{rows.Name}[{row},:]")
        : string.Create(CultureInfo.InvariantCulture, $"{rows.Name}[{item},{row},:]");

    private bool IsOf(RunValue value, int item, long row) => !hasItems || (long)Number(value, item, row, 0) == item;

    private long Count(RunValue value) => value.Shape[hasItems ? 0 : 1].Value;

    private TargetScore Logit(HeadReading reading, long row) =>
        Element(reading.Run, reading.Run.Logit(rows.Name), reading.Item, row, ScorePlace);

    private BoxScores BoxOf(ModelRun run, int item, long row) => BoxScores.Edges(
        Element(run, rows.Name, item, row, First), Element(run, rows.Name, item, row, First + 1),
        Element(run, rows.Name, item, row, First + 2), Element(run, rows.Name, item, row, First + 3));

    private TargetScore Element(ModelRun run, string value, int item, long row, int number) =>
        hasItems ? run.Element(value, row, number) : run.Element(value, item, row, number);

    private double Number(RunValue value, int item, long row, int number) =>
        hasItems ? value.At(row, number) : value.At(item, row, number);
}
