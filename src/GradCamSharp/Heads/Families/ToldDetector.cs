using System.Globalization;
using GradCamSharp.Errors;

namespace GradCamSharp.Heads.Families;

/// <summary>A detector whose user says which outputs hold boxes and scores.</summary>
internal sealed class ToldDetector : DetectorHead
{
    private readonly OutputRoles roles;
    private readonly OutputInfo boxes, scores;
    private readonly OutputInfo? objectness, classes, coefficients;
    private readonly PrototypeMasks? mixed;
    private readonly RowMasks? masks;
    private readonly long rows, classCount;
    private readonly bool areSquashed;

    /// <exception cref="ExplanationException">There is no such output, or the shapes do not fit each other.</exception>
    public ToldDetector(HeadContext context, OutputRoles roles)
        : base(context)
    {
        this.roles = roles;
        boxes = Named(roles.Boxes);
        scores = Named(roles.Scores);
        objectness = roles.Objectness is { } o ? Named(o) : null;
        classes = roles.Classes is { } c ? Named(c) : null;
        var shape = boxes.Shape;
        if (shape.Rank is not (2 or 3) || !(shape[-1] == 4 || (shape.Rank == 3 && shape[1] == 4)) || !HasItems(boxes))
            throw Misfit(boxes, "boxes are [N, A, 4], [A, 4] or [N, 4, A]");
        rows = shape[-1] == 4 ? shape[-2].Value : shape[-1].Value;
        (classCount, bool fits) = ClassesOf(scores);
        if (!fits || !HasItems(scores) || (classes is not null && classCount > 1))
            throw Misfit(scores, $"scores of {rows} boxes are [N, {rows}, C], [N, C, {rows}], [N, {rows}] or [{rows}, C]");
        if (classes is not null && ClassesOf(classes) is not { Fits: true, Count: 1 })
            throw Misfit(classes, $"classes of {rows} boxes are [N, {rows}] or [{rows}]");
        if (objectness is not null && ClassesOf(objectness) is not { Fits: true, Count: 1 })
            throw Misfit(objectness, $"objectness of {rows} boxes is [N, {rows}] or [N, {rows}, 1]");
        if (roles.Prototypes is { } p)
        {
            var prototypes = Named(p);
            coefficients = Named(roles.Masks!);
            if (prototypes.Shape.Rank != 4 || !HasItems(prototypes))
                throw Misfit(prototypes, "prototypes are [N, M, h, w]");
            if (ClassesOf(coefficients) is not { Fits: true } own || own.Count != prototypes.Shape[1].Value || !HasItems(coefficients))
            {
                throw Misfit(coefficients, FormattableString.Invariant(
                    $"{prototypes.Shape[1]} coefficients of {rows} boxes are [N, {rows}, {prototypes.Shape[1]}]"));
            }

            mixed = new PrototypeMasks(prototypes, context.InputSize);
        }
        else if (roles.Masks is { } m)
        {
            var own = Named(m);
            bool isOverBox = own.Shape.Rank == 4 && own.Shape[0] == rows && own.Shape[1] == 1 && rows != context.Batch;
            if (own.Shape.Rank != 4 || !(isOverBox || (own.Shape[1] == rows && HasItems(own))))
                throw Misfit(own, $"masks of {rows} boxes are [N, {rows}, h, w] or [{rows}, 1, h, w], or coefficients of prototypes");
            masks = new RowMasks(own, isOverBox, context.InputSize);
        }

        areSquashed = context.IsSquashed(scores, [.. scores.Shape.Select(_ => 0L)]);
    }

    public override string Task => masks is not null || mixed is not null ? "segment instances" : "detect";

    public override string Family => "boxes and scores, as they are said to be";

    public override string Reason => $"'{boxes.Name}' {boxes.Shape} is said to hold boxes and '{scores.Name}' {scores.Shape} scores";

    protected override long ClassCount => classes is null ? classCount : Context.Labels.Count > 0 ? Context.Labels.Count : long.MaxValue;

    // Where the model has chosen a class a row, it has thinned them out too.
    protected override bool NeedsSuppression => classes is null;

