using System.Text.Json.Nodes;
using GradCamSharp.Evaluation.Records;

namespace GradCamSharp.Evaluation.Experiments.Evidence;

/// <summary>How many pictures' evidence was kept.</summary>
public sealed record EvidenceSummary : RunSummary
{
    /// <summary>The number of maps without evidence.</summary>
    public required int Empty { get; init; }

    /// <inheritdoc/>
    public override string WhyNothing => "no picture's class is one of the model's";

    /// <inheritdoc/>
    public override JsonObject ToJson() => new()
    {
        ["pictures"] = Pictures,
        ["errors"] = Errors,
        ["pairs"] = Pairs,
        ["empty"] = Empty,
    };

    internal static EvidenceSummary Of(IEnumerable<PictureRow> rows)
    {
        var count = new PictureCount();
        int pairs = 0, empty = 0;
        foreach (var row in rows)
        {
            count.Add(row);
            if (row is not EvidenceRow evidence)
                continue;
            pairs++;
            empty += evidence.Of.IsEmpty ? 1 : 0;
        }

        return new EvidenceSummary { Pictures = count.Pictures - count.Errors, Errors = count.Errors, Pairs = pairs, Empty = empty };
    }
}
