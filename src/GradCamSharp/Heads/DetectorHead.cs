using GradCamSharp.Errors;
using GradCamSharp.Targets;
using OnnxGrad;

namespace GradCamSharp.Heads;

/// <summary>A head that reports boxes.</summary>
internal abstract class DetectorHead(HeadContext context) : VisionHead(context)
{
    // Detections below are not reported. Of two boxes of a class that overlap more than the second one the weaker goes.
    private const double LeastScore = 0.25;

    // What is weaker than this is like nothing.
    private const double LeastLike = 0.05;

    private const int MostClasses = 1000;

    /// <summary>Of how many detections masks are drawn.</summary>
    protected const int MostMasks = 64;

    /// <inheritdoc/>
    public override string Task => "detect";

    /// <inheritdoc/>
    public override Target Default => new BoxTarget(new RankedBox(0));

    /// <inheritdoc/>
    public override string Examples => "box:0, box:LABEL, box:LABEL/2, box:X,Y, box:X,Y,WIDTH,HEIGHT, box:0.x1 and class:C";

    /// <inheritdoc/>
    public override long? NamedClasses => ClassCount == long.MaxValue ? null : ClassCount;

    /// <summary>The number of classes.</summary>
    protected abstract long ClassCount { get; }

    /// <summary>Whether boxes of one class that overlap are still to be thinned out; else the graph did it.</summary>
    protected virtual bool NeedsSuppression => true;

    /// <summary>Above which overlap, as intersection over union, the weaker of two boxes of a class goes.</summary>
    protected virtual double MostOverlap => 0.5;

    /// <summary>The rows whose score is above a threshold, in their order.</summary>
    /// <param name="run">The run.</param>
    /// <param name="item">The item of the batch.</param>
    /// <param name="frame">Where the picture's pixels lie at the input.</param>
    /// <param name="least">The threshold; negative for all rows.</param>
    protected abstract IEnumerable<BoxCandidate> Candidates(ModelRun run, int item, PixelFrame frame, double least);

    /// <summary>The number whose sigmoid is the score, before any squashing function.</summary>
    protected abstract TargetScore ScoreLogit(HeadReading reading, BoxCandidate box);

    /// <summary>The logit of a row's class.</summary>
    protected abstract TargetScore ClassLogit(HeadReading reading, long row, long @class);

    /// <summary>The rows whose class logits are the model's evidence for a class anywhere.</summary>
    protected abstract IEnumerable<long> Rows(ModelRun run, int item);

    /// <summary>The probability that a row is of a class, as the model reports it.</summary>
    protected abstract double Probability(ModelRun run, int item, long row, long @class);

    /// <summary>How sure the model is that a row is an object at all; 1 where it does not say.</summary>
    protected virtual double Objectness(ModelRun run, int item, long row) => 1;

