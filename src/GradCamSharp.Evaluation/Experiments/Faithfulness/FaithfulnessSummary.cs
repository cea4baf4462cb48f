using System.Text.Json.Nodes;
using GradCamSharp.Evaluation.Metrics;
using GradCamSharp.Evaluation.Records;

namespace GradCamSharp.Evaluation.Experiments.Faithfulness;

/// <summary>How faithful one method's maps are to the model, in percent.</summary>
/// <param name="Method">The method's name.</param>
/// <param name="AverageDrop">Average drop; lower is better.</param>
/// <param name="Increase">The share of pictures whose confidence increases; higher is better.</param>
/// <param name="Insertion">The mean area of insertion; null where it was not measured.</param>
/// <param name="Deletion">The mean area of deletion; null where it was not measured.</param>
/// <param name="Empty">The number of maps without a positive value.</param>
public sealed record MethodFaithfulness(string Method, double AverageDrop, double Increase, double? Insertion, double? Deletion, int Empty);

/// <summary>
/// How often one method's explanation map keeps more of the class's probability than another's, in percent of the pictures.
/// </summary>
/// <param name="A">The first method.</param>
/// <param name="B">The second method.</param>
/// <param name="AWins">How often the first's is larger.</param>
/// <param name="BWins">How often the second's is larger.</param>
/// <param name="Ties">How often they are equal.</param>
public sealed record MethodWins(string A, string B, double AWins, double BWins, double Ties);

/// <summary>Tables 1, 2 and 4 to 8: computed from a run's records alone.</summary>
public sealed record FaithfulnessSummary : RunSummary
{
    /// <summary>The number of pairs whose class is none of the model's: they are not measured.</summary>
    public required int Missed { get; init; }

    /// <summary>For each method its figures.</summary>
    public required IReadOnlyList<MethodFaithfulness> Methods { get; init; }

    /// <summary>Every pair of methods.</summary>
    public required IReadOnlyList<MethodWins> Wins { get; init; }

    /// <inheritdoc/>
    public override string WhyNothing => "none of the pictures' classes is one of the model's";

    /// <inheritdoc/>
    public override JsonObject ToJson() => new()
    {
        ["pictures"] = Pictures,
        ["errors"] = Errors,
        ["methods"] = new JsonObject(Methods.Select(m => KeyValuePair.Create(m.Method, (JsonNode?)Json(m)))),
        ["wins"] = new JsonArray([.. Wins.Select(w => new JsonObject
        {
            ["a"] = w.A,
            ["b"] = w.B,
            ["a_wins"] = w.AWins,
            ["b_wins"] = w.BWins,
            ["ties"] = w.Ties,
        })]),
    };

    internal static FaithfulnessSummary Of(FaithfulnessExperiment experiment, RunManifest manifest, IEnumerable<PictureRow> rows)
    {
        var names = manifest.Methods;
        var count = new PictureCount();
        var faithfulness = names.Select(_ => new ConfidenceDrop()).ToArray();
        double[] insertion = new double[names.Count], deletion = new double[names.Count];
        int[] empty = new int[names.Count];
        int[] places = [.. Enumerable.Range(0, names.Count)];
        (int A, int B, Wins Score)[] wins =
            [.. from a in places from b in places where a < b select (a, b, new Wins())];
        double[] masked = new double[names.Count];
        int pairs = 0, missed = 0;
        foreach (var row in rows)
        {
            count.Add(row);
            if (row is not FaithfulnessRow measured)
            {
                missed += row is UnmeasuredRow { Object: not null } ? 1 : 0;
                continue;
            }

            int place = manifest.PlaceOf(measured.Of.Method);
            faithfulness[place].Add(measured.Probability, measured.Masked);
            insertion[place] += measured.Insertion ?? 0;
            deletion[place] += measured.Deletion ?? 0;
            empty[place] += measured.Of.IsEmpty ? 1 : 0;
            masked[place] = measured.Masked;
            // The methods of a picture and class follow each other in the manifest's order.
            if (place < names.Count - 1)
                continue;
            pairs++;
            foreach (var (a, b, score) in wins)
                score.Add(masked[a], masked[b]);
        }

        return new FaithfulnessSummary
        {
            Pictures = count.Pictures - count.Errors,
            Errors = count.Errors,
            Pairs = pairs,
            Missed = missed,
            Methods = [.. names.Select((name, i) => new MethodFaithfulness(name, faithfulness[i].AverageDrop, faithfulness[i].Increase,
                experiment.Curves.Contains(PixelCurve.Insertion) ? insertion[i] / Math.Max(1, pairs) : null,
                experiment.Curves.Contains(PixelCurve.Deletion) ? deletion[i] / Math.Max(1, pairs) : null, empty[i]))],
            Wins = [.. wins.Select(w => new MethodWins(names[w.A], names[w.B], w.Score.First, w.Score.Second, w.Score.Ties))],
        };
    }

    private static JsonObject Json(MethodFaithfulness method)
    {
        var json = new JsonObject { ["average_drop"] = method.AverageDrop, ["increase"] = method.Increase };
        if (method.Insertion is { } insertion)
            json["insertion"] = insertion;
        if (method.Deletion is { } deletion)
            json["deletion"] = deletion;
        return json;
    }
}
