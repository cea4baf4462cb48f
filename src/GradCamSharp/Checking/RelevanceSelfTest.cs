using GradCamSharp.Errors;
using GradCamSharp.Methods;
using GradCamSharp.Targets;

namespace GradCamSharp.Checking;

/// <summary>Whether relevance of one method adds up on a model.</summary>
/// <param name="Method">The method.</param>
/// <param name="Account">Where the score went; null where the method shares out a change of the score, or failed.</param>
/// <param name="Residual">Of a method that shares out a change: by how much its shares do not sum to it; else null.</param>
/// <param name="Note">What the method has to say of this model; null where it says nothing.</param>
/// <param name="Problem">Why there is no map; null where there is one.</param>
public sealed record RelevanceReport(
    ExplanationMethod Method, RelevanceAccount? Account, double? Residual, string? Note, string? Problem)
{
    /// <summary>Whether there is a map, and its account closes.</summary>
    public bool Ok => Problem is null;
}

/// <summary>Checks on the user's own model that methods of relevance have rules for it, and that their accounts close.</summary>
public static class RelevanceSelfTest
{
    /// <summary>Explains the most probable class of one input by each method.</summary>
    /// <param name="explainer">The model.</param>
    /// <param name="methods">The methods; those that share out nothing are reported without an account.</param>
    /// <param name="input">One input as the model takes it; null for seeded noise of mean 0 and standard deviation 1.</param>
    /// <param name="cancellationToken">Stops the check.</param>
    public static IReadOnlyList<RelevanceReport> Run(
        Explainer explainer, IReadOnlyList<ExplanationMethod> methods, ReadOnlyMemory<float>? input = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(explainer);
        ArgumentNullException.ThrowIfNull(methods);
        var shape = explainer.Input.Shape.With(0, explainer.Input.Shape[0].GetValueOrDefault(1));
        float[] values = input?.ToArray() ?? LineIntegral.Gaussian(new Random(Seed: 2), checked((int)shape.Size), 1);
        return [.. methods.Select(Report)];

        RelevanceReport Report(ExplanationMethod method)
        {
            try
            {
                var maps = explainer.Explain(values, shape, [method], [ClassRequest.Top1], cancellationToken).Maps[method];
                return new RelevanceReport(method, maps.Account(0, 0), maps.Residual(0, 0), maps.Note, null);
            }
            catch (ExplanationException e)
            {
                return new RelevanceReport(method, null, null, null, e.Message);
            }
        }
    }
}
