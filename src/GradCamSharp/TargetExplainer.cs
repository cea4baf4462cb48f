using System.Collections.Immutable;
using GradCamSharp.Analysis;
using GradCamSharp.Compilation;
using GradCamSharp.Errors;
using GradCamSharp.Heads;
using GradCamSharp.Layers;
using GradCamSharp.Methods;
using GradCamSharp.Runtime;
using GradCamSharp.Targets;
using OnnxGrad;

namespace GradCamSharp;

/// <summary>
/// Explains any output of an ONNX vision model: a detector's box, a segmenter's mask, a key point, a similarity, an element of an output.
/// The <see cref="Explainer"/> is the shorter way for classifiers.
/// </summary>
/// <remarks>
/// One forward pass serves all targets and methods; what is chosen (a box, a mask, a rank) is a constant of that pass. Members may be used
/// by several threads; they wait for each other. Dispose it when done: it owns the ONNX Runtime sessions.
/// </remarks>
public sealed partial class TargetExplainer : IDisposable
{
    // Of one graph, the targets that are known to be read from it.
    private const int KnownTargets = 256;
    private const int MostKept = 16;

    // After as many inputs whose lengths the graph did not foresee, each input gets a graph of its own.
    private const int MostRuns = 4;

    private readonly OnnxModel model;
    private readonly TargetOptions options;
    private readonly bool dependsOnData;
    private readonly Lock gate = new();
    // The least recently used first.
    private readonly List<Compiled> kept = [];
    private (string Key, TargetAnalysis Analysis, ForwardSession Session)? reader;
    // Whether lengths that depend on what is seen cannot stay open: then a graph serves one input alone.
    private bool isExact;
    private bool isDisposed;

    private TargetExplainer(OnnxModel model, TargetOptions options)
    {
        this.model = OriginalModel.Of(model);
        this.options = options;
        if (options.Explainer.Output is { } output)
        {
            throw new ExplanationException(
                ExplanationError.UnknownTarget, $"An output is named, '{output}', and '{model.Name}' is explained by a target.",
                $"Targets name outputs themselves: {output}[0,5].");
        }

        dependsOnData = ShapeInference.HasDataDependentShapes(this.model);
        Input = ModelInput.FindPicture(
            this.model, options.Explainer.OpenInputSize.Height, options.Explainer.OpenInputSize.Width, options.PictureInput,
            options.ClipLength);
    }

    /// <summary>The model's path or name.</summary>
    public string ModelName => model.Name;

    /// <summary>The model's metadata.</summary>
    public IReadOnlyDictionary<string, string> Metadata => model.Metadata;

    /// <summary>The input that takes the picture.</summary>
    public ModelInput Input { get; }

    /// <summary>The other inputs: name, type and declared shape.</summary>
    public IReadOnlyList<string> OtherInputs =>
        [.. model.Inputs.Where(i => i.Name != Input.Name).Select(i => $"{i.Name} {i.Type} {i.Shape}")];

    /// <summary>How the model was loaded and runs.</summary>
    public TargetOptions Options => options;

    private ComputeDevice Device => Explainer.DeviceOf(options.Explainer);

    /// <summary>Loads a model.</summary>
    /// <param name="path">An .onnx file. External data must lie in its folder.</param>
    /// <param name="options">Task, layer, labels, threads and device; null for the defaults.</param>
    /// <returns>An explainer that the caller disposes.</returns>
    /// <exception cref="ModelException">The model cannot be read, or no input can be a picture's.</exception>
    public static TargetExplainer Load(string path, TargetOptions? options = null)
    {
        options ??= new TargetOptions();
        return From(OnnxModel.Load(path, options.Explainer.Operators), options);
    }

