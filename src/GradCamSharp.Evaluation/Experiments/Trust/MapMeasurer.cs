using GradCamSharp.Evaluation.Baselines;
using GradCamSharp.Evaluation.Experiments.Trust.Measures;
using GradCamSharp.Evaluation.Experiments.Trust.Measuring;
using GradCamSharp.Evaluation.Imputing;
using GradCamSharp.Imaging;
using GradCamSharp.Targets;
using OnnxGrad;

namespace GradCamSharp.Evaluation.Experiments.Trust;

/// <summary>An input whose maps are to be measured.</summary>
/// <param name="Id">The picture's id: it names the random draws, which are the same for all methods.</param>
/// <param name="Values">The network's input, in its own layout.</param>
public sealed record MapInput(string Id, ReadOnlyMemory<float> Values)
{
    /// <summary>The class that is explained; null for the most probable.</summary>
    public long? Class { get; init; }

    /// <summary>Where the input lies in a picture; null where the input is all there is.</summary>
    public Geometry? Geometry { get; init; }

    /// <summary>The objects of the class, in the picture's pixels; null where nothing is known of objects.</summary>
    public IReadOnlyList<PixelBox>? Boxes { get; init; }
}

/// <summary>What was measured of the maps of one input.</summary>
/// <param name="Class">The class that was explained.</param>
/// <param name="Probability">Its probability on the input.</param>
/// <param name="Score">Its score.</param>
/// <param name="AreEmpty">For each method whether its map has no positive value.</param>
/// <param name="Scores">For each measure what it says of each method.</param>
public sealed record MeasuredMaps(
    int Class, double Probability, float Score, IReadOnlyList<bool> AreEmpty, IReadOnlyList<IReadOnlyList<MeasureScore>> Scores);

/// <summary>
/// Measures the maps of a network, one input at a time. All methods and measures share predictions, changed inputs and random draws, so
/// that
/// what differs between two methods differs by their maps. The baselines <c>centre</c> and <c>random</c> may stand beside the methods.
/// </summary>
/// <remarks>It keeps buffers; it serves one thread at a time. The network is the caller's.</remarks>
public sealed class MapMeasurer
{
    private readonly Explainer explainer;
    private readonly InputSpace space;
    private readonly MeasuredMethods methods;
    private readonly ulong seed;
    private readonly Passes passes;
    private readonly Imputation imputation;

    /// <summary>Prepares to measure.</summary>
    /// <param name="explainer">The network.</param>
    /// <param name="space">What its input is in pixels.</param>
    /// <param name="methods">Methods by name, as gradcam or gradcam@LAYER; centre and random are the baselines.</param>
    /// <param name="seed">The seed of all random draws.</param>
    /// <param name="cancellationToken">Stops what is being measured.</param>
    /// <exception cref="ArgumentException">There is no such method, or the space has other channels than the network.</exception>
    /// <exception cref="ModelException">A layer does not exist, or the network takes no pictures.</exception>
    public MapMeasurer(
        Explainer explainer, InputSpace space, IReadOnlyList<string> methods, ulong seed = 1, CancellationToken cancellationToken = default)
        : this(explainer, space, new MeasuredMethods(methods, takesAll: true), seed, cancellationToken)
    {
    }

    internal MapMeasurer(
        Explainer explainer, InputSpace space, MeasuredMethods methods, ulong seed, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(explainer);
        ArgumentNullException.ThrowIfNull(space);
        (this.explainer, this.space, this.methods, this.seed) = (explainer, space, methods, seed);
        passes = new Passes(explainer, methods, cancellationToken);
        if (space.Black.Count != passes.Channels || space.Range.Count != passes.Channels)
            throw new ArgumentException($"A space of {space.Black.Count} channels is none of inputs of {passes.Channels}.", nameof(space));
        imputation = new Imputation(passes.Size);
    }

    /// <summary>The methods' names, in the order of the scores.</summary>
    public IReadOnlyList<string> Methods => methods.Names;

    /// <summary>Measures the maps of an input.</summary>
    /// <param name="input">The input.</param>
    /// <param name="measures">The measures.</param>
    /// <exception cref="ArgumentException">The input's length is not the network's.</exception>
    /// <exception cref="InvalidDataException">A score or a map is not finite.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public MeasuredMaps Measure(MapInput input, IReadOnlyList<Measure> measures)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(measures);
        if (input.Values.Length != passes.Length)
            throw new ArgumentException($"The network takes {passes.Length} values, not {input.Values.Length}.", nameof(input));
        float[] planes = passes.ToPlanes(input.Values.Span);
        var request = input.Class is { } @class ? ClassRequest.Index(@class) : ClassRequest.Top1;
        var maps = Explain(planes, [request], input.Geometry ?? Whole);
        return Measure(Begin(input.Id, planes, maps, 0, input.Geometry ?? Whole, input.Boxes), measures);
    }

    internal static MeasuredMaps Measure(Trial trial, IReadOnlyList<Measure> measures) => new(
        trial.Class, trial.Probability, trial.Scores[trial.Class],
        [.. Enumerable.Range(0, trial.Count).Select(trial.IsEmpty)], [.. measures.Select(m => m.ScoresOn(trial))]);

    /// <summary>The planes of an input in the network's layout.</summary>
    internal float[] ToPlanes(ReadOnlySpan<float> input) => passes.ToPlanes(input);

    /// <summary>The maps of an input.</summary>
    internal PassMaps Explain(float[] planes, IReadOnlyList<ClassRequest> classes, Geometry geometry) =>
        passes.Explain(explainer, 1, (_, target) => planes.CopyTo(target), classes, geometry);

    /// <summary>One class of an explained input under measurement.</summary>
    internal Trial Begin(
        string id, float[] planes, PassMaps maps, int place, Geometry geometry, IReadOnlyList<PixelBox>? boxes,
        Func<int, IReadOnlyList<IReadOnlyList<float[]>?>>? others = null)
    {
        var subject = new TrialSubject(
            id, seed, planes, space, (int)maps.Classes[0][place], maps.Scores[0], AllMaps(id, maps, place, geometry), boxes);
        var trial = new Trial(subject, planes, explainer, passes, methods, imputation);
        return others is null ? trial : new Trial(subject, planes, explainer, passes, methods, imputation) { Others = others };
    }

    /// <summary>All methods' maps of an explained input at the network's input, the baselines' too.</summary>
    internal IReadOnlyList<HeatMap> AllMaps(string id, PassMaps maps, int place, Geometry geometry) =>
        [.. methods.All.Select((m, i) => maps.Maps[i] is { } own ? own[0][place] : Baseline(m.Name, id, geometry))];

    /// <summary>The place of an input that is no picture's.</summary>
    internal Geometry Whole => new(passes.Size, passes.Size, new PixelBox(0, 0, passes.Size.Width, passes.Size.Height));

    private HeatMap Baseline(string name, string id, Geometry geometry)
    {
        if (name == CentreBaseline.Name)
            return HeatMap.FromRaw(CentreBaseline.Map(passes.Size), passes.Size.Height, passes.Size.Width, geometry);
        var spatial = explainer.Layer.Spatial;
        return spatial.Rank == 2 && spatial.IsStatic
            ? RandomBaseline.Map(seed, id, (int)spatial[0], (int)spatial[1], geometry)
            : throw new ModelException($"The layer '{explainer.Layer.Name}' has maps of {spatial}, not of two axes. Choose another layer.");
    }
}
