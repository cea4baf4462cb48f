using System.Text.Json.Nodes;
using GradCamSharp.Evaluation.Experiments.Trust.Measures;
using GradCamSharp.Evaluation.Records;

namespace GradCamSharp.Evaluation.Experiments.Trust;

/// <summary>A figure of one method over a data set.</summary>
/// <param name="Measure">The measure's name.</param>
/// <param name="Figure">The figure's name.</param>
/// <param name="Better">Which way it is better.</param>
/// <param name="Mean">The mean over the maps where it is defined; null where it nowhere is.</param>
/// <param name="Low">The lower end of its 95 % interval, by bootstrap over pictures.</param>
/// <param name="High">The upper end.</param>
/// <param name="Undefined">The number of maps where it is undefined.</param>
public sealed record FigureMean(string Measure, string Figure, Better Better, double? Mean, double? Low, double? High, int Undefined);

/// <summary>All figures of one method.</summary>
/// <param name="Method">The method's name.</param>
/// <param name="Empty">The number of its maps without a positive value.</param>
/// <param name="Figures">The figures, measure by measure.</param>
public sealed record MethodFigures(string Method, int Empty, IReadOnlyList<FigureMean> Figures)
{
    /// <summary>A figure by its name; null where the run has none of that name.</summary>
    public FigureMean? this[string figure] => Figures.FirstOrDefault(f => f.Figure == figure);
}

/// <summary>The figures of <see cref="TrustExperiment"/>: computed from a run's records alone.</summary>
public sealed record TrustSummary : RunSummary
{
    /// <summary>The number of pairs whose class is not among the model's top 5: they are not measured.</summary>
    public required int Missed { get; init; }

    /// <summary>For each method its figures, the baselines' too.</summary>
    public required IReadOnlyList<MethodFigures> Methods { get; init; }

    /// <inheritdoc/>
    public override string WhyNothing => "no picture shows a class that is among the model's top 5";

    /// <inheritdoc/>
    public override JsonObject ToJson() => new()
    {
        ["pictures"] = Pictures,
        ["errors"] = Errors,
        ["pairs"] = Pairs,
        ["methods"] = new JsonObject(Methods.Select(m => KeyValuePair.Create(m.Method, (JsonNode?)new JsonObject
        {
            ["empty"] = m.Empty,
            ["figures"] = new JsonObject(m.Figures.Select(f => KeyValuePair.Create(f.Figure, (JsonNode?)new JsonObject
            {
                ["mean"] = f.Mean,
                ["low"] = f.Low,
                ["high"] = f.High,
                ["undefined"] = f.Undefined,
            }))),
        }))),
    };

    internal static TrustSummary Of(TrustExperiment experiment, RunManifest manifest, IEnumerable<PictureRow> rows)
    {
        var count = new PictureCount();
        var table = new TrustTable(experiment.Measures, manifest.Methods);
        int missed = 0;
        foreach (var row in rows)
        {
            count.Add(row);
            if (row is TrustRow measured)
                table.Add(manifest.PlaceOf(measured.Of.Method), measured);
            else
                missed += row is UnmeasuredRow { Object: not null } ? 1 : 0;
        }

        return new TrustSummary
        {
            Pictures = count.Pictures - count.Errors,
            Errors = count.Errors,
            Pairs = table.Pairs,
            Missed = missed,
            Methods = table.Figures(experiment.Seed),
        };
    }
}
