namespace GradCamSharp.Evaluation.Experiments.Comparing;

/// <summary>Whether a candidate's maps depend on what the network has learned.</summary>
public enum Sanity
{
    /// <summary>With weights in random order they are hardly more alike than maps of different pictures.</summary>
    Yes,

    /// <summary>The pictures do not tell.</summary>
    Unclear,

    /// <summary>They stay much the same: the candidate fails.</summary>
    No,
}

/// <summary>Whether a candidate's maps depend on the class that is asked for.</summary>
public enum Specificity
{
    /// <summary>They do.</summary>
    Yes,

    /// <summary>They are much the same whichever class is asked for.</summary>
    Weak,

    /// <summary>They are the same whichever class is asked for: the candidate fails.</summary>
    No,

    /// <summary>The model has one class alone, so that there is nothing to ask.</summary>
    NotAsked,
}

/// <summary>What a candidate has to pass before anything dear is measured of it.</summary>
/// <param name="Sane">Whether it depends on what the network has learned.</param>
/// <param name="Specific">Whether it depends on the class.</param>
/// <param name="IsThere">Whether at most one of ten of its maps is empty.</param>
public sealed record Gates(Sanity Sane, Specificity Specific, bool IsThere)
{
    /// <summary>The random-logit figure up to which a candidate is specific.</summary>
    public const double MostSpecific = 0.5;

    /// <summary>The random-logit figure above which a candidate fails.</summary>
    public const double MostWeak = 0.9;

    /// <summary>The share of empty maps that a candidate may have.</summary>
    public const double MostEmpty = 0.1;

    /// <summary>How much more alike than maps of different pictures those of random weights may be.</summary>
    public const double Margin = 0.2;

    /// <summary>
    /// The similarity from which maps count as unchanged by the weights, however alike those of different pictures are: a map that is
    /// always the same would pass otherwise.
    /// </summary>
    public const double Unchanged = 0.95;

    /// <summary>Whether the candidate is measured on, and may be recommended.</summary>
    public bool Pass => Sane != Sanity.No && Specific != Specificity.No && IsThere;

    /// <summary>Judges a candidate.</summary>
    /// <param name="figures">Its figures of the gates' measures.</param>
    /// <param name="pictures">The number of pictures that they are of.</param>
    /// <param name="classes">The number of the model's classes.</param>
    public static Gates Of(Trust.MethodFigures figures, int pictures, long classes)
    {
        ArgumentNullException.ThrowIfNull(figures);
        return new Gates(
            SaneOf(figures["mprt_full"], figures["between_pictures"]?.Mean),
            classes < 2 ? Specificity.NotAsked : figures["random_logit"]?.Mean switch
            {
                // A map of one value for every class tells none from another.
                null or > MostWeak => Specificity.No,
                > MostSpecific => Specificity.Weak,
                _ => Specificity.Yes,
            },
            figures.Empty <= MostEmpty * pictures);
    }

    private static Sanity SaneOf(Trust.FigureMean? randomised, double? between)
    {
        if (randomised is not { Low: { } low, High: { } high })
            return Sanity.Unclear;
        double most = Math.Min((between ?? 0) + Margin, Unchanged);
        return high <= most ? Sanity.Yes : low > most ? Sanity.No : Sanity.Unclear;
    }
}