    /// <summary>The best rows of a graph, by the largest probability of a class, overlapping ones left out.</summary>
    /// <param name="probabilities">[1, A, C].</param>
    /// <param name="boxes">[1, A, 4]; null where the graph has left out overlapping ones itself.</param>
    /// <param name="isCentred">Whether boxes are centre, width and height; else two corners.</param>
    /// <param name="top">How many.</param>
    /// <returns>Row and class of each, int64 [K]; 1 where there is one, else 0, [K].</returns>
    protected (Tensor Rows, Tensor Classes, Tensor Exists) Best(Tensor probabilities, Tensor? boxes, bool isCentred, int top)
    {
        var graph = probabilities.Graph;
        long rows = probabilities.Shape[1].Value, classes = probabilities.Shape[2].Value;
        top = (int)Math.Min(top, rows);
        Tensor row, @class, score;
        if (boxes is { } given)
        {
            // A row is of one class: its most probable.
            probabilities *= probabilities.EqualTo(probabilities.Max([2])).Cast(probabilities.Type);
            var kept = graph.Append(
                "NonMaxSuppression",
                [given, probabilities.Transpose([0, 2, 1]), graph.Constant((long)top),
                    graph.Constant(ElementType.Float, new Shape(1), MostOverlap), graph.Constant(
                        ElementType.Float, new Shape(1), LeastScore)],
                ElementType.Int64, new Shape(new Dimension("kept"), 3), ("center_point_box", isCentred ? 1L : 0L));
            Tensor Column(long place) => kept.Gather(graph.Scalar(place), 1);
            (row, @class) = (Column(2), Column(1));
            score = probabilities.Reshape(new Shape(rows * classes)).Gather((row * classes) + @class, 0);
            // Where fewer are kept than are asked for, the rest is none.
            row = Filled(row, graph.Constant([.. Enumerable.Repeat(0L, top)]));
            @class = Filled(@class, graph.Constant([.. Enumerable.Repeat(0L, top)]));
            score = Filled(score, graph.Constant(score.Type, new Shape(top), [.. Enumerable.Repeat(-1.0, top)]));
        }
        else
        {
            row = graph.Constant([.. Enumerable.Range(0, (int)rows).Select(r => (long)r)]);
            @class = probabilities.ArgMax(2).Reshape(new Shape(rows));
            score = probabilities.Max([2]).Reshape(new Shape(rows));
        }

        var order = score.TopIndices(top, 0);
        var exists = (score.Gather(order, 0) > LeastScore).Cast(probabilities.Type);
        return (row.Gather(order, 0), @class.Gather(order, 0), exists);

        Tensor Filled(Tensor some, Tensor rest) => graph.Append(
            "Concat", [some, rest], some.Type, new Shape(new Dimension("filled")), ("axis", 0L));
    }

    /// <summary>What the graph chose, for those who read it: the row and the class of each box, -1 where there is none.</summary>
    protected static IReadOnlyList<(string, Tensor)> Told(Tensor rows, Tensor classes, Tensor exists)
    {
        var isThere = exists > 0;
        Tensor Or(Tensor value) => Tensor.Where(isThere, value, rows.Graph.Scalar(-1)).Unsqueeze(0);
        return [("rows", Or(rows)), ("classes", Or(classes))];
    }

    /// <summary>Whether a target is the best boxes of all.</summary>
    protected static bool AreBestBoxes(Target target) => target is BoxTarget { Box: RankedBox { Rank: 0 }, Part: null };

    /// <summary>Centre, width and height of a row's box, or its edges, in the picture's pixels.</summary>
    protected abstract BoxScores Box(HeadReading reading, long row);

    /// <summary>The key points of a row.</summary>
    protected virtual IReadOnlyList<Keypoint> Keypoints(ModelRun run, int item, PixelFrame frame, long row) => [];

    /// <summary>A part of a box beside score and edges; null where it has no such part.</summary>
    protected virtual TargetScore? Part(HeadReading reading, BoxCandidate box, string part) => null;

    /// <summary>Which numbers of the outputs a row is, in words.</summary>
    protected abstract string Where(int item, long row);

    /// <inheritdoc/>
    public sealed override HeadReading Read(ModelRun run, int item, PixelFrame frame)
    {
        var kept = Keep([.. Candidates(run, item, frame, LeastScore)], LeastScore);
        return new HeadReading(run, item, frame)
        {
            Detections = [.. kept.Select((c, rank) => new Detection(
                rank, c.Class, Context.Labels[c.Class], c.Score, frame.Cut(c.Box), [.. Keypoints(run, item, frame, c.Row)], Where(
                    item, c.Row))
            {
                Row = c.Row,
            })],
        };
    }

    /// <inheritdoc/>
    public sealed override TargetScore Score(Target target, HeadReading reading) => target switch
    {
        BoxTarget box when Find(box, reading) is var found => Of(found, box, reading) with
        {
            Class = found.Class,
            Words = Describe(found, reading),
        },
        ClassTarget { Place: null or AllPlace or MaskPlace } one => Anywhere(one, reading),
        _ => throw Lacks(target),
    };

