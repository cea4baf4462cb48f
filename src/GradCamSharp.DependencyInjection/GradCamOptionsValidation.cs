using Microsoft.Extensions.Options;

namespace GradCamSharp.DependencyInjection;

/// <summary>Finds what is wrong with options before a model is loaded; all of it at once.</summary>
internal sealed class GradCamOptionsValidation : IValidateOptions<GradCamOptions>
{
    public ValidateOptionsResult Validate(string? name, GradCamOptions options)
    {
        string service = string.IsNullOrEmpty(name) ? "GradCamOptions" : $"GradCamOptions '{name}'";
        var failures = new List<string>();
        if (string.IsNullOrWhiteSpace(options.ModelPath))
            failures.Add($"{service}: ModelPath is empty. Give the path of an .onnx file.");
        else if (!File.Exists(options.ModelPath))
            failures.Add($"{service}: there is no model file '{Path.GetFullPath(options.ModelPath)}'. Set ModelPath to an .onnx file.");
        if (options.Explainer is not { } explainer)
        {
            failures.Add($"{service}: Explainer is null. Leave it out for the defaults.");
            return ValidateOptionsResult.Fail(failures);
        }

        if (explainer.Threads is < 0 or > 1024)
            failures.Add($"{service}: Explainer.Threads is {explainer.Threads}; it takes 0 (one a core) to 1024.");
        if (explainer.KeptGraphs < 1)
            failures.Add($"{service}: Explainer.KeptGraphs is {explainer.KeptGraphs}; at least 1 graph is kept.");
        if (explainer.OpenInputSize.Width < 1 || explainer.OpenInputSize.Height < 1)
            failures.Add($"{service}: Explainer.OpenInputSize is {explainer.OpenInputSize}; a picture's side is at least 1 pixel.");
        return failures.Count > 0 ? ValidateOptionsResult.Fail(failures) : ValidateOptionsResult.Success;
    }
}
