using System.Globalization;
using GradCamSharp.Imaging;

namespace GradCamSharp.Heads.Families;

/// <summary>
/// Detectors whose levels are outputs of their own: scores, perhaps objectness, boxes and key points a level (YuNet), or scores and the
/// distributions of four distances a level (PicoDet, NanoDet). Sources: libfacedetection.train, Paddle2ONNX, nanodet's exporter.
/// </summary>
internal sealed class LevelDetector : DetectorHead
{
    private readonly IReadOnlyList<Level> levels;
    private readonly bool isFaces;

    private LevelDetector(HeadContext context, IReadOnlyList<Level> levels, bool isFaces)
        : base(context) => (this.levels, this.isFaces) = (levels, isFaces);

    public override string Family => isFaces ? "YuNet" : "PicoDet, NanoDet";

    public override string Reason => isFaces
        ? $"the outputs come in fours, scores, objectness, boxes and key points of {levels.Count} levels: " +
            $"{levels[0].Scores.Name}, {levels[0].Boxes.Name} ..."
        : $"the outputs come in pairs, class scores and distributions of four distances of {levels.Count} levels: " +
            $"{levels[0].Scores.Name} {levels[0].Scores.Shape}, {levels[0].Boxes.Name} {levels[0].Boxes.Shape} ...";

    public override Preprocessing Preprocessing => isFaces
        ? Preprocessing.Yolo with { ExactSize = InputSize, Scale = 1, IsBgr = true, Letterbox = new Letterbox(0, IsCentred: false) }
        : Preprocessing.Yolo with
        {
            ExactSize = InputSize,
            Scale = 1,
            IsBgr = true,
            Letterbox = new Letterbox(0, IsCentred: true),
            Mean = [103.53f, 116.28f, 123.675f],
            StandardDeviation = [57.375f, 57.12f, 58.395f],
        };

    protected override long ClassCount => levels[0].Scores.Shape[2].Value;

    protected override double MostOverlap => isFaces ? 0.3 : 0.5;

    public static LevelDetector? Recognize(HeadContext context) => YuNet(context) ?? Distributions(context);

    private static LevelDetector? YuNet(HeadContext context)
    {
        var levels = new List<Level>();
        foreach (int stride in (int[])[8, 16, 32, 64])
        {
            string s = stride.ToString(CultureInfo.InvariantCulture);
            if ((context.Find("cls_" + s), context.Find("obj_" + s), context.Find("bbox_" + s)) is not (
                { Shape.Rank: 3 } scores, { } objectness, { } boxes))
                continue;
            long cells = HeadContext.Cells(context.InputSize.Height, stride) * HeadContext.Cells(context.InputSize.Width, stride);
            var keypoints = context.Find("kps_" + s) is { Shape.Rank: 3 } found ? found : null;
            if (!Fits(scores, scores.Shape[-1].Value) || !Fits(boxes, 4) || !Fits(objectness, 1)
                || (keypoints is not null && (!Fits(keypoints, keypoints.Shape[-1].Value) || keypoints.Shape[-1].Value % 2 != 0))
                || levels.Any(l => l.Scores.Shape[2] != scores.Shape[2]))
                return null;
            levels.Add(new Level(scores, boxes, objectness, keypoints, stride));

            bool Fits(OutputInfo o, long width) =>
                o.IsFloat && o.Shape.Rank == 3 && context.HasBatch(o) && o.Shape[1] == cells && o.Shape[2] == width;
        }

        return levels.Count > 1 ? new LevelDetector(context.WithLabels("face"), levels, isFaces: true) : null;
    }

