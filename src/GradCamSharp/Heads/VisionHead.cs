using GradCamSharp.Errors;
using GradCamSharp.Imaging;
using GradCamSharp.Targets;
using OnnxGrad;

namespace GradCamSharp.Heads;

/// <summary>What a model's outputs mean: a family of heads as it was recognised in one model.</summary>
internal abstract class VisionHead(HeadContext context)
{
    /// <summary>What the model does: classify, detect, segment ....</summary>
    public abstract string Task { get; }

    /// <summary>The family, as its exporter or its users call it.</summary>
    public abstract string Family { get; }

    /// <summary>What it was recognised by, in a sentence.</summary>
    public abstract string Reason { get; }

    /// <summary>The target where the user names none; null where there is no natural one.</summary>
    public abstract Target? Default { get; }

    /// <summary>
    /// Whether a whole picture is asked about by default, so that Grad-CAM++ is the default map; else an element-wise map is.
    /// </summary>
    public virtual bool IsAboutWholePicture => false;

    /// <summary>How the family's networks want pictures, at the input's size; null where it has no custom of its own.</summary>
    public virtual Preprocessing? Preprocessing => null;

    /// <summary>Reads the vector of a file, for targets that are exported; null where nobody does.</summary>
    public Func<string, float[]>? VectorOf { get; set; }

    /// <summary>How many classes labels should name; null where the outputs do not say.</summary>
    public virtual long? NamedClasses => null;

    /// <summary>The output that is one vector a picture; null where there is none.</summary>
    public virtual OutputInfo? Vector => null;

    /// <summary>The values that are read beside the outputs.</summary>
    public virtual IEnumerable<string> Reads => [];

    /// <summary>The outputs that hold numbers.</summary>
    public IEnumerable<string> NumberOutputs =>
        context.Outputs.Where(o => o.IsFloat || o.Type is ElementType.Int64 or ElementType.Int32 or ElementType.UInt8).Select(o => o.Name);

    /// <summary>How many items a run has.</summary>
    public long Batch => context.Batch;

    protected HeadContext Context => context;

    /// <summary>The network's input size.</summary>
    protected PixelSize InputSize => new((int)context.InputSize.Width, (int)context.InputSize.Height);

    /// <summary>Pictures squeezed to the input's size, from 0 to 1, with ImageNet's mean and standard deviation.</summary>
    protected Preprocessing SqueezedImageNet => Preprocessing.Torch with { ShortestEdge = null, CropSize = null, ExactSize = InputSize };

    /// <summary>Reads what the model says of an item.</summary>
    /// <param name="run">The run.</param>
    /// <param name="item">The item of the batch.</param>
    /// <param name="frame">Where the picture's pixels lie at the input.</param>
    public virtual HeadReading Read(ModelRun run, int item, PixelFrame frame) => new(run, item, frame);

    /// <summary>The masks that the model makes of an item; none where it makes none.</summary>
    /// <param name="reading">What was read of the item.</param>
    public virtual IEnumerable<HeadMask> Masks(HeadReading reading) => [];

    /// <summary>The key points of a model of heat maps; none where it has none.</summary>
    /// <param name="reading">What was read of the item.</param>
    public virtual IEnumerable<FoundKeypoint> Points(HeadReading reading) => [];

    /// <summary>The number that a target stands for.</summary>
    /// <param name="target">A named form: literals and sums are not the head's matter.</param>
    /// <param name="reading">What was read of the item.</param>
    /// <exception cref="ExplanationException">The model has no such target.</exception>
    public abstract TargetScore Score(Target target, HeadReading reading);

    /// <summary>
    /// What a black box is asked about a target: of another run, how much of what the target is of is still there. Null where the target's
    /// own number says it.
    /// </summary>
    /// <param name="target">The target.</param>
    /// <param name="reading">What was read of the unchanged picture.</param>
    /// <returns>Answers for what was read of a changed one.</returns>
    public virtual Func<HeadReading, double>? Likeness(Target target, HeadReading reading) => null;

    /// <summary>A target's derivative as nodes of the graph.</summary>
    /// <param name="target">A named form.</param>
    /// <param name="top">How many of the best are explained, where the target is one of several of a rank.</param>
    /// <param name="graph">The graph.</param>
    /// <param name="logits">An output before its squashing function.</param>
    /// <exception cref="ExplanationException">The graph cannot choose what the target names.</exception>
    public virtual GraphSeeds Seeds(Target target, int top, Graph graph, Func<string, Tensor> logits) =>
        throw GraphSeeds.Cannot(target, "those of detectors of one output, of segmenters and of embeddings");

    /// <summary>The targets that the model has, as an example each, for messages.</summary>
    public abstract string Examples { get; }

    /// <summary>What is said of a target that the model lacks.</summary>
    protected ExplanationException Lacks(Target target) => new(
        ExplanationError.UnknownTarget,
        $"'{context.ModelName}' has no target '{target}': {Reason}, so it is read as {Task} ({Family}).",
        $"Its targets are {Examples}, or an element of an output: {context.Outputs[0].Name}[...].");

    /// <summary>What is said of a choice that does not exist.</summary>
    protected static ExplanationException Wrong(string problem, string advice) => new(ExplanationError.UnknownTarget, problem, advice);

    /// <summary>The class of a choice; a rank is looked up.</summary>
    protected long ClassOf(Choice choice, long count, Func<int, long> ranked)
    {
        long index = choice.Rank is { } rank
            ? (rank <= count ? ranked(rank) : throw Wrong(
                $"There is no class {choice}: the model has {count} classes.", "Give a smaller rank."))
            : choice.Index ?? Labelled(choice.Label!);
        return index < count ? index
            : throw Wrong($"There is no class {index}: the model has {count} classes, 0 to {count - 1}.", "Give one of these.");
    }

    /// <summary>The class of a label.</summary>
    protected long Labelled(string label)
    {
        if (context.Labels.Find(label) is { } found)
            return found;
        if (context.Labels.Count == 0)
            throw Wrong($"There is no class '{label}': no labels are known for '{context.ModelName}'.", "Give an index, or labels.");
        throw Wrong(
            $"There is no class '{label}'. The nearest are {string.Join(", ", context.Labels.Nearest(label).Select(n => $"'{n}'"))}.",
            "Give one of the model's labels or an index.");
    }
}

/// <summary>What a model says of one item.</summary>
internal class HeadReading(ModelRun run, int item, PixelFrame frame)
{
    public ModelRun Run => run;

    public int Item => item;

    public PixelFrame Frame => frame;

    /// <summary>The detections, the most confident first; empty where the model is no detector.</summary>
    public IReadOnlyList<Detection> Detections { get; init; } = [];

    /// <summary>The most probable classes, the first first; empty where the model has none.</summary>
    public IReadOnlyList<(long Class, string Label, double Score, double Probability)> Classes { get; init; } = [];

    /// <summary>How many of them are reported: texts are all wanted, of many classes the first few.</summary>
    public int ReportedClasses { get; init; } = 5;

    /// <summary>Reads the vector of a file, or embeds a picture; null where nobody does.</summary>
    public Func<string, float[]>? VectorOf { get; set; }

    /// <summary>What else was read, in a few words.</summary>
    public string Summary { get; init; } = "";
}

/// <summary>An output of a model as it was in a run.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its element type.</param>
/// <param name="Shape">Its shape; every length is known.</param>
internal sealed record OutputInfo(string Name, ElementType Type, Shape Shape)
{
    public bool IsFloat => Type.IsFloatingPoint();
}
