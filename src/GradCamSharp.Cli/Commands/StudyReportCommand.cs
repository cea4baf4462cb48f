using System.CommandLine;
using System.Globalization;
using GradCamSharp.Cli.CommandLine;
using GradCamSharp.Cli.Reporting;
using GradCamSharp.Evaluation;
using GradCamSharp.Output;
using GradCamSharp.Studies;
using GradCamSharp.Web.Studies;

namespace GradCamSharp.Cli.Commands;

/// <summary><c>gradcam study report</c>: the normalised scores, how sure they are, and how far people agree.</summary>
internal static class StudyReportCommand
{
    public static Command Create()
    {
        var folder = StudyCommand.Folder();
        var json = JsonOutput.Option("the report");
        var output = CommandOption.Output("FILE", "Also write the report as a page: one self-contained .html file.");
        var unit = CommandOption.Of<string>(
            "--bootstrap", "UNIT", "persons",
            "What is drawn anew for the 95 % intervals: persons (pictures and persons) or pictures (pictures alone).");
        var draws = CommandOption.Of<int>("--draws", "N", 10_000, "How many bootstrap draws, 100 to 1000000.");
        var seed = CommandOption.Of<long>("--seed", "S", 1, "The bootstrap's seed.");
        var command = new Command("report",
            "Measures a study's answers: scores, intervals, a sign test, agreement. The server may go on running.")
        {
            folder, json, output, unit, draws, seed,
        };
        command.SetRun((parsed, _) =>
        {
            if (parsed.GetValue(draws) is < 100 or > 1_000_000)
                throw new UsageException("--draws takes a number from 100 to 1000000.");
            var drawn = parsed.GetValue(unit) switch
            {
                "persons" => BootstrapUnit.PicturesAndPersons,
                "pictures" => BootstrapUnit.Pictures,
                var other => throw new UsageException($"--bootstrap takes persons or pictures, not '{other}'."),
            };
            string target = parsed.GetValue(folder)!;
            var study = Study.Load(target);
            if (!File.Exists(Path.Combine(target, AnswerStore.FileName)))
                throw new InvalidDataException(
                    $"'{target}' has no answers yet. `{Invoked.As} study serve {target}` shows the study to participants.");
            using var store = AnswerStore.Open(target, study);
            var report = StudyReport.Of(study, store.Preferences(), drawn, parsed.GetValue(draws), parsed.GetValue(seed));
            if (parsed.GetValue(output) is { } page)
                AtomicFile.Write(page, stream => StudyReportPage.Write(stream, report));
            if (parsed.GetValue(json))
                JsonOutput.Write(Console.Out, report.ToJson());
            else
                Print(report, parsed.GetValue(output));
            return CommandRun.Done;
        });
        return command;
    }

    private static void Print(StudyReport report, string? page)
    {
        var (a, b) = (report.Study.MethodA, report.Study.MethodB);
        var table = new TextTable("CLASS", ">PICTURES", $">{a}", "95 %", $">{b}", "95 %", ">same", "95 %", ">SIGN TEST", ">p", ">KAPPA",
            ">MEDIAN s");
        foreach (var result in report.Classes.Append(report.Total))
        {
            table.Add(result.Class ?? "all", Text($"{result.Pictures}"), Text($"{result.Scores.A:0.00}"), Text(result.Intervals.A),
                Text($"{result.Scores.B:0.00}"), Text(result.Intervals.B), Text($"{result.Scores.Same:0.00}"), Text(result.Intervals.Same),
                Text($"{result.Sign.A} : {result.Sign.B}"), StudyText.Probability(result.Sign.P), StudyText.Kappa(result.Agreement),
                Text($"{result.MedianSeconds:0.0}"));
        }

        table.Write(Console.Out);
        string shown = Counted.Of(report.Study.Pictures.Count, "picture"), answers = Counted.Of(report.Total.Answers, "answer");
        Console.Out.WriteLine(Text(
            $"{Counted.Of(report.Persons.Count, "person")}, {answers} on {report.Total.Pictures} of {shown}."));
        Console.Out.WriteLine(Text(
            $"95 %: bootstrap over {report.DrawnAnew}, {report.Bootstrap.Draws} draws, seed {report.Bootstrap.Seed}."));
        Console.Out.WriteLine("Sign test: over pictures.");
        if (page is not null)
            Console.Out.WriteLine(page);
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static string Text(Interval interval) => Text($"{interval.Low:0.00} .. {interval.High:0.00}");
}