    /// <summary>
    /// D-RISE (Petsiuk et al., arXiv 2006.03204): of the detections of a changed picture the one most like the target, by the overlap of
    /// boxes times the cosine of class probabilities times objectness.
    /// </summary>
    public sealed override Func<HeadReading, double>? Likeness(Target target, HeadReading reading)
    {
        if (target is not BoxTarget { Part: null or "score" or "class" } asked)
            return null;
        var wanted = Find(asked, reading);
        double[] classes = Probabilities(reading.Run, reading.Item, wanted.Row);
        return other => Keep([.. Candidates(other.Run, other.Item, other.Frame, LeastLike)], LeastLike)
            .Select(c => wanted.Box.Overlap(c.Box) * Cosine(classes, Probabilities(other.Run, other.Item, c.Row))
                * Objectness(other.Run, other.Item, c.Row))
            .DefaultIfEmpty(0).Max();

        static double Cosine(double[] a, double[] b)
        {
            double dot = 0, own = 0, given = 0;
            for (int i = 0; i < a.Length; i++)
                (dot, own, given) = (dot + (a[i] * b[i]), own + (a[i] * a[i]), given + (b[i] * b[i]));
            return own > 0 && given > 0 ? dot / Math.Sqrt(own * given) : 0;
        }
    }

    private double[] Probabilities(ModelRun run, int item, long row) =>
        [.. Enumerable.Range(0, (int)Math.Min(ClassCount, Math.Max(1, Context.Labels.Count > 0 ? Context.Labels.Count : MostClasses)))
            .Select(c => Probability(run, item, row, c))];

    private TargetScore Of(BoxCandidate box, BoxTarget target, HeadReading reading)
    {
        switch (target.Part)
        {
            case null:
                return ScoreLogit(reading, box);
            case "class":
                return ClassLogit(reading, box.Row, box.Class);
            case "x1" or "y1" or "x2" or "y2" or "x" or "y" or "cx" or "cy" or "w" or "h":
                return Box(reading, box.Row).Part(target.Part);
            default:
                return Part(reading, box, target.Part) ?? throw Lacks(target);
        }
    }

    private TargetScore Anywhere(ClassTarget target, HeadReading reading)
    {
        long @class = ClassOf(target.Class, ClassCount, rank => Ranked(reading, rank));
        var rows = Rows(reading.Run, reading.Item);
        // The mask of a class are the rows that the model takes for it.
        if (target.Place is MaskPlace)
        {
            rows = [.. rows.Where(r => Probability(reading.Run, reading.Item, r, @class) > LeastScore)];
            if (!rows.Any())
            {
                throw Wrong(
                    FormattableString.Invariant($"No row is taken for {Context.Labels[@class]} with more than {LeastScore}."),
                    $"Give class:{target.Class} for the evidence in all rows.");
            }
        }

        var score = TargetScore.Sum(rows.Select(r => (1.0, ClassLogit(reading, r, @class))));
        if (score.Seeds.Count == 0)
            throw Wrong($"No row is of {Context.Labels[@class]}. {Found(reading)}", "Name a class that is detected.");
        return score with
        {
            Class = @class,
            Words = $"{Context.Labels[@class]} anywhere",
        };
    }

    private string Describe(BoxCandidate box, HeadReading reading)
    {
        var (x1, y1, x2, y2) = reading.Frame.Cut(box.Box);
        return FormattableString.Invariant(
            $"{Context.Labels[box.Class]} {box.Score:0.00} at {x1:0},{y1:0} {x2 - x1:0}x{y2 - y1:0}");
    }

    private static long Ranked(HeadReading reading, int rank)
    {
        var classes = reading.Detections.Select(d => d.Class).Distinct().ToList();
        return rank <= classes.Count ? classes[rank - 1]
            : throw Wrong($"There is no class top{rank}: {classes.Count} classes are detected.", "Name a class by its label or index.");
    }

