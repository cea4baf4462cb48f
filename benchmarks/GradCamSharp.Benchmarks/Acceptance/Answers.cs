using System.Diagnostics;
using System.Globalization;
using GradCamSharp.Studies;
using GradCamSharp.Web.Studies;

namespace GradCamSharp.Benchmarks.Acceptance;

/// <summary>What is lost of people's answers where <c>gradcam study serve</c> is killed while they answer.</summary>
internal static class Answers
{
    private const string Token = "acceptance";

    // In seconds.
    private const double Answering = 2;

    public static async Task<string> Measure(AcceptanceOptions options)
    {
        using var work = new WorkFolder();
        string folder = work["study"];
        Tool.Usual.Run(null, "study", "create", folder, "--images", Tool.DrawScenes(work["scenes"], 24), "--image-set", "trainval",
            "--model", "scenes-vgg", "--class-count", "2", "--per-class", "2");
        string[] serve = ["study", "serve", folder, "--token", Token, "--port", "0"];
        var clock = Stopwatch.StartNew();
        using (await Served.On(Tool.Usual.Start(null, serve)))
            clock.Stop();

        // Some kills fall into the start, most among answers.
        double span = clock.Elapsed.TotalSeconds + Answering;
        var random = new Random(1);
        var people = new StudyVisitors(Token, random);
        int listened = 0;
        for (int kill = 0; kill < options.Kills; kill++)
        {
            var process = Tool.Usual.Start(null, serve);
            var killing = Task.Delay(TimeSpan.FromSeconds(random.NextDouble() * span)).ContinueWith(_ => process.Kill());
            try
            {
                using var server = await Served.On(process);
                listened++;
                await people.AnswerUntilItEnds(server.Http);
                await killing;
            }
            catch (InvalidOperationException)
            {
                // Killed before it listened.
                await killing;
                process.WaitForExit();
                process.Dispose();
            }
        }

        var study = Study.Load(folder);
        using var store = AnswerStore.Open(folder, study);
        var (lost, changed, unknown) = people.Compare(store);
        using var report = Tool.Usual.Start(null, "study", "report", folder, "--json");
        await report.StandardOutput.ReadToEndAsync();
        await report.WaitForExitAsync();
        return string.Create(CultureInfo.InvariantCulture, $"""
            `gradcam study serve` is killed {options.Kills} times (`kill -9`) at moments drawn evenly over {span:0.0} s, of which it needs
            {clock.Elapsed.TotalSeconds:0.0} s until it listens, and started again. As long as it listens one person after the other is
            invited, agrees, answers four pictures as fast as the server does, and now and then takes an answer back. What was not
            acknowledged is sent again, as the page does. In the end the database is compared with what was acknowledged. Wanted:
            nothing lost.

            | what | figure |
            |---|---|
            | kills | {options.Kills} |
            | of these while people answered | {listened} |
            | people invited | {people.Invited} |
            | answers acknowledged | {people.Acknowledged} |
            | taken back | {people.TakenBack} |
            | sent again, as no acknowledgement came | {people.SentAgain} |
            | answers, agreements and invitations lost | {lost} |
            | answers that are others than was said | {changed} |
            | answers that nobody gave | {unknown} |
            | `gradcam study report` afterwards ends with | {report.ExitCode} |
            """);
    }
}