    /// <summary>Explains a model that is in memory; it is not changed.</summary>
    /// <param name="model">The model; nobody else may change it from now on.</param>
    /// <param name="options">Task, layer, labels, threads and device.</param>
    /// <returns>An explainer that the caller disposes.</returns>
    /// <exception cref="ModelException">No input can be a picture's.</exception>
    public static TargetExplainer From(OnnxModel model, TargetOptions options)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(options);
        // The pool of threads must be set up before anything else touches ONNX Runtime.
        SessionSettings.Create(Explainer.DeviceOf(options.Explainer)).Dispose();
        return new TargetExplainer(model, options);
    }

    /// <summary>An input of zeros, for runs that look at shapes alone.</summary>
    /// <param name="others">What the inputs beside the picture's are fed; null where there are none, or all follow from the
    /// picture.</param>
    public TargetInput Zeros(ImmutableDictionary<string, InputTensor>? others = null)
    {
        var shape = new Shape([.. Input.Shape.Select(l => (Dimension)l.GetValueOrDefault(1))]);
        return new TargetInput(new float[shape.Size.Value], shape) { Others = others ?? ImmutableDictionary<string, InputTensor>.Empty };
    }

    /// <summary>What the model does, and why that is thought. It runs once.</summary>
    /// <param name="input">What it is fed; null for zeros, which is enough where outputs do not depend on what is seen.</param>
    /// <param name="cancellationToken">Stops the run.</param>
    /// <exception cref="ModelException">The model does not run on this input.</exception>
    public ModelDescription Describe(TargetInput? input = null, CancellationToken cancellationToken = default)
    {
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(isDisposed, this);
            input ??= Zeros();
            using var feeds = Feed(input);
            cancellationToken.ThrowIfCancellationRequested();
            var analysis = Reader(feeds, input.Shape).Analysis;
            var head = analysis.Head;
            return new ModelDescription(
                head.Task, head.Family, head.Reason, head.Default, head.Examples, analysis.Input,
                [.. analysis.Context.Outputs.Select(o => $"{o.Name} {o.Type} {o.Shape}")])
            {
                Method = MethodFor(head),
                Doubts = [.. analysis.Context.Doubts(head.NamedClasses)],
            };
        }
    }

    /// <summary>What the model says, without explaining it: plain inference, decoded.</summary>
    /// <param name="input">What it is fed.</param>
    /// <param name="cancellationToken">Stops the run.</param>
    /// <returns>One an item.</returns>
    /// <exception cref="ModelException">The model does not run on this input.</exception>
    public IReadOnlyList<TargetReading> Read(TargetInput input, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(input);
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(isDisposed, this);
            using var feeds = Feed(input);
            var (analysis, session) = Reader(feeds, input.Shape);
            using var run = session.Run(name => feeds.Values[name], cancellationToken);
            return [.. Readings(analysis, run, feeds, input).Select(r => Public(r) with
            {
                Masks = [.. analysis.Head.Masks(r).Select(m => m.In(r.Frame, analysis.Context.InputSize))],
                Keypoints = [.. analysis.Head.Points(r)],
            })];
        }
    }

    /// <summary>The layers between the picture and the outputs that can be explained, in the network's order.</summary>
    /// <param name="input">What the model is fed; null for zeros.</param>
    /// <param name="cancellationToken">Stops the run.</param>
    /// <returns>The layers that are explained where none is named, the finest first; and all.</returns>
    /// <exception cref="ModelException">The model does not run on this input.</exception>
    public (IReadOnlyList<Layer> Default, IReadOnlyList<Layer> All) FindLayers(
        TargetInput? input = null, CancellationToken cancellationToken = default)
    {
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(isDisposed, this);
            input ??= Zeros();
            using var feeds = Feed(input);
            cancellationToken.ThrowIfCancellationRequested();
            var analysis = Reader(feeds, input.Shape).Analysis;
            var outputs = Ends(analysis);
            var chosen = FindLayers(analysis, outputs, options.Explainer.Layer);
            var finder = new LayerFinder(analysis.Model, analysis.Input.Name, outputs);
            return (chosen, finder.CandidatesLike(chosen[0]));
        }
    }

    /// <summary>What is known of the model at an input of zeros, and what it says of that.</summary>
    internal T AtZeros<T>(
        ImmutableDictionary<string, InputTensor>? others, Func<TargetAnalysis, HeadReading, IReadOnlyList<Layer>, T> use)
    {
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(isDisposed, this);
            var input = Zeros(others);
            using var feeds = Feed(input);
            var (analysis, session) = Reader(feeds, input.Shape);
            using var run = session.Run(name => feeds.Values[name], CancellationToken.None);
            return use(analysis, Readings(analysis, run, feeds, input)[0], FindLayers(analysis, Ends(analysis), options.Explainer.Layer));
        }
    }

    // The values a layer must lead to: the outputs without their last softmax or sigmoid, and what the head reads.
    private static HashSet<string> Ends(TargetAnalysis analysis) =>
    [
        .. analysis.Context.Outputs.Where(o => o.IsFloat).Select(o => analysis.Logits.GetValueOrDefault(o.Name, o.Name)),
        .. analysis.Head.Reads,
    ];

    /// <summary>How many graphs have been compiled.</summary>
    internal int Compilations { get; private set; }

    /// <summary>Whether lengths of the model's values depend on what it sees.</summary>
    internal bool DependsOnData => dependsOnData;

    /// <summary>How networks of the recognised family want pictures; null where the family has no custom of its own.</summary>
    internal (Imaging.Preprocessing Preprocessing, string Family)? CustomaryPreprocessing(TargetInput input)
    {
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(isDisposed, this);
            using var feeds = Feed(input);
            var head = Reader(feeds, input.Shape).Analysis.Head;
            return head.Preprocessing is { } custom ? (custom, head.Family) : null;
        }
    }

    /// <summary>The first item's vector, of a model that embeds pictures.</summary>
    /// <param name="input">What it is fed.</param>
    /// <param name="cancellationToken">Stops the run.</param>
    /// <exception cref="ExplanationException">No output is one vector a picture.</exception>
    public float[] Embed(TargetInput input, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(input);
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(isDisposed, this);
            using var feeds = Feed(input);
            var (analysis, session) = Reader(feeds, input.Shape);
            var vector = analysis.Head.Vector ?? throw new ExplanationException(
                ExplanationError.UnknownTarget, $"'{ModelName}' embeds no pictures: {analysis.Head.Reason}.",
                $"Its targets are {analysis.Head.Examples}.");
            using var run = session.Run(name => feeds.Values[name], cancellationToken);
            return run.Numbers(vector.Name)!.Floats[..(int)vector.Shape[1].Value].ToArray();
        }
    }

    /// <summary>Explains targets: one forward pass for all of them.</summary>
    /// <param name="input">What the model is fed.</param>
    /// <param name="methods">The methods; empty for the one that suits the model: Grad-CAM++ where it is asked about whole
    /// pictures.</param>
    /// <param name="targets">The targets; empty for the one that the model is usually asked for.</param>
    /// <param name="cancellationToken">Stops the run; compiling, once begun, is not interrupted.</param>
    /// <exception cref="ExplanationException">The model has no such target or layer; the message says what it has.</exception>
    /// <exception cref="ModelException">The model does not run on this input, or a method does not apply.</exception>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    public TargetResult Explain(
        TargetInput input, IReadOnlyList<ExplanationMethod> methods, IReadOnlyList<Target> targets,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(methods);
        ArgumentNullException.ThrowIfNull(targets);
        // Read once, and before this model runs: a picture is embedded by the model itself.
        if (input.VectorOf is { } read)
        {
            var vectors = targets.SelectMany(FilesOf).Distinct().ToDictionary(f => f, read, StringComparer.Ordinal);
            input = input with { VectorOf = file => vectors[file] };
        }

        lock (gate)
        {
            ObjectDisposedException.ThrowIf(isDisposed, this);
            using var feeds = Feed(input);
            if (methods.Any(m => m is not GraphMethod))
                return ExplainByBoth(input, feeds, methods, targets, cancellationToken);
            return ExplainByGraph(input, feeds, methods, targets, cancellationToken);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (gate)
        {
            if (isDisposed)
                return;
            isDisposed = true;
            foreach (var compiled in kept)
                compiled.Runner.Dispose();
            reader?.Session.Dispose();
        }
    }
}
