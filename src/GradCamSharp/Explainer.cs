using GradCamSharp.Exporting;
using GradCamSharp.Layers;
using GradCamSharp.Methods;
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
public sealed class Explainer : IDisposable
{
    private readonly OnnxModel model;
    private readonly ExplainerOptions options;
    private readonly ExplanationTarget target;
    // The input sizes beside the default one, the least recently used first.
    private readonly List<ExplanationTarget> targets = [];
    private readonly RunnerCache runners;
    private readonly Lock gate = new();

    private Explainer(OnnxModel model, ExplainerOptions options)
    {
        this.model = model = ExportedGraph.Original(model);
        this.options = options;
        var declared = PictureInput(model);
        InputName = declared.Name;
        DeclaredInputShape = declared.Shape!.Value;
        runners = new RunnerCache(Math.Max(1, options.KeptGraphs));
        target = Analyse(BindOpenLengths(DeclaredInputShape));
    }

    /// <summary>The model's path or name.</summary>
    public string ModelName => model.Name;

    /// <summary>The model's metadata.</summary>
    public IReadOnlyDictionary<string, string> Metadata => model.Metadata;

    /// <summary>The name of the input that takes the picture.</summary>
    public string InputName { get; }

    /// <summary>
    /// The shape of that input at which the model runs, [N, C, spatial...] or [N, spatial..., C]; N is
    /// <see cref="Shape.Dynamic"/> unless the model fixes it.
    /// </summary>
    public Shape InputShape => target.InputShape;

    /// <summary>Whether the input's channels are its last axis.</summary>
    public bool HasChannelsLastInput => target.ChannelsLastInput;

    /// <summary>The layer that is explained, and why.</summary>
    public Layer Layer => target.Layer;

    /// <summary>The layers that can be explained, in the network's order.</summary>
    public IReadOnlyList<Layer> Layers => target.Candidates;

    /// <summary>Where the class scores are found, and what makes probabilities of them.</summary>
    public ScoreHead Score => target.Score;

    /// <summary>The number of classes C.</summary>
    public long ClassCount => target.ClassCount;

    internal Shape DeclaredInputShape { get; }

    internal ExplanationTarget DefaultTarget => target;

    internal ExplainerOptions Options => options;

