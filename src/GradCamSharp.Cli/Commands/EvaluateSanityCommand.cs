using System.CommandLine;
using GradCamSharp.Cli.CommandLine;
using GradCamSharp.Cli.Evaluating;

namespace GradCamSharp.Cli.Commands;

/// <summary><c>gradcam evaluate sanity</c>: whether maps look at the trained network, at the class, and are steady.</summary>
internal static class EvaluateSanityCommand
{
    public static Command Create()
    {
        var command = new Command(
            "sanity",
            "Checks that maps look at the trained network and at the class asked for, and that they are steady. The baselines centre and " +
            "random stand beside the methods.");
        var job = new EvaluationJob(command, "gradcam++,gradcam");
        var metrics = CommandOption.Of<string>(
            "--metrics", "LIST", "mprt,random-logit,max-sensitivity,consistency", $"A comma list of {TrustMetrics.Sanity.Names}.");
        command.Options.Add(metrics);
        command.SetRun((parsed, cancellationToken) => job.Run(
            parsed, job.Trust(parsed, TrustMetrics.Sanity.Parse(EvaluationJob.List(parsed.GetValue(metrics)!))),
            includeDifficult: true, [], cancellationToken));
        return command;
    }
}
