using GradCamSharp.Errors;
using GradCamSharp.Targets;
using OnnxGrad;

namespace GradCamSharp.Heads.Recognition;

/// <summary>The number that a target stands for in a run: sums, elements of outputs, and what the head's family has.</summary>
internal static class TargetReader
{
    /// <summary>S and its derivative with respect to values of the graph.</summary>
    /// <param name="target">The target.</param>
    /// <param name="head">What the outputs mean.</param>
    /// <param name="reading">What was read of the item.</param>
    /// <exception cref="ExplanationException">The model has no such target.</exception>
    public static TargetScore Score(Target target, VisionHead head, HeadReading reading) => target switch
    {
        SumTarget sum => TargetScore.Sum(sum.Terms.Select(t => (t.Factor, Score(t.Target, head, reading)))),
        LiteralTarget literal => Literal(literal, reading, head.Batch, head.NumberOutputs),
        _ => head.Score(target, reading),
    };

    /// <summary>The same as nodes of the graph, which chooses by itself.</summary>
    /// <param name="target">The target.</param>
    /// <param name="head">What the outputs mean.</param>
    /// <param name="top">How many of the best are explained.</param>
    /// <param name="reading">What was read of any picture: of what is always the same.</param>
    /// <param name="graph">The graph.</param>
    /// <exception cref="ExplanationException">The graph cannot choose what the target names.</exception>
    public static GraphSeeds Seeds(Target target, VisionHead head, int top, HeadReading reading, Graph graph) => target switch
    {
        SumTarget sum => GraphSeeds.Sum(sum.Terms.Select(t => (t.Factor, Seeds(t.Target, head, 1, reading, graph)))),
        LiteralTarget or ValueTarget => GraphSeeds.Constant(graph, Score(target, head, reading)),
        ClassTarget { Place: AllPlace or PointPlace or RegionPlace, Class.Rank: null } when head is not DetectorHead =>
            GraphSeeds.Constant(graph, Score(target, head, reading)),
        _ => head.Seeds(target, top, graph, name => graph[reading.Run.Logit(name)]),
    };

    private static TargetScore Literal(LiteralTarget target, HeadReading reading, long batch, IEnumerable<string> outputs)
    {
        string name = target.Kind == LiteralKind.Logit ? reading.Run.Logit(target.Output) : target.Output;
        if (!reading.Run.TryGet(name, out var value))
        {
            throw new ExplanationException(
                ExplanationError.UnknownTarget, $"'{target}' is no target: there is no output of numbers '{target.Output}'.",
                $"The outputs of numbers are {string.Join(", ", outputs.Select(o => $"'{o}'"))}.");
        }

        var shape = value.Shape;
        if (target.Slices.Length > shape.Rank)
            throw Wrong(target, $"'{target.Output}' {shape} has {shape.Rank} axes, not {target.Slices.Length}.");
        var ranges = new (long First, long End)[shape.Rank];
        for (int axis = 0; axis < shape.Rank; axis++)
        {
            long length = shape[axis].Value;
            try
            {
                ranges[axis] = axis < target.Slices.Length ? target.Slices[axis].On(length) : (0, length);
            }
            catch (ArgumentOutOfRangeException)
            {
                throw Wrong(target, $"'{target.Output}' {shape} has {length} elements along axis {axis}.");
            }
        }

        // Where the first axis is left whole every item of a batch has elements of its own; an index or a range names those of some items.
        bool isWhole = target.Slices.Length == 0 || target.Slices[0] is { IsIndex: false, Start: null, Stop: null };
        bool hasItems = shape.Rank > 1 && batch > 1 && shape[0].Value == batch;
        if (hasItems && isWhole)
            ranges[0] = (reading.Item, reading.Item + 1);
        long count = ranges.Aggregate(1L, (product, r) => product * (r.End - r.First));
        if (count < 1 || (count != 1 && target.Kind is LiteralKind.Element or LiteralKind.Logit))
        {
            throw Wrong(target, $"it names {count} elements of '{target.Output}' {shape}. " +
                (count < 1 ? "Name at least one." : $"Name one, or write sum({target.Spec}) or mean({target.Spec})."));
        }

        double weight = target.Kind == LiteralKind.Mean ? 1.0 / count : 1, total = 0;
        var seeds = new List<ScoreSeed>();
        long[] at = [.. ranges.Select(r => r.First)];
        while (true)
        {
            long place = shape.Ravel(at);
            total += weight * value[place];
            // Each item notes its own elements, so that none is noted twice.
            if (!hasItems || at[0] == reading.Item)
                seeds.Add(new ScoreSeed(name, place, weight));
            int axis = shape.Rank - 1;
            while (axis >= 0 && ++at[axis] == ranges[axis].End)
            {
                at[axis] = ranges[axis].First;
                axis--;
            }

            if (axis < 0)
                return new TargetScore(total, seeds) { IsLinear = true };
        }
    }

    private static ExplanationException Wrong(LiteralTarget target, string problem) =>
        new(ExplanationError.UnknownTarget, $"'{target}' is no target:", problem);
}
