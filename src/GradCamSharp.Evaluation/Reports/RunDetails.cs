using System.Globalization;
using System.Text;
using GradCamSharp.Evaluation.Experiments;
using static GradCamSharp.Evaluation.Pages.ReportPage;

namespace GradCamSharp.Evaluation.Reports;

/// <summary>The report's table of what the run was.</summary>
internal static class RunDetails
{
    /// <summary>The table as HTML.</summary>
    public static string Table(RunManifest manifest)
    {
        var html = new StringBuilder("<table class=\"facts\"><tbody>");
        Row("Model", $"{manifest.Model.File}, {manifest.Model.Classes} classes, {manifest.Model.Head}");
        Row("SHA-256", manifest.Model.Sha256);
        Row("Layer", $"{manifest.Model.Layer} ({manifest.Model.LayerFormat})");
        string pictures = manifest.Data.Pictures.ToString(CultureInfo.InvariantCulture);
        string drawn = manifest.Limit is null ? "" : $", drawn with seed {manifest.Seed.ToString(CultureInfo.InvariantCulture)}";
        Row("Data", $"{manifest.Data.Root} ({manifest.Data.Kind}), {pictures} pictures{drawn}");
        if (manifest.Data.Mapping is { } mapping)
            Row("Classes mapped by", mapping);
        if (manifest.Data.Difficult is { } difficult)
            Row("Difficult objects", difficult ? "count" : "left out");
        foreach (var (name, value) in manifest.Experiment.Facts)
            Row(name, value);
        Row("Programs", $"gradcam {manifest.Versions.Gradcam}, ONNX Runtime {manifest.Versions.OnnxRuntime}, on {manifest.Model.Device}");
        Row("Identity", manifest.Identity().Sha256);
        bool isMerged = manifest.Parts.Count > 0;
        string first = isMerged ? $" (the first of {manifest.Parts.Count.ToString(CultureInfo.InvariantCulture)} parts)" : "";
        if (manifest.MeasuredBy.Length > 0)
            Row("Command", manifest.MeasuredBy + first);
        if (isMerged && manifest.Command.Length > 0)
            Row("Merged by", manifest.Command);
        return html.Append("</tbody></table>\n").ToString();

        void Row(string name, string value) => html.Append($"<tr><th>{name}</th><td>{Encode(value)}</td></tr>");
    }

    /// <summary>The table of the pictures that could not be measured.</summary>
    public static string Errors(ReportMaterial material)
    {
        var html = new StringBuilder("<table class=\"facts\"><tbody>");
        foreach (var failed in material.Errors)
            html.Append($"<tr><th>{Encode(failed.Picture)}</th><td>{Encode(failed.Error)}</td></tr>");
        html.Append("</tbody></table>");
        if (material.ErrorCount > material.Errors.Count)
        {
            html.Append(CultureInfo.InvariantCulture,
                $"<p class=\"note\">and {material.ErrorCount - material.Errors.Count} more; the column error of records.csv has all.</p>");
        }

        return html.ToString();
    }
}
