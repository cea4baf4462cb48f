using GradCamSharp.Evaluation.Metrics;
using GradCamSharp.Evaluation.Records;

namespace GradCamSharp.Evaluation.Experiments;

/// <summary>Whether the pictures of a run tell which of its methods is better by a figure: all methods saw the same ones.</summary>
internal static class Comparison
{
    /// <summary>The difference of two methods by a figure.</summary>
    /// <param name="pairs">What was measured.</param>
    /// <param name="figure">The figure of one row.</param>
    /// <param name="first">The first method, as a place in the run's list.</param>
    /// <param name="second">The method whose figure is subtracted.</param>
    /// <param name="one">The difference of a yes and a no; null of a figure that is a number.</param>
    public static MeanInterval Of(
        IReadOnlyList<MeasuredPair> pairs, Func<MeasuredRow, double> figure, int first, int second, double? one = null)
    {
        double[] differences = [.. pairs.Select(p => figure(p.Rows[first]) - figure(p.Rows[second]))];
        return one is { } yes ? MeanInterval.OfAnswers(differences, yes) : MeanInterval.Of(differences);
    }

    /// <summary>
    /// The method that is better than every other beyond doubt; null where there is none. A figure that is a mean of the means of
    /// classes has weights.
    /// </summary>
    /// <param name="pairs">What was measured.</param>
    /// <param name="figure">The figure of one row.</param>
    /// <param name="methods">The number of methods.</param>
    /// <param name="isLessBetter">Whether a lower figure is the better one.</param>
    /// <param name="one">The difference of a yes and a no; null of a figure that is a number.</param>
    /// <param name="weights">How much each pair counts; null for all alike.</param>
    public static int? Best(
        IReadOnlyList<MeasuredPair> pairs, Func<MeasuredRow, double> figure, int methods, bool isLessBetter, double? one = null,
        IReadOnlyList<double>? weights = null)
    {
        weights ??= [.. pairs.Select(_ => 1.0)];
        double[][] figures = [.. Enumerable.Range(0, methods).Select(m => pairs.Select(p => figure(p.Rows[m])).ToArray())];
        // One method has nobody to be better than.
        return methods < 2 ? null : Enumerable.Range(0, methods).Cast<int?>().FirstOrDefault(m =>
            Enumerable.Range(0, methods).All(other => other == m || IsBetter(figures[m!.Value], figures[other])));

        bool IsBetter(double[] own, double[] others)
        {
            double[] differences = [.. own.Zip(others, (a, b) => a - b)];
            var interval = one is { } yes ? MeanInterval.OfAnswers(differences, yes, weights) : MeanInterval.Of(differences, weights);
            return isLessBetter ? interval.High < 0 : interval.Low > 0;
        }
    }
}
