using System.Collections.Immutable;
using System.Numerics.Tensors;
using GradCamSharp.Targets;

namespace GradCamSharp.Web.Serving;

/// <summary>The texts of a request for one picture: what the model is fed of them, and how well each fits.</summary>
internal sealed class ComparedTexts
{
    private readonly IReadOnlyList<string> texts;
    private readonly IReadOnlyList<float[]> vectors;
    private readonly IReadOnlyList<double> likeness;

    private ComparedTexts(
        IReadOnlyList<string> texts, ImmutableDictionary<string, InputTensor> inputs, IReadOnlyList<float[]> vectors,
        IReadOnlyList<double> likeness)
    {
        this.texts = texts;
        this.vectors = vectors;
        this.likeness = likeness;
        Inputs = inputs;
    }

    /// <summary>The inputs that the texts fill.</summary>
    public ImmutableDictionary<string, InputTensor> Inputs { get; }

    /// <summary>Whether texts are classes, which the model itself scores.</summary>
    public bool AreClasses => vectors.Count == 0;

    /// <summary>Texts that are a model's classes.</summary>
    public static ComparedTexts OfClasses(IReadOnlyList<string> texts, ImmutableDictionary<string, InputTensor> inputs) =>
        new(texts, inputs, [], []);

    /// <summary>Texts that have vectors, as the picture has one.</summary>
    /// <exception cref="InvalidDataException">They are of different lengths.</exception>
    public static ComparedTexts OfVectors(IReadOnlyList<string> texts, float[] picture, IReadOnlyList<float[]> vectors)
    {
        if (vectors.FirstOrDefault(v => v.Length != picture.Length) is { } other)
        {
            throw new InvalidDataException(FormattableString.Invariant(
                $"The text encoder makes vectors of {other.Length} numbers, and this model of {picture.Length}: they are no pair."));
        }

        return new ComparedTexts(texts, ImmutableDictionary<string, InputTensor>.Empty, vectors,
            [.. vectors.Select(v => (double)TensorPrimitives.CosineSimilarity<float>(picture, v))]);
    }

    /// <summary>The targets that a request means: a class is a text, by its index, its rank or its words.</summary>
    /// <param name="asked">The targets; none for every text that has a vector, else for the model's own choice.</param>
    /// <exception cref="ArgumentException">There is no such text.</exception>
    public IReadOnlyList<Target> Meant(IReadOnlyList<Target> asked) => asked.Count > 0 ? [.. asked.Select(Meant)]
        : AreClasses ? [] : [.. texts.Select(t => new SimilarityTarget(t))];

    /// <summary>A text's vector; null where it is none of these texts, or has none.</summary>
    public float[]? VectorOf(string text)
    {
        int at = IndexOf(text);
        return at < 0 || AreClasses ? null : vectors[at];
    }

    /// <summary>A text by its index; another label where texts are no classes.</summary>
    public string? LabelOf(long? index) => AreClasses && index is >= 0 && index < texts.Count ? texts[(int)index] : null;

    /// <summary>How well each text fits, in the order of the request.</summary>
    /// <param name="predictions">What the model says where texts are its classes.</param>
    public IReadOnlyList<ComparedText> Scores(IReadOnlyList<Prediction> predictions) => AreClasses
        ? [.. predictions.Where(p => p.Index < texts.Count).OrderBy(p => p.Index)
            .Select(p => new ComparedText(texts[(int)p.Index], p.Score, p.Probability))]
        : [.. texts.Select((text, i) => new ComparedText(text, likeness[i], null))];

    private Target Meant(Target target)
    {
        if (target is not ClassTarget { Place: null, Class: var choice })
            return target;
        if (choice.Rank is { } rank)
        {
            if (AreClasses)
                return target;
            var best = Enumerable.Range(0, texts.Count).OrderByDescending(i => likeness[i]).ToList();
            return rank <= best.Count ? new SimilarityTarget(texts[best[rank - 1]]) : throw None(choice.ToString());
        }

        long index = choice.Index ?? IndexOf(choice.Label!);
        return index < 0 || index >= texts.Count ? throw None(choice.ToString())
            : AreClasses ? new ClassTarget(Choice.At(index)) : new SimilarityTarget(texts[(int)index]);
    }

    private int IndexOf(string text) => texts.ToList().FindIndex(t => t.Equals(text, StringComparison.OrdinalIgnoreCase));

    private ArgumentException None(string choice) => new(FormattableString.Invariant(
        $"There is no text '{choice}': {texts.Count} are given, 0 to {texts.Count - 1}."));
}

/// <summary>A text, and how well it fits a picture.</summary>
/// <param name="Text">The text.</param>
/// <param name="Score">The model's score of it, or the cosine of both vectors.</param>
/// <param name="Probability">From 0 to 1, among these texts; null where there are vectors alone.</param>
internal sealed record ComparedText(string Text, double Score, double? Probability);
