using GradCamSharp.Methods;
using static GradCamSharp.Web.Hosting.RefusedException;

namespace GradCamSharp.Web.Serving;

/// <summary>What a request may set of a method: less than the library allows, whose callers pay for it themselves.</summary>
internal static class MethodBounds
{
    private const double MostRuns = 20_000;

    // A system of so many equations is solved for them.
    private const double MostParts = 1024;

    /// <summary>Refuses parameters that would keep everybody else waiting.</summary>
    /// <exception cref="Hosting.RefusedException">One is too large.</exception>
    public static void Check(ExplanationMethod method)
    {
        foreach (var parameter in method.Parameters)
        {
            double most = parameter.Name is "segments" or "cells" ? MostParts : MostRuns;
            double value = parameter.ValueOf(method) switch
            {
                long whole when parameter.Name != "seed" && parameter.Name != "baseline_seed" => whole,
                double number when parameter.IsWhole => number,
                long[] lengths when parameter.Name == "cells" =>
                    lengths is [var one] ? (double)one * one : lengths.Aggregate(1.0, (a, b) => a * b),
                _ => 0,
            };
            if (value > most)
            {
                throw BadRequest(FormattableString.Invariant(
                    $"'{method.Name}.{parameter.Name}' is {parameter.TextOf(method)}; this server takes at most {most}") +
                    (parameter.Name == "cells" ? " cells in all" : "") +
                    ". Use it outside of the server: on the command line, or in the library.");
            }
        }
    }
}
