using System.Globalization;
using System.Text.Json.Nodes;
using GradCamSharp.Evaluation.Records;

namespace GradCamSharp.Evaluation.Experiments.Localization;

/// <summary>How well one method's maps find objects.</summary>
/// <param name="Method">The method's name.</param>
/// <param name="Loc">Mean Loc (Eq. 12) at each of the run's deltas, 0 to 1.</param>
/// <param name="Pointing">The pointing game: the share of hits of each class, averaged over the classes, 0 to 1.</param>
/// <param name="Curve">Mean Loc at every delta of the records.</param>
/// <param name="Empty">The number of maps without a positive value.</param>
public sealed record MethodLocalization(string Method, IReadOnlyList<double> Loc, double Pointing, IReadOnlyList<double> Curve, int Empty);

/// <summary>
/// Table 3 and the pointing game: computed from a run's records alone, over the pairs of a picture and a class that is among the model's
/// top 5.
/// </summary>
public sealed record LocalizationSummary : RunSummary
{
    /// <summary>The deltas of <see cref="MethodLocalization.Loc"/>.</summary>
    public required IReadOnlyList<double> Deltas { get; init; }

    /// <summary>The deltas of <see cref="MethodLocalization.Curve"/>.</summary>
    public required IReadOnlyList<double> CurveDeltas { get; init; }

    /// <summary>The number of pairs whose class is not among the model's top 5: they are not measured.</summary>
    public required int Missed { get; init; }

    /// <summary>For each method its figures.</summary>
    public required IReadOnlyList<MethodLocalization> Methods { get; init; }

    /// <inheritdoc/>
    public override string WhyNothing => "no picture shows a class that is among the model's top 5";

    /// <inheritdoc/>
    public override JsonObject ToJson() => new()
    {
        ["pictures"] = Pictures,
        ["pairs"] = Pairs,
        ["methods"] = new JsonObject(Methods.Select(m => KeyValuePair.Create(m.Method, (JsonNode?)new JsonObject
        {
            ["loc"] = new JsonObject(Deltas
                .Select((d, i) => KeyValuePair.Create(d.ToString("R", CultureInfo.InvariantCulture), (JsonNode?)m.Loc[i]))),
            ["pointing"] = 100 * m.Pointing,
        }))),
    };

    internal static LocalizationSummary Of(LocalizationExperiment experiment, RunManifest manifest, IEnumerable<PictureRow> rows)
    {
        var deltas = experiment.RecordedDeltas;
        var names = manifest.Methods;
        var count = new PictureCount();
        double[][] loc = [.. names.Select(_ => new double[deltas.Count])];
        SortedDictionary<string, (int Hits, int Pairs)>[] pointing =
            [.. names.Select(_ => new SortedDictionary<string, (int, int)>(StringComparer.Ordinal))];
        int[] empty = new int[names.Count];
        int pairs = 0, missed = 0;
        foreach (var row in rows)
        {
            count.Add(row);
            if (row is not LocalizationRow { Of: var of, Objects: var objects })
            {
                missed += row is UnmeasuredRow { Object: not null } ? 1 : 0;
                continue;
            }

            int place = manifest.PlaceOf(of.Method);
            pairs += place == 0 ? 1 : 0;
            for (int d = 0; d < deltas.Count; d++)
                loc[place][d] += objects.Loc(d);
            string name = of.Object ?? "";
            var (hits, own) = pointing[place].GetValueOrDefault(name);
            pointing[place][name] = (hits + (objects.IsHit ? 1 : 0), own + 1);
            empty[place] += of.IsEmpty ? 1 : 0;
        }

        double[][] curves = [.. loc.Select(sums => sums.Select(s => s / Math.Max(1, pairs)).ToArray())];
        int[] asked = [.. experiment.Deltas.Distinct().Select(delta => deltas.ToList().IndexOf(delta))];
        if (asked.Contains(-1))
            throw new InvalidDataException($"{RunFiles.Manifest} asks for a delta that the records do not have. The folder is damaged.");
        return new LocalizationSummary
        {
            Pictures = count.Pictures - count.Errors,
            Errors = count.Errors,
            Pairs = pairs,
            Missed = missed,
            Deltas = [.. experiment.Deltas.Distinct()],
            CurveDeltas = deltas,
            Methods = [.. names.Select((name, i) => new MethodLocalization(name, [.. asked.Select(d => curves[i][d])],
                pointing[i].Count == 0 ? 0 : pointing[i].Values.Average(p => (double)p.Hits / p.Pairs), curves[i], empty[i]))],
        };
    }
}