    private static LevelDetector? Distributions(HeadContext context)
    {
        // Scores of all levels, then distances of all levels; or in turn. What is as long belongs together.
        var floats = context.Outputs.Where(o => o.IsFloat && o.Shape.Rank == 3 && context.HasBatch(o)).ToList();
        if (floats.Count < 4 || floats.Count % 2 != 0 || floats.Count != context.Outputs.Count)
            return null;
        var groups = floats.GroupBy(o => o.Shape[1].Value).OrderByDescending(g => g.Key).ToList();
        var levels = new List<Level>();
        int stride = 8;
        foreach (var group in groups)
        {
            long cells = HeadContext.Cells(context.InputSize.Height, stride) * HeadContext.Cells(context.InputSize.Width, stride);
            var pair = group.ToList();
            var boxes = pair.Count == 2 ? pair.FirstOrDefault(o => !context.IsSquashed(o, 0, 0, 0) && o.Shape[2].Value % 4 == 0) : null;
            var scores = pair.FirstOrDefault(o => o != boxes && context.IsSquashed(o, 0, 0, 0));
            if (group.Key != cells || boxes is null || scores is null || boxes.Shape[2].Value < 16
                || levels.Any(l => l.Scores.Shape[2] != scores.Shape[2] || l.Boxes.Shape[2] != boxes.Shape[2]))
                return null;
            levels.Add(new Level(scores, boxes, null, null, stride));
            stride *= 2;
        }

        return levels.Count > 1 ? new LevelDetector(context, levels, isFaces: false) : null;
    }

    protected override IEnumerable<BoxCandidate> Candidates(ModelRun run, int item, PixelFrame frame, double least)
    {
        for (long row = 0; row < Total; row++)
        {
            var (level, cell) = Place(row);
            var scores = run[level.Scores.Name];
            double objectness = level.Objectness is { } o ? run[o.Name].At(item, cell, 0) : 1, score = double.NegativeInfinity;
            long best = 0;
            var own = scores.Floats.Slice((int)(((item * scores.Shape[1].Value) + cell) * ClassCount), (int)ClassCount);
            for (int c = 0; c < own.Length; c++)
            {
                if (own[c] > score)
                    (score, best) = (own[c], c);
            }

            if (level.Objectness is not null)
                score = Math.Sqrt(Math.Clamp(score, 0, 1) * Math.Clamp(objectness, 0, 1));
            if (score > least)
                yield return new BoxCandidate(row, best, score, frame.ToPicture(BoxOf(run, item, row).Value));
        }
    }

    protected override IEnumerable<long> Rows(ModelRun run, int item)
    {
        for (long row = 0; row < Total; row++)
            yield return row;
    }

    protected override double Probability(ModelRun run, int item, long row, long @class)
    {
        var (level, cell) = Place(row);
        double own = run[level.Scores.Name].At(item, cell, @class);
        return level.Objectness is { } o ? Math.Sqrt(Math.Max(0, own * run[o.Name].At(item, cell, 0))) : own;
    }

    protected override TargetScore ScoreLogit(HeadReading reading, BoxCandidate box)
    {
        var own = ClassLogit(reading, box.Row, box.Class);
        var (level, cell) = Place(box.Row);
        return level.Objectness is { } o
            ? TargetScore.JointLogit(own, reading.Run.Element(reading.Run.Logit(o.Name), reading.Item, cell, 0)) : own;
    }

    protected override TargetScore ClassLogit(HeadReading reading, long row, long @class)
    {
        var (level, cell) = Place(row);
        return reading.Run.Element(reading.Run.Logit(level.Scores.Name), reading.Item, cell, @class);
    }

    protected override BoxScores Box(HeadReading reading, long row) => BoxOf(reading.Run, reading.Item, row).In(reading.Frame);

    protected override TargetScore? Part(HeadReading reading, BoxCandidate box, string part)
    {
        var (level, cell) = Place(box.Row);
        var run = reading.Run;
        if (part == "objectness" && level.Objectness is { } o)
            return run.Element(run.Logit(o.Name), reading.Item, cell, 0);
        string[] words = part.Split(':', '.');
        if (words[0] != "keypoint" || words.Length < 2 || level.Keypoints is not { } keypoints
            || !int.TryParse(words[1], NumberStyles.None, CultureInfo.InvariantCulture, out int index)
                || index * 2 >= keypoints.Shape[2].Value)
            return null;
        // From the cell's corner: where the cell lies is no matter of the network.
        bool isY = words.Length > 2 && words[2] == "y";
        var distance = run.Element(keypoints.Name, reading.Item, cell, (2 * index) + (isY ? 1 : 0));
        double factor = level.Stride / (isY ? reading.Frame.ScaleY : reading.Frame.ScaleX);
        return distance.Through(distance.Value * factor, factor);
    }

