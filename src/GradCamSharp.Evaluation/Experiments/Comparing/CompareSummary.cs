using System.Text.Json.Nodes;
using GradCamSharp.Evaluation.Experiments.Trust;
using GradCamSharp.Evaluation.Metrics;

namespace GradCamSharp.Evaluation.Experiments.Comparing;

/// <summary>A candidate of a comparison, or a baseline beside them.</summary>
/// <param name="Name">Its name in records: the method's, with @ and the layer's where that is not the model's default.</param>
/// <param name="Method">The method's name, or the baseline's.</param>
/// <param name="Layer">The layer; null of a baseline.</param>
/// <param name="Same">The names of other candidates whose maps are the same.</param>
/// <param name="Gates">What the gates say; null where they measured nothing.</param>
/// <param name="Figures">Its figures, those that decide first; none of measures that are not measured of it.</param>
public sealed record CompareCandidate(
    string Name, string Method, string? Layer, IReadOnlyList<string> Same, Gates? Gates, IReadOnlyList<FigureMean> Figures)
{
    /// <summary>The number of its maps without a positive value, of those that the gates saw.</summary>
    public int Empty { get; init; }

    /// <summary>Its p by the measure that decides, corrected for all comparisons; null where it is not compared.</summary>
    public double? P { get; init; }

    /// <summary>The same by the second measure.</summary>
    public double? SecondP { get; init; }

    /// <summary>What a map costs, in forward passes; null where that is not known.</summary>
    public double? Cost { get; init; }

    /// <summary>Whether it is one of the baselines, which are never recommended.</summary>
    public bool IsBaseline => Layer is null;

    /// <summary>Whether it was measured on: it passes the gates.</summary>
    public bool Passes => !IsBaseline && P is not null;

    /// <summary>Whether nobody is shown to be more faithful.</summary>
    public bool IsLeft => P >= ModelConfidenceSet.Level;

    /// <summary>Whether nobody is shown to be better by the second measure.</summary>
    public bool IsSecondLeft => SecondP >= ModelConfidenceSet.Level;

    /// <summary>A figure by its name; null where it is not measured.</summary>
    public FigureMean? this[string figure] => Figures.FirstOrDefault(f => f.Figure == figure);
}

/// <summary>A difference between two candidates by the measure that decides.</summary>
/// <param name="Name">The candidate that another is compared with.</param>
/// <param name="Interval">How far that other is above it, with its plain 95 % interval, which knows of no third.</param>
public sealed record CompareDifference(string Name, Interval Interval);

/// <summary>A picture on which two candidates differ.</summary>
/// <param name="Index">Its place in the run.</param>
/// <param name="Picture">Its id.</param>
/// <param name="Difference">How far the first is above the second, by the measure that decides.</param>
public sealed record ApartPicture(int Index, string Picture, double Difference);

/// <summary>What a comparison says, computed from its records alone.</summary>
public sealed record CompareSummary : RunSummary
{
    /// <summary>The experiment.</summary>
    public required CompareExperiment Experiment { get; init; }

    /// <summary>The candidates in the order given, then the baselines.</summary>
    public required IReadOnlyList<CompareCandidate> Candidates { get; init; }

    /// <summary>What the comparison comes to.</summary>
    public required CompareAnswer Answer { get; init; }

    /// <summary>The candidate that is recommended; null where none is.</summary>
    public CompareCandidate? Recommended { get; init; }

    /// <summary>Of those that pass the one of the largest mean, by the measure that decides; null where none passes.</summary>
    public CompareCandidate? Best { get; init; }

    /// <summary>The next one; null where there is none.</summary>
    public CompareCandidate? Next { get; init; }

    /// <summary>The best by the second measure; null where none passes.</summary>
    public CompareCandidate? SecondBest { get; init; }

    /// <summary>Why one of several is taken.</summary>
    public ChosenBy ChosenBy { get; init; }

    /// <summary>How often the same candidate is the best when the pictures are drawn anew, 0 to 1.</summary>
    public double Stability { get; init; }

    /// <summary>Between several: the difference that so many pictures show 8 times in 10.</summary>
    public double? SmallestDifference { get; init; }

    /// <summary>Between several: how many pictures show a difference of 0.02 8 times in 10.</summary>
    public int? PicturesNeeded { get; init; }

