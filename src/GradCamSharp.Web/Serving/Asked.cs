using GradCamSharp.Layers;
using GradCamSharp.Targets;
using GradCamSharp.Web.Hosting;
using Microsoft.AspNetCore.Http;
using static GradCamSharp.Web.Hosting.RefusedException;

namespace GradCamSharp.Web.Serving;

/// <summary>What is explained: classes of a classifier, which one compiled graph answers, or targets of any model.</summary>
/// <param name="Classes">The classes; null where targets are explained.</param>
/// <param name="Targets">The targets; empty for the one that the model is usually asked for.</param>
/// <param name="Layer">The layer of a classifier.</param>
/// <param name="LayerName">The layer that the request names; null where it names none.</param>
internal sealed record Asked(IReadOnlyList<ClassRequest>? Classes, IReadOnlyList<Target> Targets, Layer? Layer, string? LayerName)
{
    /// <summary>The texts that the picture is compared with; empty where none are given.</summary>
    public IReadOnlyList<string> Texts { get; private init; } = [];

    /// <summary>Whether every text is explained where no target is named: of those with vectors.</summary>
    private bool IsEveryText { get; init; }

    private const int MostClasses = 100;

    // Each has derivatives of its own at every value behind the layer.
    private const int MostTargets = 20;

    /// <summary>How many classes or targets.</summary>
    public int Count => Classes?.Count ?? (Targets.Count > 0 ? Targets.Count : IsEveryText ? Texts.Count : 1);

    /// <summary>Reads classes, targets and the layer.</summary>
    /// <param name="query">A request's query.</param>
    /// <param name="model">The model.</param>
    /// <exception cref="RefusedException">There are too many of them, or classes and targets.</exception>
    /// <exception cref="ArgumentException">One is none.</exception>
    public static Asked Parse(IQueryCollection query, ServedModel model)
    {
        string? layer = ExplainQuery.One(query, "layer");
        string[] classes = [.. query["class"].OfType<string>()];
        Target[] targets = [.. query["target"].OfType<string>().Where(t => t.Length > 0).SelectMany(Target.Parse)];
        var texts = TextsOf(query, model);
        if (classes.Length > 0 && targets.Length > 0)
            throw BadRequest("The parameters 'class' and 'target' are given; class=C is short for target=class:C.");
        if (model.Classifier is { } classifier && targets.All(t => t is ClassTarget { Place: null }))
        {
            string[] names = targets.Length > 0 ? [.. targets.Cast<ClassTarget>().Select(t => t.Class.ToString())]
                : classes.Length > 0 ? classes : ["top1"];
            var requests = ClassNames.Parse(names, classifier.Labels, classifier.Model.ClassCount);
            if (requests.Count is 0 or > MostClasses)
                throw BadRequest($"The parameter 'class' names {requests.Count} classes; 1 to {MostClasses} are explained at once.");
            return new Asked(requests, [], model.Layer(layer), layer);
        }

        if (classes.Length > 0)
            targets = [.. classes.SelectMany(Targets)];
        if (targets.Length > MostTargets)
            throw BadRequest($"There are {targets.Length} targets; {MostTargets} at most are explained at once.");
        return new Asked(null, targets, null, layer) { Texts = texts, IsEveryText = texts.Count > 0 && !model.Texts!.AreClasses };

        // The same words as of a classifier: indices in a comma list, a label, top1, top5 for the first five.
        static IEnumerable<Target> Targets(string text)
        {
            string[] parts = text.Split(',', StringSplitOptions.TrimEntries);
            if (parts.All(p => p.Length > 0 && p.All(char.IsAsciiDigit)))
                return parts.Select(p => new ClassTarget(Choice.Parse(p)));
            return Choice.Parse(text) is { Rank: { } rank }
                ? Enumerable.Range(1, Math.Min(rank, MostClasses)).Select(r => new ClassTarget(Choice.Top(r)))
                : [new ClassTarget(Choice.Parse(text))];
        }
    }

    /// <summary>The texts that a request compares its picture with.</summary>
    /// <exception cref="RefusedException">The model takes none, or these are no texts that it takes.</exception>
    public static IReadOnlyList<string> TextsOf(IQueryCollection query, ServedModel model)
    {
        string[] texts = [.. query["text"].OfType<string>()];
        if (texts.Length == 0)
            return [];
        if (model.Texts is not { } taken)
        {
            throw new RefusedException(StatusCodes.Status422UnprocessableEntity,
                "This model compares no texts: it has no input for them, and no text_model.onnx lies beside it.");
        }

        if (taken.Lacking is { } lacking)
            throw new RefusedException(StatusCodes.Status422UnprocessableEntity, lacking);
        if (texts.Length > ServedTexts.Most)
            throw BadRequest($"There are {texts.Length} texts; a picture is compared with {ServedTexts.Most} at most at once.");
        if (Array.Find(texts, t => t.Length > ServedTexts.Longest) is { } longest)
            throw BadRequest($"A text has {longest.Length} characters; give {ServedTexts.Longest} at most.");
        return Array.Exists(texts, string.IsNullOrWhiteSpace) ? throw BadRequest("A text is empty. Leave it out.") : texts;
    }
}
