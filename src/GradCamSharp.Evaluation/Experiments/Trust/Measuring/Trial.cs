using System.Collections.Immutable;
using GradCamSharp.Evaluation.Baselines;
using GradCamSharp.Evaluation.Imputing;
using GradCamSharp.Evaluation.Metrics;
using GradCamSharp.Imaging;
using GradCamSharp.Methods;
using GradCamSharp.Targets;

namespace GradCamSharp.Evaluation.Experiments.Trust.Measuring;

/// <summary>What the networks answer on inputs that a measure made.</summary>
/// <param name="Probabilities">For each the class's probability, O.</param>
/// <param name="Kept">For each whether the class is still the predicted one.</param>
internal sealed record Answers(IReadOnlyList<double> Probabilities, IReadOnlyList<bool> Kept);

/// <summary>The maps of inputs that a measure made, and whether their class is still the predicted one.</summary>
/// <param name="Maps">For each method [input]: the map at the network's input.</param>
/// <param name="Kept">For each input whether the class is still the predicted one.</param>
internal sealed record ChangedMaps(IReadOnlyList<IReadOnlyList<float[]>> Maps, IReadOnlyList<bool> Kept);

/// <summary>
/// A picture and a class under measurement. All measures and all methods share what it holds: the maps, random draws and what was measured
/// already; what differs between two methods differs by their maps.
/// </summary>
/// <param name="Id">The picture's id, which names its random draws.</param>
/// <param name="Seed">The run's seed.</param>
/// <param name="Input">The network's input as planes, [C, H, W].</param>
/// <param name="Space">What it is in pixels.</param>
/// <param name="Class">The class that is explained.</param>
/// <param name="Scores">The class scores on the picture.</param>
/// <param name="Maps">For each method its map; the baselines' too.</param>
/// <param name="Boxes">The class's objects, in the picture's pixels; null where nothing is known of objects.</param>
internal sealed record TrialSubject(
    string Id, ulong Seed, IReadOnlyList<float> Input, InputSpace Space, int Class, ImmutableArray<float> Scores,
    IReadOnlyList<HeatMap> Maps, IReadOnlyList<PixelBox>? Boxes);

/// <summary>Measures one picture and class.</summary>
internal sealed class Trial
{
    private readonly TrialSubject subject;
    private readonly float[] input;
    private readonly Explainer explainer;
    private readonly Passes passes;
    private readonly MeasuredMethods methods;
    private readonly double[]?[] ranks;
    private readonly Dictionary<object, object> made = [];
    private bool[]? inside;

    public Trial(TrialSubject subject, float[] input, Explainer explainer, Passes passes, MeasuredMethods methods, Imputation imputation)
    {
        (this.subject, this.input, this.explainer, this.passes, this.methods) = (subject, input, explainer, passes, methods);
        Imputation = imputation;
        ranks = new double[methods.Count][];
        Probability = ProbabilityOf(subject.Scores.AsSpan());
    }

    /// <summary>The number of methods, with the baselines.</summary>
    public int Count => methods.Count;

    public string Id => subject.Id;

    public ulong Seed => subject.Seed;

    public int Class => subject.Class;

    /// <summary>Y, the class's probability on the picture.</summary>
    public double Probability { get; }

    public ImmutableArray<float> Scores => subject.Scores;

    /// <summary>The input's width and height.</summary>
    public PixelSize Size => passes.Size;

    /// <summary>The number of pixels of the input.</summary>
    public int Pixels => Size.Width * Size.Height;

    public InputSpace Space => subject.Space;

    /// <summary>The input's planes, [C, H, W].</summary>
    public ReadOnlySpan<float> Input => input;

    public Imputation Imputation { get; }

    /// <summary>The class's objects; null where nothing is known of objects.</summary>
    public IReadOnlyList<PixelBox>? Boxes => subject.Boxes;

    /// <summary>
    /// Gives the maps of the next pictures of the run, so many, each of its own predicted class, for each method; null for one that cannot
    /// be measured or does not exist.
    /// </summary>
    public Func<int, IReadOnlyList<IReadOnlyList<float[]>?>> Others { get; init; } =
        count => [.. Enumerable.Repeat<IReadOnlyList<float[]>?>(null, count)];

    /// <summary>The original picture's size.</summary>
    public PixelSize Original => subject.Maps[0].Size;

    /// <summary>The pixels of the original picture that the class's boxes hold.</summary>
    public bool[] Inside => inside ??= Union();

    /// <summary>The map of a method at the network's input, [H, W] from 0 to 1.</summary>
    public float[] Map(int method) => AtInput(subject.Maps[method]);

    /// <summary>The map of a method on the original picture.</summary>
    public ReadOnlySpan<float> OnPicture(int method) => IsCentre(method) ? CentreBaseline.Map(Original) : subject.Maps[method].Values;

    /// <summary>The pixels of the input by falling evidence, equal ones in the order of <paramref name="ties"/>.</summary>
    public int[] Falling(int method, ReadOnlySpan<int> ties) => IsCentre(method)
        ? Road.Falling(CentreBaseline.Exact(Size), ties) : Road.Falling(Map(method), ties);

    /// <summary>How much of the map on the original picture lies on the class's boxes.</summary>
    public MassAndRank OnObjects(int method) => IsCentre(method)
        ? MassAndRank.Of(CentreBaseline.Exact(Original), Inside) : MassAndRank.Of(OnPicture(method), Inside);

