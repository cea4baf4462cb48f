using System.Collections.Immutable;
using GradCamSharp.Analysis;
using GradCamSharp.Compilation;
using GradCamSharp.Errors;
using GradCamSharp.Layers;
using GradCamSharp.Methods;
using GradCamSharp.Runs;
using GradCamSharp.Runtime;
using GradCamSharp.Targets;
using OnnxGrad;

namespace GradCamSharp;

/// <summary>
/// Explains the answers of one ONNX vision model: which parts of an input speak for a class. The front door of the library.
/// </summary>
/// <remarks>
/// The explanation is compiled into the model's graph when it is first asked for, and kept: one combination of methods at one input size is
/// one graph. All members may be used by several threads at once: runs overlap, also with compiling, which is serialised. Dispose it when
/// done: it owns the ONNX Runtime sessions. It may be disposed while runs are in progress; they finish, and none begins afterwards.
/// </remarks>
public sealed partial class Explainer : IDisposable
{
    private readonly OnnxModel model;
    private readonly ModelAnalysis analysis;
    // Of the input sizes beside the default one, the least recently used first.
    private readonly List<ModelAnalysis> others = [];
    private readonly RunnerCache runners;
    private readonly TailCache tails = new();
    private readonly Lock gate = new();

    private Explainer(OnnxModel model, ExplainerOptions options)
    {
        this.model = model = OriginalModel.Of(model);
        Options = options;
        runners = new RunnerCache(Math.Max(1, options.KeptGraphs), typeof(Explainer));
        var input = ModelInput.Find(model, options.OpenInputSize.Height, options.OpenInputSize.Width);
        analysis = new ModelAnalysis(model, input, options.Output);
        var layer = analysis.FindLayer(options.Layer, options.LayerFormat);
        Layer = options is { Layer: not null, LayerReason: { } reason } ? layer with { Reason = reason } : layer;
    }

    /// <summary>The model's path or name.</summary>
    public string ModelName => model.Name;

    /// <summary>The model's metadata.</summary>
    public IReadOnlyDictionary<string, string> Metadata => model.Metadata;

    /// <summary>The input that takes the picture.</summary>
    public ModelInput Input => analysis.Input;

    /// <summary>The layer that is explained, and why.</summary>
    public Layer Layer { get; }

    /// <summary>Where the class scores are found, and what makes probabilities of them.</summary>
    public ScoreHead Score => analysis.Score;

    /// <summary>The number of classes C.</summary>
    public long ClassCount => analysis.ClassCount;

    /// <summary>How the model was loaded and runs.</summary>
    public ExplainerOptions Options { get; }

    internal ModelAnalysis Analysis => analysis;

    internal ComputeDevice Device => DeviceOf(Options);

    /// <summary>How many graphs are kept now.</summary>
    internal int KeptGraphs => runners.Count;

    /// <summary>The same model, run as its graph has it.</summary>
    internal Explainer WithoutOptimizations() => new(model, Options with { GraphOptimizations = false });

    /// <summary>Loads a model.</summary>
    /// <param name="path">An .onnx file. External data must lie in its folder.</param>
    /// <param name="options">The layer, threads and device; null for the defaults.</param>
    /// <returns>An explainer that the caller disposes.</returns>
    /// <exception cref="ModelException">The model cannot be read, run or explained; the message says why and what to do.</exception>
    public static Explainer Load(string path, ExplainerOptions? options = null)
    {
        options ??= new ExplainerOptions();
        return From(OnnxModel.Load(path, options.Operators), options);
    }

