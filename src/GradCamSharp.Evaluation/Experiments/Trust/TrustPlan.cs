using System.Diagnostics;
using GradCamSharp.Evaluation.Experiments.Trust.Measures;
using GradCamSharp.Evaluation.Experiments.Trust.Measuring;
using GradCamSharp.Evaluation.Imputing;
using GradCamSharp.Methods;
using GradCamSharp.Targets;

namespace GradCamSharp.Evaluation.Experiments.Trust;

/// <summary>What measures will cost on this machine, timed on a few passes before anything is measured.</summary>
/// <param name="Methods">The number of methods, the baselines included.</param>
/// <param name="Baselines">How many of them are baselines, which are never explained.</param>
/// <param name="Prediction">One forward pass of one picture, on one worker.</param>
/// <param name="Explanation">One pass with the maps of all methods.</param>
/// <param name="Imputation">One picture filled in.</param>
public sealed record TrustPlan(int Methods, int Baselines, TimeSpan Prediction, TimeSpan Explanation, TimeSpan Imputation)
{
    private const int Together = 4, Hole = 4;

    /// <summary>Times a network's passes on a picture of noise.</summary>
    /// <param name="explainer">The network.</param>
    /// <param name="methods">The methods, the baselines included.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="ArgumentException">There is no such method.</exception>
    /// <exception cref="OnnxGrad.ModelException">A method does not apply to the network.</exception>
    public static TrustPlan Time(PictureExplainer explainer, IReadOnlyList<string> methods, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(explainer);
        ArgumentNullException.ThrowIfNull(methods);
        var passes = new Passes(explainer.Model, new MeasuredMethods(methods, takesAll: true), cancellationToken);
        float[] noise = new float[passes.Length];
        new RandomNumbers(1).FillNormal(noise);
        return Time(explainer, methods, [noise], cancellationToken);
    }

    /// <summary>Times a network's passes on inputs.</summary>
    /// <param name="explainer">The network.</param>
    /// <param name="methods">The methods, the baselines included.</param>
    /// <param name="inputs">Inputs as planes; at least one.</param>
    /// <param name="cancellationToken">Stops it.</param>
    internal static TrustPlan Time(
        PictureExplainer explainer, IReadOnlyList<string> methods, IReadOnlyList<float[]> inputs, CancellationToken cancellationToken)
    {
        var measured = new MeasuredMethods(methods, takesAll: true);
        var passes = new Passes(explainer.Model, measured, cancellationToken);
        Measuring.InputWriter write = (item, planes) => inputs[item % inputs.Count].CopyTo(planes);
        var predict = Fastest(() => passes.Predict(Together, write, "a picture")) / Together;
        var explain = Fastest(() => passes.Explain(explainer.Model, 1, write, [ClassRequest.Top1]));
        var imputation = new Imputation(passes.Size);
        bool[] removed = [.. Enumerable.Range(0, passes.Size.Width * passes.Size.Height).Select(i => i % Hole != 0)];
        var fill = Fastest(() => imputation.Fill((float[])inputs[0].Clone(), removed));
        return new TrustPlan(measured.Count, measured.All.Count(m => m.Method is null), predict, explain, fill);
    }

    /// <summary>The number of the network's passes a picture.</summary>
    /// <param name="measure">The measure.</param>
    public int Passes(Measure measure)
    {
        ArgumentNullException.ThrowIfNull(measure);
        var cost = measure.Cost;
        return cost.Predictions + (cost.PredictionsAMethod * Methods) + cost.Explanations
            + (cost.ExplanationsAMethod * (Methods - Baselines));
    }

    /// <summary>The number of pictures that are filled in, a picture.</summary>
    /// <param name="measure">The measure.</param>
    public int Imputations(Measure measure)
    {
        ArgumentNullException.ThrowIfNull(measure);
        return measure.Cost.Imputations * Methods;
    }

    /// <summary>The time that a picture takes on one worker.</summary>
    /// <param name="measures">The measures.</param>
    public TimeSpan APicture(IReadOnlyList<Measure> measures)
    {
        ArgumentNullException.ThrowIfNull(measures);
        // ROAD's pictures serve ARCC too.
        bool hasRoad = measures.Any(m => m is RoadMeasure), hasAdcc = measures.Any(m => m is AdccMeasure);
        double predictions = 0, explanations = 1, imputations = 0;
        foreach (var measure in measures)
        {
            var cost = measure.Cost;
            if (measure is ArccMeasure && hasRoad)
                cost = hasAdcc ? default : new AdccMeasure().Cost;
            predictions += cost.Predictions + (cost.PredictionsAMethod * Methods);
            explanations += cost.Explanations + (cost.ExplanationsAMethod * (Methods - Baselines));
            imputations += cost.Imputations * Methods;
        }

        return (predictions * Prediction) + (explanations * Explanation) + (imputations * Imputation);
    }

    /// <summary>The time that a run takes.</summary>
    /// <param name="measures">The measures.</param>
    /// <param name="pictures">The number of pictures.</param>
    /// <param name="workers">The number of pictures that are worked on at the same time.</param>
    public TimeSpan Run(IReadOnlyList<Measure> measures, int pictures, int workers) =>
        APicture(measures) * Math.Ceiling((double)pictures / Math.Max(1, workers));

    /// <summary>How many pictures a time is enough for, at least one.</summary>
    /// <param name="measures">The measures.</param>
    /// <param name="budget">The time.</param>
    /// <param name="workers">The number of pictures that are worked on at the same time.</param>
    public int Pictures(IReadOnlyList<Measure> measures, TimeSpan budget, int workers) =>
        (int)Math.Clamp(budget / APicture(measures) * Math.Max(1, workers), 1, int.MaxValue);

    // The first run compiles and warms up; of the next two the faster one, as others may use the machine.
    private static TimeSpan Fastest(Action run)
    {
        run();
        var best = TimeSpan.MaxValue;
        for (int i = 0; i < 2; i++)
        {
            long start = Stopwatch.GetTimestamp();
            run();
            var took = Stopwatch.GetElapsedTime(start);
            best = took < best ? took : best;
        }

        return best;
    }
}
