using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Diagnostics;
using GradCamSharp.Benchmarking;
using GradCamSharp.Errors;
using GradCamSharp.Exporting;
using GradCamSharp.Imaging;
using GradCamSharp.Layers;
using GradCamSharp.Methods;
using GradCamSharp.Texts;
using GradCamSharp.Web.Hosting;
using Microsoft.AspNetCore.Http;
using OnnxGrad;

namespace GradCamSharp.Web.Serving;

/// <summary>A model with its compiled graphs: one session a graph, a bounded number of them.</summary>
internal sealed class ServedModel : IDisposable
{
    // Each graph holds the weights once: small models keep all their graphs, of large ones a few.
    private const long GraphMemory = 1L << 30;
    private const int FewestGraphs = 2, MostGraphs = 64;
    private const int MostCounts = 1000;
    private readonly int keptGraphs;
    private readonly ServeOptions options;

    // To count takes a moment with some methods.
    private readonly ConcurrentDictionary<(ExplanationMethod Method, string? Layer), RunCount> counts = [];
    private double secondsOfOne = double.PositiveInfinity;

    public ServedModel(ModelSource source, ServeOptions options, IProgress<Runs.RunProgress> progress)
    {
        Source = source;
        this.options = options;
        keptGraphs = (int)Math.Clamp(GraphMemory / Math.Max(1, WeightsOf(source.Path)), FewestGraphs, MostGraphs);
        var explainer = options.Explainer with { KeptGraphs = keptGraphs, Progress = progress };
        var network = OnnxModel.Load(source.Path, explainer.Operators);
        Texts = ServedTexts.OfClasses(source.Path, network, options.Texts);
        Inputs = InputsAtStart(source, network, options);
        var target = new TargetOptions { Explainer = explainer, Task = options.Task, PictureInput = options.PictureInput };
        Targets = new ServedTargets(() => PictureTargets.Load(
            source.Path, target, options.Preprocess, options.Labels, Inputs));
        Films = FilmTargets.TakesClips(network) ? new ServedCopy<FilmTargets>(() => FilmTargets.Load(
            source.Path, target, options.Preprocess, options.Labels, Inputs, longestSide: FilmEndpoint.LongestSide)) : null;
        bool isPlain = Films is null && options is { Task: null, PictureInput: null, Inputs.Count: 0 }
            && PlainClassifier.Is(network, explainer.Output);
        var said = isPlain ? DefaultExplanation.Of(network.Metadata) : null;
        Method = said is null ? CamMethods.Default : CamMethods.Find(said.Method);
        try
        {
            Classifier = isPlain ? Load() : null;
            if (Classifier is { } classifier)
            {
                Layers = LayersDocument.Of(source.Name, ModelLayers.Of(classifier.Model));
                Description = ModelDocument.Of(source, classifier, Layers, Method);
            }
            else if (Films is { } films)
            {
                (Layers, Description) = films.Use(model =>
                {
                    var (layers, description) = Describe(model.Model, model.PreprocessingSource);
                    return (layers, description with { Clip = new ClipDocument(model.Sampling.Length!.Value, model.Sampling.Stride) });
                }, CancellationToken.None);
            }
            else
            {
                (Layers, Description) = Targets.Use(
                    false, model => Describe(model.Model, model.PreprocessingSource), CancellationToken.None);
            }
        }
        catch
        {
            Dispose();
            throw;
        }

        // What a file declares may look like class scores where it declares no shapes: these are known once it runs.
        PictureExplainer? Load()
        {
            try
            {
                return PictureExplainer.Load(source.Path, said?.Apply(explainer) ?? explainer, options.Preprocess, options.Labels);
            }
            catch (ExplanationException e) when (
                e.Kind == ExplanationError.NoClassScores && explainer.Output is null)
            {
                return null;
            }
        }
    }

    public ModelSource Source { get; }

    /// <summary>The model, where it is a classifier of pictures; null where it is explained by targets alone.</summary>
    public PictureExplainer? Classifier { get; }

    /// <summary>The method where none is named: the one that the model's own metadata names, else the usual one.</summary>
    public ExplanationMethod Method { get; }

    /// <summary>The model, whose targets are explained.</summary>
    public ServedTargets Targets { get; }

    /// <summary>The model, where it takes clips of several frames; null of one of pictures.</summary>
    public ServedCopy<FilmTargets>? Films { get; }

    /// <summary>The texts that it compares pictures with; null where it compares them with none.</summary>
    public ServedTexts? Texts { get; private set; }

    /// <summary>
    /// What the inputs beside the picture's are fed; of a model that takes texts those that the page begins with, until a request names its
    /// own.
    /// </summary>
    public ImmutableDictionary<string, InputTensor> Inputs { get; }

    /// <summary>The layers that can be explained.</summary>
    public LayersDocument Layers { get; }

    /// <summary>What it does.</summary>
    public ModelDocument Description { get; }

    /// <summary>The layer of a name; the default where none is named.</summary>
    /// <exception cref="ModelException">There is no such layer.</exception>
    public Layer? Layer(string? name) => Classifier is not { Model: var model } ? null
        : name is null ? model.Layer : model.FindLayer(name);

