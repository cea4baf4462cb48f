using System.Globalization;
using System.Text.Json.Nodes;
using GradCamSharp.Evaluation.Experiments.Localization;

namespace GradCamSharp.Cli.Evaluating;

/// <summary>What maps of boxes and masks were measured to be, as a table and as JSON; shares are percent.</summary>
internal static class TargetScoreOutput
{
    /// <summary>Prints a table, a row a method.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="model">The model's name.</param>
    /// <param name="report">What was measured.</param>
    public static void Print(TextWriter output, string model, TargetLocalizationReport report)
    {
        string what = report.Task == "segment" ? "classes" : "objects", place = report.Task == "segment" ? "own pixels" : "own box";
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"""
            {model}
              {report.Task}: {report.Found} of {report.Objects} {what} found in {report.Pictures} pictures; the map of each
              method          {place,10}  the others'  pointing  empty maps
            """));
        foreach (var (method, score) in report.Scores)
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"  {method,-15} {Shown(score.Own),10} {Shown(score.Others),12} {Shown(score.Pointing),9} {score.Empty,11}"));
        }
    }

    /// <summary>The same as JSON; null where nothing was found.</summary>
    /// <param name="report">What was measured.</param>
    public static JsonObject ToJson(TargetLocalizationReport report) => new()
    {
        ["task"] = report.Task,
        ["pictures"] = report.Pictures,
        ["objects"] = report.Objects,
        ["found"] = report.Found,
        ["scores"] = new JsonObject(report.Scores.Select(s => KeyValuePair.Create(s.Key, (JsonNode?)new JsonObject
        {
            ["own"] = 100 * s.Value.Own,
            ["others"] = 100 * s.Value.Others,
            ["pointing"] = 100 * s.Value.Pointing,
            ["empty"] = s.Value.Empty,
        }))),
    };

    // A dash where nothing was found.
    private static string Shown(double? share) => share?.ToString("P1", CultureInfo.InvariantCulture) ?? "-";
}
