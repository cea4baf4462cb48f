using System.Text.Json.Nodes;
using GradCamSharp.Checking;
using GradCamSharp.Cli.CommandLine;
using GradCamSharp.Cli.Explaining;
using GradCamSharp.Cli.Reporting;

namespace GradCamSharp.Cli.Commands;

/// <summary>What <c>gradcam check --method</c> says of methods that share out a score.</summary>
internal static class RelevanceOutput
{
    public static int Write(TextWriter output, string model, IReadOnlyList<RelevanceReport> reports, bool json)
    {
        bool ok = reports.All(r => r.Ok);
        if (json)
        {
            JsonOutput.Write(output, new JsonObject
            {
                ["ok"] = ok,
                ["methods"] = new JsonArray([.. reports.Select(Json)]),
            });
        }
        else
        {
            foreach (var report in reports)
            {
                output.WriteLine($"{model}: {report.Method.Name} {(report.Ok ? "ok" : "failed")}");
                if (report.Note is { } note)
                    output.WriteLine($"  by         {note}");
                if (report.Account is { } account)
                {
                    output.WriteLine($"  account    {ExplainReport.Words(account)}");
                    output.WriteLine(FormattableString.Invariant($"  error      {account.Error:0.0e-0} of what was shared out"));
                }
                else if (report.Residual is { } residual)
                {
                    output.WriteLine(FormattableString.Invariant($"  residual   {residual:0.0e-0} of the shares' magnitudes"));
                }
                else if (report.Ok)
                {
                    output.WriteLine("  account    none: this method shares out nothing");
                }

                if (report.Problem is { } problem)
                    output.WriteLine($"  {problem}");
            }
        }

        return ok ? CommandRun.Done : CommandRun.Failed;
    }

    private static JsonObject Json(RelevanceReport report)
    {
        var document = new JsonObject { ["method"] = report.Method.Name, ["ok"] = report.Ok };
        if (report.Note is { } note)
            document["note"] = note;
        if (report.Account is { } account)
        {
            document["account"] = new JsonObject
            {
                ["score"] = account.Score,
                ["input"] = account.Input,
                ["absorbed"] = new JsonObject(account.Absorbed.Select(a => KeyValuePair.Create(a.Key, (JsonNode?)a.Value))),
                ["error"] = account.Error,
            };
        }

        if (report.Residual is { } residual)
            document["residual"] = residual;
        if (report.Problem is { } problem)
            document["error"] = problem;
        return document;
    }
}