    public bool IsEmpty(int method) => subject.Maps[method].IsEmpty;

    /// <summary>Spearman(M, other); undefined where one of them does not vary.</summary>
    public double? Spearman(int method, float[] other)
    {
        float[] own = Map(method);
        if (ReferenceEquals(own, other))
            return Correlation.Varies<float>(own) ? 1 : null;
        return Correlation.Pearson<double>(ranks[method] ??= Correlation.Ranks<float>(own), Correlation.Ranks<float>(other));
    }

    /// <summary>The random draws of a purpose on this picture.</summary>
    /// <param name="purpose">What they are for; the picture's id is added.</param>
    /// <param name="number">Which of several, or null.</param>
    public RandomNumbers Draws(string purpose, int? number = null) => RandomNumbers.Named(
        Seed, number is { } i ? FormattableString.Invariant($"{purpose}/{Id}/{i}") : $"{purpose}/{Id}");

    /// <summary>What several measures need of the picture: made once, when it is first asked for.</summary>
    /// <param name="key">What it is; equal keys are the same.</param>
    /// <param name="make">Makes it.</param>
    public T Once<T>(object key, Func<T> make)
        where T : class
    {
        if (!made.TryGetValue(key, out object? found))
            made[key] = found = make();
        return (T)found;
    }

    /// <summary>What the network answers on inputs.</summary>
    public Answers Predict(int count, InputWriter write, string what)
    {
        var scores = passes.Predict(count, write, what);
        return new Answers([.. scores.Select(s => ProbabilityOf(s.AsSpan()))], [.. scores.Select(IsKept)]);
    }

    /// <summary>The class's maps of inputs; a baseline's is always its own.</summary>
    /// <param name="count">The number of inputs.</param>
    /// <param name="write">Writes them.</param>
    /// <param name="network">A randomised network; null for the network itself.</param>
    public ChangedMaps Explain(int count, InputWriter write, Explainer? network = null)
    {
        var answer = passes.Explain(network ?? explainer, count, write, [ClassRequest.Index(Class)]);
        return new ChangedMaps(
            [.. Enumerable.Range(0, Count).Select(m => (IReadOnlyList<float[]>)(answer.Maps[m] is { } own
                ? [.. own.Select(map => AtInput(map[0]))] : [.. Enumerable.Repeat(Map(m), count)]))],
            [.. answer.Scores.Select(IsKept)]);
    }

    /// <summary>One method's map of an input of its own.</summary>
    public float[] ExplainOne(int method, InputWriter write) =>
        passes.Explain(explainer, 1, write, [ClassRequest.Index(Class)], only: method).Maps[method] is { } own
            ? AtInput(own[0][0]) : Map(method);

    /// <summary>The picture's maps of other classes, for each method [class].</summary>
    public IReadOnlyList<IReadOnlyList<float[]>> ExplainOthers(IReadOnlyList<int> classes)
    {
        var answer = passes.Explain(explainer, 1, WriteInput, [.. classes.Select(c => ClassRequest.Index(c))]);
        return [.. Enumerable.Range(0, Count).Select(m => (IReadOnlyList<float[]>)(answer.Maps[m] is { } own
            ? [.. own[0].Select(AtInput)] : [.. classes.Select(_ => Map(m))]))];
    }

    /// <summary>The network with the weights of its last layers in random order.</summary>
    public Explainer Randomised(ulong seed, double share) => explainer.Randomised(seed, share);

    private bool IsCentre(int method) => methods.All[method].Name == CentreBaseline.Name;

    public bool IsBaseline(int method) => methods.All[method].Method is null;

    public void WriteInput(int item, Span<float> planes) => input.CopyTo(planes);

    private static float[] AtInput(HeatMap map) =>
        System.Runtime.InteropServices.MemoryMarshal.TryGetArray(map.AtInput, out var whole) && whole.Offset == 0
            && whole.Count == whole.Array!.Length ? whole.Array : map.AtInput.ToArray();

    private bool IsKept(ImmutableArray<float> scores) =>
        System.Numerics.Tensors.TensorPrimitives.IndexOfMax(scores.AsSpan()) == Class;

    // In double: what drops by little is told apart by its last digits.
    private double ProbabilityOf(ReadOnlySpan<float> scores)
    {
        double own = scores[Class];
        if (explainer.Score.Activation == ScoreActivation.Sigmoid)
            return 1 / (1 + Math.Exp(-own));
        if (double.IsNegativeInfinity(own))
            return 0;
        double sum = 0;
        foreach (float score in scores)
            sum += Math.Exp(score - own);
        return 1 / sum;
    }

    private bool[] Union()
    {
        var size = Original;
        bool[] union = new bool[size.Width * size.Height];
        foreach (var box in Boxes ?? [])
        {
            int left = Math.Clamp(box.X, 0, size.Width), right = (int)Math.Clamp((long)box.X + box.Width, left, size.Width);
            int top = Math.Clamp(box.Y, 0, size.Height), bottom = (int)Math.Clamp((long)box.Y + box.Height, top, size.Height);
            for (int y = top; y < bottom; y++)
                union.AsSpan((y * size.Width) + left, right - left).Fill(true);
        }

        return union;
    }
}