    protected override IReadOnlyList<Keypoint> Keypoints(ModelRun run, int item, PixelFrame frame, long row)
    {
        var (level, cell) = Place(row);
        if (level.Keypoints is not { } keypoints)
            return [];
        var (x, y) = Corner(level, cell);
        var value = run[keypoints.Name];
        return [.. Enumerable.Range(0, (int)keypoints.Shape[2].Value / 2).Select(k => new Keypoint(
            frame.ToPictureX((value.At(item, cell, 2 * k) + x) * level.Stride),
            frame.ToPictureY((value.At(item, cell, (2 * k) + 1) + y) * level.Stride), null))];
    }

    protected override string Where(int item, long row)
    {
        var (level, cell) = Place(row);
        return string.Create(CultureInfo.InvariantCulture, $"{level.Scores.Name}[{item},{cell},:], stride {level.Stride}");
    }

    private long Total => levels.Sum(l => l.Scores.Shape[1].Value);

    private (Level Level, long Cell) Place(long row)
    {
        foreach (var level in levels)
        {
            if (row < level.Scores.Shape[1].Value)
                return (level, row);
            row -= level.Scores.Shape[1].Value;
        }

        throw new ArgumentOutOfRangeException(nameof(row));
    }

    private (long X, long Y) Corner(Level level, long cell)
    {
        long width = HeadContext.Cells(Context.InputSize.Width, level.Stride);
        return (cell % width, cell / width);
    }

    private BoxScores BoxOf(ModelRun run, int item, long row)
    {
        var (level, cell) = Place(row);
        var (x, y) = Corner(level, cell);
        double stride = level.Stride;
        if (isFaces)
        {
            var n = Enumerable.Range(0, 4).Select(i => run.Element(level.Boxes.Name, item, cell, i)).ToArray();
            double width = Math.Exp(n[2].Value) * stride, height = Math.Exp(n[3].Value) * stride;
            return BoxScores.Centred(
                n[0].Through((n[0].Value + x) * stride, stride), n[1].Through((n[1].Value + y) * stride, stride),
                n[2].Through(width, width), n[3].Through(height, height));
        }

        // Left, top, right, bottom of the cell's middle, each the mean of a distribution over bins.
        double middleX = (x * stride) + (0.5 * (stride - 1)), middleY = (y * stride) + (0.5 * (stride - 1));
        var d = Enumerable.Range(0, 4).Select(side => Mean(run, level, item, cell, side)).ToArray();
        return BoxScores.Edges(
            d[0].Through(middleX - (d[0].Value * stride), -stride), d[1].Through(middleY - (d[1].Value * stride), -stride),
            d[2].Through(middleX + (d[2].Value * stride), stride), d[3].Through(middleY + (d[3].Value * stride), stride));
    }

    private static TargetScore Mean(ModelRun run, Level level, int item, long cell, int side)
    {
        int bins = (int)level.Boxes.Shape[2].Value / 4;
        var own = Enumerable.Range(0, bins).Select(b => run.Element(level.Boxes.Name, item, cell, (side * bins) + b)).ToArray();
        double most = own.Max(o => o.Value), total = own.Sum(o => Math.Exp(o.Value - most));
        double[] shares = [.. own.Select(o => Math.Exp(o.Value - most) / total)];
        double mean = shares.Select((p, b) => p * b).Sum();
        return TargetScore.Sum(own.Select((o, b) => (shares[b] * (b - mean), o))) with { Value = mean, IsLinear = false };
    }

    private sealed record Level(OutputInfo Scores, OutputInfo Boxes, OutputInfo? Objectness, OutputInfo? Keypoints, int Stride);
}