    /// <summary>Refuses a picture that is sent to a model of clips.</summary>
    /// <exception cref="RefusedException">It is one.</exception>
    public void CheckTakesPictures()
    {
        if (Films is not null)
        {
            throw new RefusedException(StatusCodes.Status422UnprocessableEntity,
                $"This model takes clips of {Description.Clip!.Frames} frames, no single picture. Send a film to /api/film, as " +
                "curl -F film=@film.gif does.");
        }
    }

    /// <summary>Compares a picture with texts.</summary>
    /// <param name="model">The model.</param>
    /// <param name="picture">The picture.</param>
    /// <param name="texts">The texts; none where a request names none.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>What the texts are to the model; null where there are none.</returns>
    /// <exception cref="ArgumentException">The model compares pictures with texts, and there are none.</exception>
    public ComparedTexts? Compare(
        PictureTargets model, Picture picture, IReadOnlyList<string> texts, CancellationToken cancellationToken)
    {
        if (texts.Count > 0)
            return Texts!.Compare(texts, () => model.Embed(picture, Inputs, cancellationToken), cancellationToken);
        return Texts is not { AreClasses: true, Lacking: null } ? null : throw new ArgumentException(
            "This model compares a picture with texts. Give one or more as the parameter 'text'.");
    }

    /// <summary>Notes how long a run took whose methods need one run of the network: the shortest counts.</summary>
    public void Took(TimeSpan duration) => secondsOfOne = Math.Min(secondsOfOne, duration.TotalSeconds);

    /// <summary>How often a method runs the network for one class or target, and about how long that takes.</summary>
    /// <param name="method">The method.</param>
    /// <param name="layer">The layer of a classifier; null for the default.</param>
    public (RunCount Runs, double Seconds) Estimate(ExplanationMethod method, Layer? layer)
    {
        var own = counts.GetOrAdd((method, layer?.Name), _ => Classifier is { } classifier
            ? RunCount.Of(classifier.Model, method, layer ?? classifier.Model.Layer)
            : Films is { } films ? films.Use(m => RunCount.Of(m.Model, method), CancellationToken.None)
            : Targets.Use(false, m => RunCount.Of(m.Model, method), CancellationToken.None));
        if (counts.Count > MostCounts)
            counts.Clear();
        double one = double.IsFinite(secondsOfOne) ? secondsOfOne : 0;
        return (own, one * (own.Whole + (own.Tail * ShareBehind(layer))));
    }

    /// <summary>Compiles the graphs of the other methods at the default layer, where there is room for all of them.</summary>
    public void WarmAll(CancellationToken cancellationToken)
    {
        var others = CamMethods.All.OfType<GraphMethod>().Where(m => m != Method).ToList();
        if (Classifier is null || keptGraphs <= others.Count)
            return;
        foreach (var method in others)
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                Classifier.Explain(new Picture(64, 64, new byte[64 * 64 * 3]), [method], cancellationToken: cancellationToken);
            }
            catch (ModelException)
            {
                // It does not apply to this model: who asks for it is told why.
            }
        }
    }

    /// <summary>
    /// Runs the model once as requests do, so that the first request finds everything loaded; then once more, to time it.
    /// </summary>
    /// <param name="run">A run.</param>
    public void WarmUp(Action run)
    {
        run();
        long start = Stopwatch.GetTimestamp();
        run();
        Took(Stopwatch.GetElapsedTime(start));
    }

    public void Dispose()
    {
        Classifier?.Dispose();
        Targets.Dispose();
        Films?.Dispose();
        Texts?.Dispose();
    }

    private ImmutableDictionary<string, InputTensor> InputsAtStart(ModelSource source, OnnxModel network, ServeOptions options)
    {
        if (Texts is null || options.Inputs.ContainsKey(TextEncoder.TokensOf(network)!.Name))
            return options.Inputs;
        return Texts.Lacking is null ? options.Inputs.AddRange(Texts.InputsOf(Texts.Start)) : throw new ModelException(
            $"'{source.Name}' compares pictures with texts. {Texts.Lacking} Or give the tokens themselves, as numbers of its input " +
            $"'{TextEncoder.TokensOf(network)!.Name}'.");
    }

    private (LayersDocument Layers, ModelDocument Description) Describe(TargetExplainer model, string preprocessing)
    {
        var zeros = model.Zeros(Inputs);
        var (chosen, all) = model.FindLayers(zeros);
        var layers = LayersDocument.Of(Source.Name, chosen, all);
        var description = model.Describe(zeros);
        if (description.Task == "embed" && Films is null)
            Texts ??= ServedTexts.OfVectors(Source.Path, options.Texts, options.TextModel);
        return (layers, ModelDocument.Of(Source, model, preprocessing, description, layers, TextsDocument.Of(Texts)));
    }

    // Of a network's layers so many follow this one: about that share of its work.
    private double ShareBehind(Layer? layer)
    {
        string name = layer?.Name ?? Layers.Layer.Name;
        int at = Layers.Layers.Select(l => l.Name).ToList().IndexOf(name);
        return at < 0 ? 1 : Math.Max(0.05, 1 - ((at + 1.0) / Layers.Layers.Count));
    }

    private static long WeightsOf(string path)
    {
        long external = 0;
        foreach (string beside in (string[])[path + ".data", path + "_data"])
            external += File.Exists(beside) ? new FileInfo(beside).Length : 0;
        return new FileInfo(path).Length + external;
    }
}