    /// <summary>How far the best is above every other that passes.</summary>
    public IReadOnlyList<CompareDifference> Differences { get; init; } = [];

    /// <summary>The same by the second measure.</summary>
    public IReadOnlyList<CompareDifference> SecondDifferences { get; init; } = [];

    /// <summary>Whether the best is shown to be more specific to the class than the next one.</summary>
    public bool IsMoreSpecific { get; init; }

    /// <summary>The pictures on which the first two differ most; of two measures that disagree, their favourites.</summary>
    public IReadOnlyList<ApartPicture> Apart { get; init; } = [];

    /// <summary>The layers of the candidates, each once.</summary>
    public IReadOnlyList<string> Layers => [.. Candidates.Select(c => c.Layer).OfType<string>().Distinct(StringComparer.Ordinal)];

    /// <inheritdoc/>
    public override string WhyNothing => "no picture could be measured";

    /// <summary>A candidate as sentences name it: with its layer where there are several.</summary>
    public string Call(CompareCandidate candidate)
    {
        ArgumentNullException.ThrowIfNull(candidate);
        return candidate.Layer is { } layer && Layers.Count > 1 ? $"{candidate.Method} at {layer}" : candidate.Method;
    }

    /// <inheritdoc/>
    public override JsonObject ToJson()
    {
        var words = CompareText.Of(this);
        return new JsonObject
        {
            ["pictures"] = Pictures,
            ["errors"] = Errors,
            ["primary"] = Experiment.Deciding[0].Name,
            ["seed"] = Experiment.Seed,
            ["candidates"] = new JsonArray([.. Candidates.Select(c => (JsonNode)Json(c))]),
            ["answer"] = Answer switch
            {
                CompareAnswer.One => "one",
                CompareAnswer.NoDifference => "no-difference",
                CompareAnswer.Disagreement => "disagreement",
                CompareAnswer.NothingBeatsCentre => "nothing-beats-centre",
                _ => "nothing-passes",
            },
            ["recommended"] = Recommended is { } taken
                ? new JsonObject { ["name"] = taken.Name, ["method"] = taken.Method, ["layer"] = taken.Layer } : null,
            ["reasons"] = new JsonArray([words.Headline, .. words.Reasons.Select(r => (JsonNode)r), words.Limits]),
            ["set"] = new JsonArray([.. Candidates.Where(c => c.IsLeft).Select(c => (JsonNode)c.Name)]),
            ["stability"] = Stability,
            ["smallest_difference"] = SmallestDifference,
            ["pictures_needed"] = PicturesNeeded,
            ["differences"] = new JsonArray([.. Differences.Select(d => (JsonNode)new JsonObject
            {
                ["name"] = d.Name, ["mean"] = d.Interval.Mean, ["low"] = d.Interval.Low, ["high"] = d.Interval.High,
            })]),
            ["apart"] = new JsonArray([.. Apart.Select(a => (JsonNode)new JsonObject
            {
                ["index"] = a.Index, ["picture"] = a.Picture, ["difference"] = a.Difference,
            })]),
        };
    }

    private static JsonObject Json(CompareCandidate c) => new()
    {
        ["name"] = c.Name,
        ["method"] = c.Method,
        ["layer"] = c.Layer,
        ["same"] = new JsonArray([.. c.Same.Select(s => (JsonNode)s)]),
        ["metrics"] = new JsonObject(c.Figures.Select(f => KeyValuePair.Create(f.Figure, (JsonNode?)new JsonObject
        {
            ["mean"] = f.Mean,
            ["low"] = f.Low,
            ["high"] = f.High,
            ["undefined"] = f.Undefined,
        }))),
        ["sane"] = c.Gates?.Sane switch { Sanity.Yes => "yes", Sanity.Unclear => "unclear", Sanity.No => "no", _ => null },
        ["specific"] = c.Gates?.Specific switch
        {
            Specificity.Yes => "yes",
            Specificity.Weak => "weak",
            Specificity.No => "no",
            _ => null,
        },
        ["empty"] = c.Empty,
        ["p"] = c.P,
        ["second_p"] = c.SecondP,
        ["cost"] = c.Cost,
    };
}
