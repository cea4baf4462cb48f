using System.Diagnostics;
using GradCamSharp.Evaluation.Experiments;
using GradCamSharp.Evaluation.Experiments.Comparing;
using GradCamSharp.Evaluation.Experiments.Trust;
using GradCamSharp.Evaluation.Experiments.Trust.Measuring;
using GradCamSharp.Targets;

namespace GradCamSharp.Evaluation.Comparing;

/// <summary>What a comparison takes on this machine, by what its passes take on four of the pictures.</summary>
/// <param name="Costs">For a candidate's name what a map costs, in forward passes.</param>
/// <param name="OnEvery">The time that a picture takes on one worker for what decides.</param>
/// <param name="OnFirst">The time that it takes besides, where the gates and all else are measured too.</param>
public sealed record ComparePlan(IReadOnlyDictionary<string, double> Costs, TimeSpan OnEvery, TimeSpan OnFirst)
{
    private const int LooksAt = 4, Repeats = 3;

    // A map that takes longer is timed once: chance is a small part of it.
    private static readonly TimeSpan LongMap = TimeSpan.FromSeconds(1);

    /// <summary>The time that a comparison takes.</summary>
    /// <param name="pictures">The number of pictures.</param>
    /// <param name="workers">The number of pictures that are worked on at the same time.</param>
    public TimeSpan Run(int pictures, int workers) =>
        ((OnEvery * pictures) + (OnFirst * Math.Min(pictures, CompareOptions.FirstPictures))) / Math.Max(1, workers);

    /// <summary>How many pictures a time is enough for, at least one.</summary>
    /// <param name="budget">The time.</param>
    /// <param name="workers">The number of pictures that are worked on at the same time.</param>
    public int Pictures(TimeSpan budget, int workers)
    {
        var all = budget * Math.Max(1, workers);
        double few = all / (OnEvery + OnFirst);
        double many = (all - (OnFirst * CompareOptions.FirstPictures)) / OnEvery;
        return (int)Math.Clamp(few <= CompareOptions.FirstPictures ? few : many, 1, int.MaxValue);
    }

    /// <summary>Times a comparison's passes.</summary>
    /// <param name="explainer">The model.</param>
    /// <param name="inputs">Some pictures, of which four are used; none where none can be read.</param>
    /// <param name="candidates">The candidates' names.</param>
    /// <param name="experiment">What is measured.</param>
    /// <param name="cancellationToken">Stops it.</param>
    internal static ComparePlan Time(
        PictureExplainer explainer, IReadOnlyList<MapInput> inputs, IReadOnlyList<string> candidates, CompareExperiment experiment,
        CancellationToken cancellationToken)
    {
        var methods = new MeasuredMethods(candidates, takesAll: true);
        var passes = new Passes(explainer.Model, methods, cancellationToken);
        float[][] planes = inputs.Count == 0 ? [new float[passes.Length]]
            : [.. inputs.Take(LooksAt).Select(i => passes.ToPlanes(i.Values.Span))];
        var plain = Fastest(input => PredictOne(explainer, input));
        var costs = new Dictionary<string, double>(StringComparer.Ordinal);
        for (int m = 0; m < candidates.Count; m++)
        {
            var map = Fastest(input => passes.Explain(explainer.Model, 1, Write(input), [ClassRequest.Top1], only: m));
            costs[candidates[m]] = Math.Round(map / plain, 3);
        }

        var plan = TrustPlan.Time(explainer, [.. candidates, .. experiment.Beside], planes, cancellationToken);
        // All candidates are explained in every pass once more than the measures say: to have their maps.
        return new ComparePlan(costs, plan.APicture(experiment.Deciding),
            plan.APicture([.. CompareExperiment.Gates, .. experiment.Further]));

        InputWriter Write(float[] input) => (_, target) => input.CopyTo(target);

        TimeSpan Fastest(Action<float[]> run)
        {
            run(planes[0]);
            var best = TimeSpan.MaxValue;
            foreach (float[] input in Enumerable.Repeat(planes, Repeats).SelectMany(p => p))
            {
                cancellationToken.ThrowIfCancellationRequested();
                long start = Stopwatch.GetTimestamp();
                run(input);
                var took = Stopwatch.GetElapsedTime(start);
                best = took < best ? took : best;
                if (best > LongMap)
                    break;
            }

            return best;
        }
    }

    private static void PredictOne(PictureExplainer explainer, float[] planes)
    {
        var shape = explainer.Model.Input.Shape.With(0, 1);
        explainer.Model.Predict(planes, shape);
    }
}