    protected override IEnumerable<BoxCandidate> Candidates(ModelRun run, int item, PixelFrame frame, double least)
    {
        for (long row = 0; row < rows; row++)
        {
            var (@class, score) = Best(run, item, row);
            if (score > least)
                yield return new BoxCandidate(row, @class, score, BoxOf(run, item, row).In(frame).Value);
        }
    }

    protected override IEnumerable<long> Rows(ModelRun run, int item)
    {
        for (long row = 0; row < rows; row++)
            yield return row;
    }

    protected override double Probability(ModelRun run, int item, long row, long @class) =>
        classes is not null ? (ClassOf(run, item, row) == @class ? Best(run, item, row).Score : 0)
            : Probabilities(run, item, row)[@class] * Objectness(run, item, row);

    protected override double Objectness(ModelRun run, int item, long row)
    {
        if (objectness is null)
            return 1;
        double value = At(run, objectness.Name, objectness, item, row, 0).Value;
        return Context.IsSquashed(objectness, [.. objectness.Shape.Select(_ => 0L)]) || roles.Squashing is not ScoreSquashing.Sigmoid
            ? value : 1 / (1 + Math.Exp(-value));
    }

    protected override TargetScore ScoreLogit(HeadReading reading, BoxCandidate box)
    {
        var own = ClassLogit(reading, box.Row, box.Class);
        return objectness is null || roles.Squashing == ScoreSquashing.None ? own
            : TargetScore.JointLogit(At(reading.Run, reading.Run.Logit(objectness.Name), objectness, reading.Item, box.Row, 0), own);
    }

    protected override TargetScore ClassLogit(HeadReading reading, long row, long @class) =>
        classes is not null && ClassOf(reading.Run, reading.Item, row) != @class ? new TargetScore(0, [])
            : At(reading.Run, Source(reading.Run), scores, reading.Item, row, classes is null ? @class : 0);

    protected override BoxScores Box(HeadReading reading, long row) => BoxOf(reading.Run, reading.Item, row).In(reading.Frame);

    public override IEnumerable<HeadMask> Masks(HeadReading reading)
    {
        var (run, item) = (reading.Run, reading.Item);
        var shown = reading.Detections.Take(MostMasks);
        return mixed is not null
            ? shown.Select(d => mixed.Of(run, item, Coefficients(run, item, d.Row), BoxOf(run, item, d.Row).Value, d))
            : masks is not null ? shown.Select(d => masks.Of(run, item, BoxOf(run, item, d.Row).Value, d)) : [];
    }

    protected override TargetScore? Part(HeadReading reading, BoxCandidate box, string part) => part switch
    {
        "mask" when mixed is not null => mixed.Score(
            reading.Run, reading.Item, Coefficients(reading.Run, reading.Item, box.Row), BoxOf(reading.Run, reading.Item, box.Row).Value)
            ?? throw NoMask(),
        "mask" when masks is not null => masks.Score(reading.Run, reading.Item, box.Row) ?? throw NoMask(),
        "objectness" when objectness is not null =>
            At(reading.Run, reading.Run.Logit(objectness.Name), objectness, reading.Item, box.Row, 0),
        "score" => At(reading.Run, scores.Name, scores, reading.Item, box.Row, classes is null ? box.Class : 0),
        _ => null,
    };

    private TargetScore[] Coefficients(ModelRun run, int item, long row) =>
        [.. Enumerable.Range(0, mixed!.Count).Select(m => At(run, coefficients!.Name, coefficients, item, row, m))];

    protected override string Where(int item, long row) => scores.Shape.Rank == 1 || !Context.HasBatch(scores)
        ? string.Create(CultureInfo.InvariantCulture, $"{scores.Name}[{row}]")
        : string.Create(CultureInfo.InvariantCulture, $"{scores.Name}[{item}], row {row}");

    // What is said to be raw is explained as it lies, whatever the graph ends in.
    private string Source(ModelRun run) => roles.Squashing == ScoreSquashing.None ? scores.Name : run.Logit(scores.Name);

    private long ClassOf(ModelRun run, int item, long row) => (long)At(run, classes!.Name, classes, item, row, 0).Value;

