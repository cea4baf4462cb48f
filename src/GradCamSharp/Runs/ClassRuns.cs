using GradCamSharp.Methods;
using OnnxGrad;

namespace GradCamSharp.Runs;

/// <summary>The runs of one item for one of the asked classes, of the whole network.</summary>
internal sealed class ClassRuns(ItemRuns item, int place) : RunContext
{
    public override Shape InputShape => item.Shape;

    public override ReadOnlySpan<float> Input => item.Input;

    public override Shape LayerShape => item.Layer.Shape;

    public override ReadOnlySpan<float> Activation => item.Layer.Activation;

    public override int ClassPlace => place;

    public override int ClassCount => item.Classes.Length;

    public override float Score(ScoreKind kind) => item.Score(item.OwnScores, item.Classes[place], kind);

    public override RunScores Scores(int runs, InputWriter write) => item.Scores(runs, write);

    public override void Maps(GraphMethod method, int runs, InputWriter write, AnswerReader read) =>
        item.Maps(method, item.Classes[place], runs, write, read);

    public override T MakeOnce<T>(object key, Func<T> make) => item.MakeOnce(key, make);

    internal override void MapsOf(ExplanationMethod method, int runs, InputWriter write, AnswerReader read)
    {
        if (method is GraphMethod)
            base.MapsOf(method, runs, write, read);
        else
            item.MapsOf(method, item.Classes[place], runs, write, read);
    }
}

/// <summary>The same of the part behind the layer.</summary>
internal sealed class ClassTailRuns(ItemRuns item, int place) : TailContext
{
    public override Shape LayerShape => item.Layer.Shape;

    public override ReadOnlySpan<float> Activation => item.Layer.Activation;

    public override int ClassPlace => place;

    public override float Score(ScoreKind kind) => item.Score(item.OwnScores, item.Classes[place], kind);

    public override RunScores Scores(object key, int runs, ScoreKind kind, LayerChange change) =>
        item.MakeOnce((key, kind), () => item.TailScores(runs, kind, change));
}
