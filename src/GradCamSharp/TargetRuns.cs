using GradCamSharp.Errors;
using GradCamSharp.Heads;
using GradCamSharp.Heads.Recognition;
using GradCamSharp.Methods;
using GradCamSharp.Targets;
using OnnxGrad;

namespace GradCamSharp;

/// <summary>The runs of one item for one target, one at a time: a black box that is asked what is left of the target.</summary>
/// <param name="input">The item, row by row, in the model's own layout.</param>
/// <param name="shape">Its shape without the batch, as the model has it.</param>
/// <param name="channels">Which of its axes holds the channels, from 0.</param>
/// <param name="ask">Runs the model on one item and reads what it says.</param>
/// <param name="target">The target.</param>
/// <param name="head">What the outputs mean.</param>
/// <param name="reading">What was read of the unchanged item.</param>
/// <param name="options">Where progress is told.</param>
internal sealed class TargetRuns(
    float[] input, Shape shape, int channels, Func<float[], HeadReading> ask, Target target, VisionHead head, HeadReading reading,
    ExplainerOptions options) : RunContext
{
    private readonly Dictionary<object, object> made = [];
    private readonly TargetScore score = TargetReader.Score(target, head, reading);
    private readonly Func<HeadReading, double>? likeness = head.Likeness(target, reading);
    private readonly float[] first = channels > 0 ? ToFirst(input, shape, channels) : input;

    private readonly bool isKnown = IsKnown(target, head, reading) ? true : throw new ExplanationException(
        ExplanationError.UnsuitableMethod, $"'{target}' would be chosen anew in every changed picture.",
        "Name a class by its index, or explain a box alone.");

    public override Shape InputShape => new([shape[channels], .. shape.Where((_, axis) => axis != channels)]);

    public override ReadOnlySpan<float> Input => first;

    public override Shape LayerShape => throw NoLayer();

    public override ReadOnlySpan<float> Activation => throw NoLayer();

    public override int ClassPlace => 0;

    public override int ClassCount => 1;

    public override float Score(ScoreKind kind) => (float)(
        kind == ScoreKind.Probability && likeness is not null ? likeness(reading) : score.Value);

    public override RunScores Scores(int runs, InputWriter write)
    {
        var scores = new RunScores(runs, 1);
        float[] item = new float[input.Length];
        for (int run = 0; run < runs; run++)
        {
            write(run, item);
            var other = ask(channels > 0 ? ToOwn(item, shape, channels) : item);
            scores.Set(run, 0, (float)Number(other), likeness is { } left ? (float)left(other) : (float)Number(other));
            options.Progress?.Report(new Runs.RunProgress(run + 1, runs));
        }

        return scores;
    }

    public override void Maps(GraphMethod method, int runs, InputWriter write, AnswerReader read) => throw new ExplanationException(
        ExplanationError.UnsuitableMethod, $"'{target}' cannot be explained by a method that averages gradients of many runs.",
        "Choose one that needs one run, such as hirescam, or a black-box method, such as rise or drise.");

    public override T MakeOnce<T>(object key, Func<T> make)
    {
        if (!made.TryGetValue(key, out object? found))
            made[key] = found = make();
        return (T)found;
    }

    // What was chosen in the unchanged picture stays chosen: the same elements, the same class.
    private double Number(HeadReading other) => isKnown && score.IsLinear
        && score.Seeds.All(s => other.Run[s.Value].Shape == reading.Run[s.Value].Shape)
        ? score.Seeds.Sum(s => s.Weight * other.Run[s.Value][s.Index])
        : likeness is null ? TargetReader.Score(target, head, other).Value : double.NaN;

    /// <summary>
    /// Whether what the target is of is the same in every run: given, linear in fixed elements, or found again by its likeness.
    /// </summary>
    private static bool IsKnown(Target target, VisionHead head, HeadReading reading) =>
        TargetReader.Score(target, head, reading).IsLinear || head.Likeness(target, reading) is not null || !Chooses(target);

    private static bool Chooses(Target target) => target switch
    {
        SumTarget sum => sum.Terms.Any(t => Chooses(t.Target)),
        BoxTarget => true,
        ContrastTarget contrast => contrast.Class.Rank is not null,
        RestTarget rest => rest.Class.Rank is not null,
        FinerTarget finer => finer.Class.Rank is not null || finer.References.IsEmpty,
        _ => false,
    };

    private static ExplanationException NoLayer() => new(
        ExplanationError.UnsuitableMethod, "A target that is no class is asked of the whole network; methods that change a layer are not.",
        "Choose a method that changes the picture, such as rise, drise, occlusion or lime.");

    private static float[] ToFirst(float[] item, Shape shape, int channels)
    {
        float[] moved = new float[item.Length];
        Runs.ChannelOrder.ToFirst(item, (int)shape.Product(0, channels).Value, (int)shape[channels].Value, moved);
        return moved;
    }

    private static float[] ToOwn(float[] item, Shape shape, int channels)
    {
        float[] moved = new float[item.Length];
        Runs.ChannelOrder.ToOwn(item, (int)shape.Product(0, channels).Value, (int)shape[channels].Value, moved);
        return moved;
    }
}