    private (long Class, double Score) Best(ModelRun run, int item, long row)
    {
        double sure = Objectness(run, item, row);
        double[] all = Probabilities(run, item, row);
        if (classes is not null)
            return (ClassOf(run, item, row), all[0] * sure);
        int best = -1;
        for (int c = 0; c < all.Length; c++)
        {
            if (!IsNothing(c) && (best < 0 || all[c] > all[best]))
                best = c;
        }

        return (Math.Max(best, 0), best < 0 ? 0 : all[best] * sure);
    }

    // A class of that name says that there is none.
    private bool IsNothing(int @class) => Context.Labels.Count > 0 && Context.Labels[@class].ToUpperInvariant()
        is "BACKGROUND" or "NO OBJECT" or "NO-OBJECT" or "__BACKGROUND__" or "N/A" or "NONE";

    private double[] Probabilities(ModelRun run, int item, long row)
    {
        double[] own = new double[classCount];
        for (int c = 0; c < own.Length; c++)
            own[c] = At(run, scores.Name, scores, item, row, c).Value;
        if (areSquashed || roles.Squashing is ScoreSquashing.Found or ScoreSquashing.None)
            return own;
        if (roles.Squashing == ScoreSquashing.Sigmoid)
            return [.. own.Select(v => 1 / (1 + Math.Exp(-v)))];
        double most = own.Max(), total = own.Sum(v => Math.Exp(v - most));
        return [.. own.Select(v => Math.Exp(v - most) / total)];
    }

    private BoxScores BoxOf(ModelRun run, int item, long row)
    {
        double across = roles.IsNormalized ? Context.InputSize.Width : 1, down = roles.IsNormalized ? Context.InputSize.Height : 1;
        var n = Enumerable.Range(0, 4).Select(i => boxes.Shape[-1] == 4
            ? boxes.Shape.Rank == 2 ? run.Element(boxes.Name, row, i) : run.Element(boxes.Name, item, row, i)
            : run.Element(boxes.Name, item, i, row)).ToArray();
        return roles.Coding switch
        {
            BoxCoding.Centred => BoxScores.Centred(Times(n[0], across), Times(n[1], down), Times(n[2], across), Times(n[3], down)),
            BoxCoding.YxEdges => BoxScores.Edges(Times(n[1], across), Times(n[0], down), Times(n[3], across), Times(n[2], down)),
            _ => BoxScores.Edges(Times(n[0], across), Times(n[1], down), Times(n[2], across), Times(n[3], down)),
        };

        static TargetScore Times(TargetScore score, double factor) => score.Through(score.Value * factor, factor);
    }

    /// <summary>How many numbers a row has, and whether there are as many rows as boxes.</summary>
    private (long Count, bool Fits) ClassesOf(OutputInfo output)
    {
        var shape = output.Shape;
        return shape.Rank switch
        {
            1 => (1, shape[0] == rows),
            2 when shape[0] == rows && !(Context.HasBatch(output) && shape[1] == rows) => (shape[1].Value, true),
            2 => (1, shape[1] == rows),
            3 when shape[1] == rows => (shape[2].Value, true),
            3 => (shape[1].Value, shape[2] == rows),
            _ => (0, false),
        };
    }

    private TargetScore At(ModelRun run, string value, OutputInfo output, int item, long row, long number)
    {
        var shape = output.Shape;
        return shape.Rank switch
        {
            1 => run.Element(value, row),
            2 when shape[0] == rows && !(Context.HasBatch(output) && shape[1] == rows) => run.Element(value, row, number),
            2 => run.Element(value, item, row),
            _ when shape[1] == rows => run.Element(value, item, row, number),
            _ => run.Element(value, item, number, row),
        };
    }

    private bool HasItems(OutputInfo output) => Context.Batch == 1 || Context.HasBatch(output);

    private OutputInfo Named(string name) => Context.Find(name) ?? throw new ExplanationException(
        ExplanationError.UnknownOutput, $"'{Context.ModelName}' has no output '{name}'.",
        $"Its outputs are {string.Join(", ", Context.Outputs.Select(o => $"'{o.Name}' {o.Shape}"))}.");

    private ExplanationException Misfit(OutputInfo output, string wanted) => new(
        ExplanationError.UnknownHead, $"The output '{output.Name}' of '{Context.ModelName}' has the shape {output.Shape}; {wanted}.",
        "Name other outputs, or explain an element of one.");
}
