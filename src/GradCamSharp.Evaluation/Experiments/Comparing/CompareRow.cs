using GradCamSharp.Evaluation.Experiments.Trust.Measures;
using GradCamSharp.Evaluation.Records;

namespace GradCamSharp.Evaluation.Experiments.Comparing;

/// <summary>What was measured of one map: a row of the records of <see cref="CompareExperiment"/>.</summary>
/// <param name="Of">Which picture, class and candidate it is of.</param>
/// <param name="Probability">Y, the class's probability on the whole picture, 0 to 1.</param>
/// <param name="Scores">What each of <see cref="CompareExperiment.All"/> says; null where it is not measured on this map.</param>
public sealed record CompareRow(Explained Of, double Probability, IReadOnlyList<MeasureScore?> Scores) : MeasuredRow(Of)
{
    internal override bool IsFinite => double.IsFinite(Probability);
}
