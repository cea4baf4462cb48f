using System.Collections.Immutable;

namespace GradCamSharp.Studies;

/// <summary>How well a model's first choice finds each class of a data set.</summary>
internal static class ClassAccuracy
{
    /// <summary>
    /// F1 = 2 TP / (2 TP + FP + FN) of every class: a picture is found if its most probable class is the class, or one of the model's that
    /// it stands for.
    /// </summary>
    /// <param name="pictures">Of every picture, the classes that it shows and those that its prediction stands for.</param>
    /// <returns>From 0 to 1, for every class that is shown or predicted.</returns>
    public static Dictionary<string, double> F1(IEnumerable<(IReadOnlyList<string> Shown, IReadOnlyList<string> Predicted)> pictures)
    {
        // F1's denominator: whatever is shown or predicted counts 1 each, so a true positive counts 2.
        var found = new Dictionary<string, int>(StringComparer.Ordinal);
        var counted = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var (shown, predicted) in pictures)
        {
            foreach (string name in shown)
                counted[name] = counted.GetValueOrDefault(name) + 1;
            foreach (string name in predicted)
            {
                counted[name] = counted.GetValueOrDefault(name) + 1;
                if (shown.Contains(name))
                    found[name] = found.GetValueOrDefault(name) + 1;
            }
        }

        return counted.ToDictionary(c => c.Key, c => 2.0 * found.GetValueOrDefault(c.Key) / c.Value, StringComparer.Ordinal);
    }

    /// <summary>The classes of the highest F1; of equal ones those that come first by name.</summary>
    /// <param name="f1">F1 of every class.</param>
    /// <param name="pictures">How many pictures show each class.</param>
    /// <param name="count">How many classes.</param>
    /// <param name="least">The fewest pictures that a class must have.</param>
    /// <exception cref="StudyException">There are not that many classes; the message says what to ask for.</exception>
    public static IReadOnlyList<string> Best(
        IReadOnlyDictionary<string, double> f1, IReadOnlyDictionary<string, int> pictures, int count, int least)
    {
        string[] best = [.. f1.Where(c => pictures.GetValueOrDefault(c.Key) >= least).OrderByDescending(c => c.Value)
            .ThenBy(c => c.Key, StringComparer.Ordinal).Select(c => c.Key).Take(count)];
        if (best.Length == count)
            return best;
        int[] sizes = [.. pictures.Values.OrderDescending()];
        int there = Math.Min(count, sizes.Length), fit = sizes[there - 1];
        ImmutableArray<StudySize> possible = [new StudySize(there < count ? there : null, fit < least ? fit : null)];
        if (best.Length > 0 && fit < least)
            possible = possible.Add(new StudySize(best.Length, null));
        throw new StudyException(
            StudyError.TooFewClasses,
            FormattableString.Invariant(
                $"{best.Length} classes of the data set have {least} pictures or more; the study takes {count}."),
            StudySize.Advice(possible, "Set", nameof(StudyOptions.ClassCount), nameof(StudyOptions.PerClass)), possible);
    }
}