    /// <summary>Explains a model that is in memory; it is not changed.</summary>
    /// <param name="model">The model; nobody else may change it from now on.</param>
    /// <param name="options">The layer, threads and device.</param>
    /// <returns>An explainer that the caller disposes.</returns>
    /// <exception cref="ModelException">The model cannot be run or explained; the message says why and what to do.</exception>
    public static Explainer From(OnnxModel model, ExplainerOptions options)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(options);
        // The pool of threads must be set up before anything else touches ONNX Runtime.
        SessionSettings.Create(DeviceOf(options)).Dispose();
        return new Explainer(model, options);
    }

    /// <summary>Explains a batch of inputs that are preprocessed already: one forward pass for all methods and classes.</summary>
    /// <param name="batch">The inputs, row by row; not changed.</param>
    /// <param name="shape">
    /// [N, C, spatial...], as the model takes them. Other spatial lengths than <see cref="ModelInput.Shape"/> are fine
    /// where the model leaves them open.
    /// </param>
    /// <param name="methods">The methods.</param>
    /// <param name="classes">The classes, the same for all inputs or by rank.</param>
    /// <param name="cancellationToken">Stops the run; compiling, once begun, is not interrupted.</param>
    /// <exception cref="ModelException">The shape does not fit, a class does not exist, or a method does not apply.</exception>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    /// <exception cref="ObjectDisposedException">The explainer is disposed.</exception>
    public MapBatch Explain(
        Memory<float> batch, Shape shape, IReadOnlyList<ExplanationMethod> methods, IReadOnlyList<ClassRequest> classes,
        CancellationToken cancellationToken = default) =>
        Explain(batch, shape, methods, classes, Layer, cancellationToken);

    /// <summary>Explains a batch of inputs at another layer than <see cref="Layer"/>.</summary>
    /// <param name="batch">The inputs, row by row; not changed.</param>
    /// <param name="shape">[N, C, spatial...], as the model takes them.</param>
    /// <param name="methods">The methods.</param>
    /// <param name="classes">The classes, the same for all inputs or by rank.</param>
    /// <param name="layer">One of <see cref="FindLayers"/>, or what <see cref="FindLayer"/> finds.</param>
    /// <param name="cancellationToken">Stops the run; compiling, once begun, is not interrupted.</param>
    /// <exception cref="ModelException">The shape does not fit, a class does not exist, or a method does not apply.</exception>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    /// <exception cref="ObjectDisposedException">The explainer is disposed.</exception>
    public MapBatch Explain(
        Memory<float> batch, Shape shape, IReadOnlyList<ExplanationMethod> methods, IReadOnlyList<ClassRequest> classes, Layer layer,
        CancellationToken cancellationToken = default) => Explain(batch, shape, methods, classes, layer, shared: false, cancellationToken);

    /// <summary>Explanations and predictions that come from one session, for work that goes back and forth between them.</summary>
    /// <param name="methods">The methods.</param>
    public SharedSession ShareSession(IReadOnlyList<ExplanationMethod> methods) => new(this, methods);

    /// <summary>The same; where a single class is wanted also by the graph that predicts as well.</summary>
    internal MapBatch Explain(
        Memory<float> batch, Shape shape, IReadOnlyList<ExplanationMethod> methods, IReadOnlyList<ClassRequest> classes, Layer layer,
        bool shared, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(layer);
        ArgumentNullException.ThrowIfNull(methods);
        ArgumentNullException.ThrowIfNull(classes);
        if (methods.Count == 0 || classes.Count == 0)
            throw new ArgumentException("Name at least one method and one class.", nameof(methods));
        cancellationToken.ThrowIfCancellationRequested();
        CheckShape(shape, batch.Length);
        foreach (var request in classes)
        {
            if (request.Code >= ClassCount || request.Rank > ClassCount)
                throw new ModelException($"'{ModelName}' has {ClassCount} classes, 0 to {ClassCount - 1}; there is no class {request}.");
        }

        methods = [.. methods.Distinct()];
        foreach (var method in methods)
            method.Check();
        // Masks and segments lie in the axes behind the channels, which in a clip of [N, T, C, H, W] are not the picture's.
        if (Input.Clip is { Channels: 2 } && methods.FirstOrDefault(m => m is not GraphMethod) is { } many)
        {
            throw new ExplanationException(
                ExplanationError.UnsuitableMethod,
                $"'{many.Name}' runs the network many times, and '{ModelName}' takes clips with the frames in front of the channels.",
                "Explain a target of it (TargetExplainer) by rise, occlusion or lime, or choose a method that needs one run.");
        }

        if (methods.Any(m => m is not GraphMethod || (classes.Count > 1 && m is GraphMethod { TakesOneClass: true })))
            return new RunEngine(new ExplainerNetwork(this, layer)).Explain(batch, shape, methods, classes, cancellationToken);
        using var lease = Rent(shape, methods, classes, layer, shared && classes.Count == 1);
        return lease.Runner.Run(batch, shape, classes, cancellationToken);
    }

    /// <summary>A layer by its name, with its shape and layout.</summary>
    /// <param name="name">An ONNX value's name.</param>
    /// <param name="format">How it is laid out; null to recognise it.</param>
    /// <exception cref="ModelException">There is no such value, or it has no way to the scores; the message names the nearest.</exception>
    public Layer FindLayer(string name, LayerFormat? format = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return name == Layer.Name && format is null ? Layer : analysis.FindLayer(name, format);
    }

    /// <summary>Finds the layers that can be explained.</summary>
    /// <returns>In the network's order.</returns>
    public IReadOnlyList<Layer> FindLayers() => analysis.FindLayers(Layer);

    /// <summary>The class scores of a batch of inputs, without explanations: plain inference, in a session of its own.</summary>
    /// <param name="batch">The inputs, row by row; not changed.</param>
    /// <param name="shape">[N, C, spatial...], as the model takes them.</param>
    /// <param name="cancellationToken">Stops the run.</param>
    /// <returns>
    /// [N][C]: scores before softmax or sigmoid; <see cref="ScoreHead.Probabilities"/> of <see cref="Score"/> makes probabilities of them.
    /// </returns>
    /// <exception cref="ModelException">The shape does not fit.</exception>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    /// <exception cref="ObjectDisposedException">The explainer is disposed.</exception>
    public IReadOnlyList<ImmutableArray<float>> Predict(Memory<float> batch, Shape shape, CancellationToken cancellationToken = default)
    {
        CheckShape(shape, batch.Length);
        using var lease = Rent(shape, [], [ClassRequest.Top1], Layer, shared: false);
        return lease.Runner.Predict(batch, shape, cancellationToken);
    }

    /// <summary>The same by the graph that explains the most probable class by some methods, if that can do without maps.</summary>
    internal IReadOnlyList<ImmutableArray<float>> Predict(
        Memory<float> batch, Shape shape, IReadOnlyList<ExplanationMethod> beside, CancellationToken cancellationToken)
    {
        CheckShape(shape, batch.Length);
        using (var lease = Rent(shape, beside, [ClassRequest.Top1], Layer, shared: true))
        {
            if (lease.Runner.Predicts)
                return lease.Runner.Predict(batch, shape, cancellationToken);
        }

        return Predict(batch, shape, cancellationToken);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        runners.Dispose();
        tails.Dispose();
        DisposeRandomised();
    }

    internal Tail Tail(Shape shape, Layer layer) => tails.Get((shape.With(0, 1), layer.Name, layer.Format), () =>
    {
        lock (gate)
        {
            var found = Analyse(shape);
            return new Tail(found, found.FindAgain(layer), Device);
        }
    });

    internal Layer LayerAt(Shape shape, Layer layer)
    {
        lock (gate)
            return Analyse(shape).FindAgain(layer);
    }

    private void CheckShape(Shape shape, int length)
    {
        bool fits = shape.Rank == Input.Declared.Rank && shape.IsStatic && shape.Size == length && length > 0;
        for (int i = 1; fits && i < shape.Rank; i++)
            fits = !Input.Declared[i].IsKnown || Input.Declared[i] == shape[i];
        if (!fits)
        {
            throw new ModelException($"The input '{Input.Name}' of '{ModelName}' takes {Input.Declared}; " +
                $"the data has the shape {shape} and {length} values.");
        }
    }

    internal static ComputeDevice DeviceOf(ExplainerOptions options) => new(options.Device, options.Threads, options.GraphOptimizations);

    // What is known at an input size. The least recently used size goes, with its graphs, where more would be kept than the options allow.
    private ModelAnalysis Analyse(Shape shape)
    {
        var one = shape.With(0, 1);
        if (analysis.Input.Shape.With(0, 1) == one)
            return analysis;
        var found = others.Find(t => t.Input.Shape.With(0, 1) == one);
        if (found is not null)
        {
            others.Remove(found);
        }
        else
        {
            found = new ModelAnalysis(model, Input with { Shape = shape.With(0, Input.Declared[0]) }, Options.Output);
            if (others.Count >= Math.Max(1, Options.KeptSizes))
            {
                var gone = others[0].Input.Shape.With(0, 1);
                others.RemoveAt(0);
                runners.Remove(key => key.Input == gone);
            }
        }

        others.Add(found);
        return found;
    }

    private RunnerCache.Lease Rent(
        Shape shape, IReadOnlyList<ExplanationMethod> methods, IReadOnlyList<ClassRequest> classes, Layer layer, bool shared)
    {
        int ranks = (int)Math.Max(1, classes.Max(c => c.Rank));
        var key = new GraphKey(shape.With(0, 1), layer.Name, layer.Format, [.. methods], classes.Count > 1, ranks, shared);
        return runners.Rent(key, () =>
        {
            lock (gate)
            {
                var found = Analyse(shape);
                return new ModelRunner(CompiledExplanation.Compile(found, found.FindAgain(layer), key), Device);
            }
        });
    }
}
