using GradCamSharp.Imaging;
using GradCamSharp.Targets;
using OnnxGrad;

namespace GradCamSharp.Heads.Families;

/// <summary>Class scores of the whole picture, also those of texts (CLIP and its kin).</summary>
internal sealed class ClassScores : VisionHead
{
    private readonly OutputInfo scores;
    private readonly OutputInfo? vector;
    private readonly bool areTexts;
    private readonly string reason;

    private ClassScores(HeadContext context, OutputInfo scores, OutputInfo? vector, bool areTexts, string reason)
        : base(context) => (this.scores, this.vector, this.areTexts, this.reason) = (scores, vector, areTexts, reason);

    public override string Task => areTexts ? "match texts" : "classify";

    public override string Family => areTexts ? "CLIP: a score a text" : "class scores";

    public override string Reason => reason;

    public override Target Default => new ClassTarget(Choice.Top(1));

    public override bool IsAboutWholePicture => true;

    public override OutputInfo? Vector => vector;

    public override long? NamedClasses => areTexts ? null : scores.Shape[1].Value;

    // CLIP's own numbers: Radford et al., arXiv 2103.00020, as its processor has them.
    public override Preprocessing? Preprocessing => !areTexts ? null : Imaging.Preprocessing.Torch with
    {
        Mean = [0.48145466f, 0.4578275f, 0.40821073f],
        StandardDeviation = [0.26862954f, 0.26130258f, 0.27577711f],
        Filter = ResampleFilter.Bicubic,
        ShortestEdge = Math.Max(InputSize.Width, InputSize.Height),
        CropSize = InputSize,
    };

    /// <summary>The output by which models that score texts are recognised.</summary>
    public const string OfTexts = "logits_per_image";

    public override string Examples => areTexts ? "class:0 (the first text), class:0 - class:1 and similarity:FILE"
        : "class:top1, class:C and class:A - class:B";

    public static ClassScores? Texts(HeadContext context)
    {
        var logits = context.Named(OfTexts);
        return logits is { IsFloat: true, Shape.Rank: 2 } && context.HasBatch(logits)
            ? new ClassScores(context, logits, context.Named("image_embeds"), true,
                $"the output '{logits.Name}' {logits.Shape} holds a score for every text that the model is given")
            : null;
    }

    /// <param name="context">What the outputs are recognised by.</param>
    /// <param name="isTold">Whether the user says that there are class scores.</param>
    public static ClassScores? Recognize(HeadContext context, bool isTold = false)
    {
        var vectors = context.Outputs.Where(o => o.IsFloat && o.Shape.Rank >= 2 && context.HasBatch(o) && o.Shape.Skip(2).All(l => l == 1)
            && o.Shape[1].Value > 1 && (isTold || !VectorHead.IsVector(context, o))).ToList();
        bool Ends(OutputInfo o) => Squashed(context, o);
        var scores = vectors.Count == 1 ? vectors[0] : vectors.FirstOrDefault(o => context.Labels.Count == o.Shape[1].Value)
            ?? (vectors.Where(Ends).ToList() is [var only] ? only : vectors.FirstOrDefault(
                o => o.Name.Contains("logits", StringComparison.OrdinalIgnoreCase)));
        bool isSaid = isTold || (scores is not null && (Ends(scores) || context.Labels.Count == scores.Shape[1].Value
            || scores.Name.Contains("logits", StringComparison.OrdinalIgnoreCase)));
        // Without a word about it, what a linear layer makes may be class scores; what anything else makes is not known.
        if (scores is null || (!isTold && VectorHead.IsNumbers(scores)) || !(isSaid || IsAlone(context, scores)))
            return null;
        string why = Ends(scores) ? "ends in a softmax or a sigmoid over its classes"
            : context.Labels.Count == scores.Shape[1].Value ? "has as many numbers as there are labels"
            : "is taken for class scores, since nothing says otherwise";
        return new ClassScores(context, scores, null, false, $"the output '{scores.Name}' {scores.Shape} {why}");
    }

    // Where another output says something of the picture too, which of them is what is not known.
    private static bool IsAlone(HeadContext context, OutputInfo scores) =>
        context.Outputs.All(o => o == scores || !o.IsFloat || o.Shape == scores.Shape) && EndsLinear(context.Graph, scores.Name);