    /// <summary>How many graphs are kept now.</summary>
    internal int KeptGraphs => runners.Count;

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
        SessionSettings.Create(options).Dispose();
        return new Explainer(model, options);
    }

    /// <summary>Explains a batch of inputs that are preprocessed already: one forward pass for all methods and classes.</summary>
    /// <param name="batch">The inputs, row by row; not changed.</param>
    /// <param name="shape">
    /// [N, C, spatial...], as the model takes them. Other spatial lengths than <see cref="InputShape"/> are fine
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
    /// <param name="layer">One of <see cref="Layers"/>, or what <see cref="LayerNamed"/> finds.</param>
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
        using var lease = Rent(shape, methods, classes, layer, shared && classes.Count == 1);
        return lease.Runner.Run(batch, shape, classes, cancellationToken);
    }

    /// <summary>A layer by its name, with its shape and layout.</summary>
    /// <param name="name">An ONNX value's name.</param>
    /// <param name="format">How it is laid out; null to recognise it.</param>
    /// <exception cref="ModelException">There is no such value, or it has no way to the scores; the message names the nearest.</exception>
    public Layer LayerNamed(string name, LayerFormat? format = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        lock (gate)
            return target.Find(name, format);
    }

    /// <summary>
    /// Writes the model with its explanation inside as one .onnx file that any ONNX runtime can run: the model's own inputs and outputs,
    /// plus <c>explain_classes</c> int64 [N, K] and <c>explain_METHOD</c> float [N, K, spatial...]. Standard operators alone. The file is
    /// run once, and what it answers is compared with what this explainer does.
    /// </summary>
    /// <param name="path">The file; one that is there is replaced. Not the model's own.</param>
    /// <param name="options">Methods, classes and how it is stored; null for Grad-CAM++ of the most probable class.</param>
    /// <param name="cancellationToken">Stops the check; nothing is then written, and an older file stays.</param>
    /// <exception cref="ModelException">
    /// A method does not apply, an option does not fit, the path is the model's own, or the written file answers otherwise.
    /// </exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be written there.</exception>
    public ExportedModel Export(string path, ExportOptions? options = null, CancellationToken cancellationToken = default) =>
        ModelExporter.Export(this, path, options ?? new ExportOptions(), cancellationToken);

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
    public float[][] Predict(Memory<float> batch, Shape shape, CancellationToken cancellationToken = default)
    {
        CheckShape(shape, batch.Length);
        using var lease = Rent(shape, [], [ClassRequest.Top1], Layer, shared: false);
        return lease.Runner.Predict(batch, shape, cancellationToken);
    }

    /// <summary>The same by the graph that explains the most probable class by some methods, if that can do without maps.</summary>
    internal float[][] Predict(
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
    public void Dispose() => runners.Dispose();

    private static ValueDeclaration PictureInput(OnnxModel model)
    {
        var inputs = model.Inputs;
        if (inputs.Count != 1)
        {
            throw new ModelException(
                $"'{model.Name}' has {inputs.Count} inputs ({string.Join(", ", inputs.Select(i => $"'{i.Name}'"))}); " +
                "a model that takes one picture has one. Export the part that takes the picture.");
        }

        if (!InputValue.IsTaken(inputs[0].Type))
        {
            throw new ModelException($"The input '{inputs[0].Name}' of '{model.Name}' holds values of type {inputs[0].Type}; " +
                "pictures are fed as float, double, float16 or uint8. Export the model with one of these.");
        }

        return inputs[0].Shape is { Rank: >= 3 }
            ? inputs[0]
            : throw new ModelException(
                $"The input '{inputs[0].Name}' of '{model.Name}' has the shape {inputs[0].Shape?.ToString() ?? "unknown"}; " +
                "pictures are [N, C, H, W]. Export the model with a declared input shape.");
    }

    private Shape BindOpenLengths(Shape declared)
    {
        long[] lengths = declared.ToArray();
        bool channelsLast = declared.Rank == 4 && declared[1] is not (1 or 3) && declared[3] is 1 or 3;
        int widthAxis = lengths.Length - (channelsLast ? 2 : 1);
        for (int i = 1; i < lengths.Length; i++)
        {
            if (lengths[i] == Shape.Dynamic)
                lengths[i] = i == 1 && !channelsLast ? 3 : i == widthAxis ? options.OpenInputSize.Width : options.OpenInputSize.Height;
        }

        return new Shape(lengths);
    }

    private void CheckShape(Shape shape, int length)
    {
        bool fits = shape.Rank == DeclaredInputShape.Rank && shape.IsStatic && shape.Size == length && shape.Size > 0;
        for (int i = 1; fits && i < shape.Rank; i++)
            fits = DeclaredInputShape[i] == Shape.Dynamic || DeclaredInputShape[i] == shape[i];
        if (!fits)
        {
            throw new ModelException($"The input '{InputName}' of '{ModelName}' takes {DeclaredInputShape}; " +
                $"the data has the shape {shape} and {length} values.");
        }
    }

    private ExplanationTarget Analyse(Shape shape) => new(
        model, InputName, shape.With(0, DeclaredInputShape[0]), options.Layer, options.LayerFormat, options.Output);

    // What is known at an input size. The least recently used size goes, with its graphs, where more would be kept than the options allow.
    private ExplanationTarget Target(Shape shape)
    {
        var one = shape.With(0, 1);
        if (target.InputShape.With(0, 1) == one)
            return target;
        var found = targets.Find(t => t.InputShape.With(0, 1) == one);
        if (found is not null)
        {
            targets.Remove(found);
        }
        else
        {
            found = Analyse(shape);
            if (targets.Count >= Math.Max(1, options.KeptSizes))
            {
                var gone = targets[0].InputShape.With(0, 1);
                targets.RemoveAt(0);
                runners.Remove(key => key.Input == gone);
            }
        }

        targets.Add(found);
        return found;
    }

    private RunnerCache.Lease Rent(
        Shape shape, IReadOnlyList<ExplanationMethod> methods, IReadOnlyList<ClassRequest> classes, Layer layer, bool shared)
    {
        int ranks = (int)Math.Max(1, classes.Max(c => c.Rank));
        bool several = classes.Count > 1;
        var key = new GraphKey(shape.With(0, 1), layer.Name, layer.Format, [.. methods], several, ranks, shared);
        return runners.Rent(key, () =>
        {
            lock (gate)
                return new ModelRunner(Target(shape).For(layer), key.Methods, several, ranks, options, shared);
        });
    }
}