    private BoxCandidate Find(BoxTarget target, HeadReading reading)
    {
        IEnumerable<BoxCandidate> All() => Candidates(reading.Run, reading.Item, reading.Frame, least: -1);
        switch (target.Box)
        {
            case BoxNearRegion region:
                var wanted = new BoxEdges(region.X, region.Y, region.X + region.Width, region.Y + region.Height);
                var best = All().DefaultIfEmpty().MaxBy(c => (c.Box.Overlap(wanted), c.Score));
                return best.Box.Overlap(wanted) > 0 ? best
                    : throw Wrong($"No box overlaps the rectangle {region}.",
                        "Give one inside the picture: x,y,width,height in its pixels.");
            case BoxAtPoint point:
                var around = reading.Detections.Where(d => d.Box.Contains(point.X, point.Y)).OrderBy(d => d.Box.Area).FirstOrDefault();
                return around is not null ? Candidate(around)
                    : throw Wrong($"No detection holds the point {point}. {Found(reading)}",
                        "Give box:x,y,width,height for the nearest box of any score.");
            case LabelledBox labelled:
                long @class = long.TryParse(labelled.Label, out long index) ? index : Labelled(labelled.Label);
                var own = reading.Detections.Where(d => d.Class == @class).ToList();
                if (labelled.Rank <= own.Count)
                    return Candidate(own[labelled.Rank - 1]);
                // What is below the threshold can be asked for by its class: why was it missed?
                var weak = Keep([.. All().Where(c => c.Class == @class)], least: 0);
                return labelled.Rank <= weak.Count ? weak[labelled.Rank - 1]
                    : throw Wrong($"There are {own.Count} detections of {Context.Labels[@class]}. {Found(reading)}",
                        "Give a smaller rank.");
            case RankedBox ranked when ranked.Rank < reading.Detections.Count:
                return Candidate(reading.Detections[ranked.Rank]);
            case RankedBox when reading.Detections.Count > 0:
                throw Wrong(
                    $"There is no {target}: there are {reading.Detections.Count} detections, box:0 to box:{reading.Detections.Count - 1}.",
                    "Give one of these.");
            default:
                throw Wrong(Found(reading), BelowThreshold([.. All()]));
        }
    }

    /// <summary>What is said of a box whose mask is empty.</summary>
    protected static ExplanationException NoMask() =>
        Wrong("The mask of this box has no pixel above 0 inside its box.", "Explain the box itself.");

    private static BoxCandidate Candidate(Detection d) => new(d.Row, d.Class, d.Score, d.Box);

    private static string Found(HeadReading reading) => reading.Detections.Count == 0
        ? FormattableString.Invariant($"Nothing is detected above {LeastScore}.")
        : "Detected are " + string.Join(", ", reading.Detections.Take(5)
            .Select(d => FormattableString.Invariant($"{d.Label} {d.Score:0.00} (box:{d.Index})"))) + ".";

    private string BelowThreshold(BoxCandidate[] all) => all.Length == 0 ? "The model gives no box at all." : all.MaxBy(
        c => c.Score) is var best
        ? FormattableString.Invariant(
            $"The best is {Context.Labels[best.Class]} {best.Score:0.00}: give box:{Context.Labels[best.Class]}.") : "";

    private List<BoxCandidate> Keep(IReadOnlyList<BoxCandidate> candidates, double least)
    {
        var ordered = candidates.Where(c => c.Score > least).OrderByDescending(c => c.Score).ThenBy(c => c.Row).ToList();
        if (!NeedsSuppression)
            return ordered;
        // At most so many are compared with each other; what is weaker than these is no detection of use.
        const int Most = 3000;
        var kept = new List<BoxCandidate>();
        foreach (var box in ordered.Take(Most))
        {
            if (!kept.Any(k => k.Class == box.Class && k.Box.Overlap(box.Box) > MostOverlap))
                kept.Add(box);
        }

        return kept;
    }
}