    private static bool EndsLinear(Graph graph, string value)
    {
        while (graph.Producer(value) is { } node)
        {
            switch (node.Operator)
            {
                case "Gemm" or "MatMul" or "Conv" or "FusedConv" or "Einsum":
                    return true;
                case "Identity" or "Flatten" or "Reshape" or "Squeeze" or "Unsqueeze" or "Cast" or "Transpose" or "GlobalAveragePool"
                    or "ReduceMean" or "AveragePool" or "Dropout" or "DequantizeLinear" or "QuantizeLinear":
                    value = node.Inputs[0];
                    break;
                // A bias or a scale; a sum of two branches is no linear layer.
                case "Add" or "Mul" or "Div" or "Sub" when node.Inputs.Where(i => !graph.IsConstant(i)).ToList() is [var only]:
                    value = only;
                    break;
                default:
                    return false;
            }
        }

        return false;
    }

    private static bool Squashed(HeadContext context, OutputInfo o) => context.IsSquashed(o, [.. o.Shape.Select(_ => 0L)]);

    public override HeadReading Read(ModelRun run, int item, PixelFrame frame)
    {
        var value = run[run.Logit(scores.Name)];
        var probabilities = new double[scores.Shape[1].Value];
        for (int c = 0; c < probabilities.Length; c++)
            probabilities[c] = value[Flat(value.Shape, item, c)];
        double[] own = [.. probabilities];
        double most = own.Max(), total = own.Sum(v => Math.Exp(v - most));
        bool isSigmoid = Context.Source(scores, [.. scores.Shape.Select(_ => 0L)]).Squashing?.Operator == "Sigmoid";
        for (int c = 0; c < own.Length; c++)
            probabilities[c] = isSigmoid ? 1 / (1 + Math.Exp(-own[c])) : Math.Exp(own[c] - most) / total;
        return new HeadReading(run, item, frame)
        {
            Classes = [.. Enumerable.Range(0, own.Length).OrderByDescending(c => own[c]).ThenBy(c => c)
                .Select(c => ((long)c, areTexts && Context.Labels.Count == 0 ? $"text {c}" : Context.Labels[c], own[c], probabilities[c]))],
            ReportedClasses = areTexts ? own.Length : 5,
        };
    }

    public override TargetScore Score(Target target, HeadReading reading)
    {
        switch (target)
        {
            case ClassTarget { Place: null } one:
                long @class = ClassOf(one.Class, scores.Shape[1].Value, rank => reading.Classes[rank - 1].Class);
                string name = reading.Run.Logit(scores.Name);
                var value = reading.Run[name];
                long place = Flat(value.Shape, reading.Item, @class);
                return TargetScore.Element(name, place, value[place]) with
                {
                    Class = @class,
                    Words = reading.Classes.First(c => c.Class == @class).Label,
                };
            case ContrastTarget or FinerTarget or RestTarget:
                return Contrasted(target, reading);
            case SimilarityTarget similarity when vector is not null:
                return VectorHead.Similarity(vector, similarity, reading);
            default:
                throw Lacks(target);
        }
    }

    private TargetScore Contrasted(Target target, HeadReading reading)
    {
        string name = reading.Run.Logit(scores.Name);
        var value = reading.Run[name];
        int count = (int)scores.Shape[1].Value;
        var logits = Enumerable.Range(0, count)
            .Select(c => Flat(value.Shape, reading.Item, c)).Select(place => TargetScore.Element(name, place, value[place])).ToArray();
        long Find(Choice choice) => ClassOf(choice, count, rank => reading.Classes[rank - 1].Class);
        var (index, score) = target switch
        {
            ContrastTarget other => (Find(other.Class), ClassFunctions.Contrast(logits, (int)Find(other.Class))),
            RestTarget rest => (Find(rest.Class), ClassFunctions.Rest(logits, (int)Find(rest.Class))),
            FinerTarget finer => (Find(finer.Class), ClassFunctions.Finer(
                logits, (int)Find(finer.Class), finer.Gamma, finer.Weights,
                [.. finer.References.Select(r => (int)ClassOf(Choice.At(r), count, _ => 0))])),
            _ => throw Lacks(target),
        };
        return score with { Class = index, Words = reading.Classes.First(c => c.Class == index).Label };
    }

    public override Func<HeadReading, double>? Likeness(Target target, HeadReading reading)
    {
        if (target is not ClassTarget { Place: null } one)
            return null;
        long @class = ClassOf(one.Class, scores.Shape[1].Value, rank => reading.Classes[rank - 1].Class);
        return other => other.Classes.First(c => c.Class == @class).Probability;
    }

    private static long Flat(Shape own, int item, long @class) =>
        own.Ravel([item, @class, .. Enumerable.Repeat(0L, own.Rank - 2)]);
}
